"""Questions that are asked of a category, as the classifier has them, and details: what was answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotline.city.scope import Scope, read_scope
from hotline.documents.faults import Flaw
from hotline.documents.named import Named
from hotline.documents.reading import Fields, note_doubled

LONGEST_QUESTION = 160
LONGEST_ANSWER = 500
_DAY, _MOMENT = "%d.%m.%Y", "%d.%m.%Y %H:%M"
_DIVIDERS = frozenset(",;")
"""Signs between options where they stand in one cell, of a table or a file."""
YES_NO_WORDS = {
    "yes": {"uk": "так", "en": "yes"},
    "no": {"uk": "ні", "en": "no"},
    "unknown": {"uk": "невідомо", "en": "not known"},
}


class Asks(StrEnum):
    """What a question asks for, and so how its answer is kept."""

    TEXT = "text"
    CHOICE = "choice"
    """The Ukrainian words of one of its options."""
    NUMBER = "number"
    """Digits, with a point before a fraction."""
    YES_NO = "yes-no"
    """`yes`, `no`, or `unknown`: the applicant was asked and does not know."""
    MOMENT = "moment"
    """A moment of UTC in ISO 8601, or a day where the hour is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Named):
    """One of the answers among which a question lets choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Named):
    """One question of the classifier."""

    code: str
    scope: Scope
    asks: Asks
    options: Sequence[Option] = ()
    needed: bool = False
    """A dispatcher has to ask it before they register the appeal."""

    def answered(self, answer: str) -> "Detail":
        """Make the detail of an answer that is written as the question's kind is kept."""
        option = next((one for one in self.options if one.uk == answer), None)
        return Detail(
            code=self.code,
            uk=self.uk,
            en=self.en,
            asks=self.asks,
            answer=answer,
            answer_en=option.en if option else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail(Named):
    """An answer with the words of its question as they were then: the classifier may have others since."""

    code: str
    asks: Asks
    answer: str
    answer_en: str = ""
    """The English words of a chosen option."""

    def said(self, language: str, zone: ZoneInfo) -> str:
        """Write the answer for people; moments are the city's."""
        match self.asks:
            case Asks.YES_NO:
                return YES_NO_WORDS[self.answer][language]
            case Asks.CHOICE if language == "en":
                return self.answer_en or self.answer
            case Asks.MOMENT if "T" in self.answer:
                return datetime.fromisoformat(self.answer).astimezone(zone).strftime(_MOMENT)
            case Asks.MOMENT:
                return date.fromisoformat(self.answer).strftime(_DAY)
            case Asks.NUMBER if language == "uk":
                return self.answer.replace(".", ",")
            case _:
                return self.answer


def still_asked(details: Sequence[Detail], questions: Sequence[Question]) -> tuple[Detail, ...]:
    """Give the answers that these questions ask for too, in the order of the questions."""
    by_code = {one.code: one for one in details}
    return tuple(by_code[one.code] for one in questions if one.code in by_code)


def read_questions(
    document: Fields, categories: Collection[str], sections: Collection[str]
) -> Sequence[Question]:
    """Read the questions of a classifier, in the order in which they are asked."""
    read = [(row, _question(row, categories, sections)) for row in document.rows("question", needed=False)]
    note_doubled(((row, one.code) for row, one in read), "code")
    return tuple(one for _, one in read)


def _question(row: Fields, categories: Collection[str], sections: Collection[str]) -> Question:
    code, asks = row.code(), row.choice("asks", Asks)
    return Question(
        code=code,
        scope=read_scope(row, categories, sections),
        uk=row.text("uk", longest=LONGEST_QUESTION),
        en=row.text("en", longest=LONGEST_QUESTION),
        asks=asks,
        options=_options(row, needed=asks is Asks.CHOICE),
        needed=row.yes("needed", otherwise=False),
    )


def _options(row: Fields, *, needed: bool) -> Sequence[Option]:
    """Read the options: as many in each language; a question of another kind has none."""
    uk, en = (row.texts(one, needed=needed) for one in ("options_uk", "options_en"))
    for field, options in (("options_uk", uk), ("options_en", en)):
        for one in options:
            if not _DIVIDERS.isdisjoint(one):
                row.note(Flaw.HAS_COMMA, field, value=one)
    if len(uk) != len(en):
        row.note(Flaw.NOT_PAIRED, "options_en", value=len(en), other=len(uk))
    elif uk and not needed:
        row.note(Flaw.NO_OPTIONS, "options_uk")
    return tuple(Option(uk=ours, en=theirs) for ours, theirs in zip(uk, en, strict=False))
