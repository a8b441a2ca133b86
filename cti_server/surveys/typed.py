"""A form of questions as it was typed: read from a page, and written there again."""

from collections.abc import Iterator
from dataclasses import replace

from multidict import MultiMapping

from hotline.surveys.forms import Form, Meaning, Question, QuestionKind, Road

MOST_QUESTIONS = 30
MOST_ROADS = 14
LONGEST_NAME = 40
LONGEST_TEXT = 2000
LONGEST_NUMBER = 9


def read_form(typed: MultiMapping[object]) -> Form:
    """Take the fields `NUMBER-…` of each question as a browser sends them; those marked `gone` are left out.

    Rows of keys in which nothing was typed are none.
    """
    return Form(questions=tuple(_questions(typed)))


def with_another(form: Form) -> Form:
    """Add an empty question at the end."""
    return replace(form, questions=(*form.questions, Question(id="", kind=QuestionKind.KEYS, uk="", en="")))


def whole(text: str) -> int | None:
    """Read a whole number that a database can hold; None for other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _questions(typed: MultiMapping[object]) -> Iterator[Question]:
    for number in range(MOST_QUESTIONS):
        if f"{number}-name" in typed and f"{number}-gone" not in typed:
            yield _question(typed, number)


def _question(typed: MultiMapping[object], number: int) -> Question:
    def one(field: str, longest: int = LONGEST_TEXT) -> str:
        return " ".join(str(typed.get(f"{number}-{field}", ""))[:longest].split())

    kind, most = one("kind"), one("most")
    known = QuestionKind(kind) if kind in set(QuestionKind) else QuestionKind.KEYS
    return Question(
        id=one("name", LONGEST_NAME).replace(" ", "-"),
        kind=known,
        uk=one("uk"),
        en=one("en"),
        roads=tuple(_roads(typed, number)) if known in {QuestionKind.KEYS, QuestionKind.RATING} else (),
        to=one("to", LONGEST_NAME) if known not in {QuestionKind.KEYS, QuestionKind.END} else "",
        most=(whole(most) or 0) if known is QuestionKind.DIGITS else 0,
    )


def _roads(typed: MultiMapping[object], number: int) -> Iterator[Road]:
    for place in range(MOST_ROADS):
        key, to, means = (
            str(typed.get(f"{number}-{field}-{place}", "")).strip()[:LONGEST_NAME]
            for field in ("key", "to", "means")
        )
        if key or to or means:
            yield Road(key=key, to=to, means=Meaning(means) if means in set(Meaning) else None)
