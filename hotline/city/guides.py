"""Guides of a conversation and ready answers, by category: what the classifier gives a dispatcher to say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hotline.city.scope import Scope, read_scope
from hotline.documents.blanks import blanks_in
from hotline.documents.faults import Flaw
from hotline.documents.named import Named
from hotline.documents.reading import Fields, note_doubled

LONGEST_NAME = 60
LONGEST_ANSWER = 300
BLANKS = ("number", "term", "executor", "address", "category")
"""What is filled into a ready answer, by its name in braces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Named):
    """One step of the guide through a conversation."""

    code: str
    scope: Scope
    at_once: bool = False
    """To be said to the citizen before anything is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAnswer(Named):
    """A text that is put into an answer or note; `uk` and `en` name it in a list."""

    code: str
    scope: Scope
    text_uk: str
    text_en: str

    def filled(self, language: str, values: Mapping[str, str]) -> str | None:
        """Fill in the blanks; None where one of them is not known yet."""
        text = self.text_en if language == "en" else self.text_uk
        wanted = blanks_in(text, BLANKS) or frozenset()
        if not all(values.get(one) for one in wanted):
            return None
        return text.format_map(values)


def read_steps(document: Fields, categories: Collection[str], sections: Collection[str]) -> Sequence[Step]:
    """Read the steps of all guides, in their order."""
    read = [
        (
            row,
            Step(
                code=row.code(),
                scope=read_scope(row, categories, sections),
                uk=row.text("uk"),
                en=row.text("en"),
                at_once=row.yes("at_once", otherwise=False),
            ),
        )
        for row in document.rows("step", needed=False)
    ]
    note_doubled(((row, one.code) for row, one in read), "code")
    return tuple(one for _, one in read)


def read_ready_answers(
    document: Fields, categories: Collection[str], sections: Collection[str]
) -> Sequence[ReadyAnswer]:
    """Read the ready answers; each blank is one that can be filled in."""
    read = [(row, _answer(row, categories, sections)) for row in document.rows("answer", needed=False)]
    note_doubled(((row, one.code) for row, one in read), "code")
    return tuple(one for _, one in read)


def _answer(row: Fields, categories: Collection[str], sections: Collection[str]) -> ReadyAnswer:
    made = ReadyAnswer(
        code=row.code(),
        scope=read_scope(row, categories, sections),
        uk=row.text("uk", longest=LONGEST_NAME),
        en=row.text("en", longest=LONGEST_NAME),
        text_uk=row.text("text_uk", longest=LONGEST_ANSWER),
        text_en=row.text("text_en", longest=LONGEST_ANSWER),
    )
    for field in ("text_uk", "text_en"):
        text = getattr(made, field)
        if blanks_in(text, BLANKS) is None:
            row.note(Flaw.WRONG_BLANK, field, value=text, known=", ".join(f"{{{one}}}" for one in BLANKS))
    return made
