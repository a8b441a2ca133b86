"""The form by which a talk is assessed: data of the city, not code. A score keeps its version of the form."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.named import Named
from hotline.documents.reading import Fields, document_of, note_doubled

HEAVIEST = 100
_DAY_SECONDS = 86_400


class ScoreKind(StrEnum):
    """How a question is answered; every question can also be not applicable."""

    YES_NO = "yes-no"
    SCALE = "scale"
    """From 1, badly, to 5, as it should be."""


class Fact(StrEnum):
    """What the machine can tell of a talk by itself, as the answer to a question of the form."""

    NONE = "none"
    GREETING = "greeting"
    """The service or a greeting is named in the dispatcher's first words."""
    READ_BACK = "read-back"
    """The dispatcher says the street and the house of the appeal."""
    TERM_TOLD = "term-told"
    """The dispatcher says by when it will be done."""
    REGISTERED = "registered"
    """An appeal or a consultation was entered in the call."""
    KEPT = "kept"
    """Category and urgency of the appeal were not corrected later."""
    CONFIRMED = "confirmed"
    """The applicant confirmed that the work is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSection(Named):
    """A group of questions."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreQuestion(Named):
    """One question. `critical`: a “no”, or the lowest mark, fails the whole talk."""

    code: str
    section: str
    kind: ScoreKind
    weight: int
    critical: bool = False
    fact: Fact = Fact.NONE
    hint_uk: str = ""
    hint_en: str = ""

    def hint(self, language: str) -> str:
        return self.hint_en if language == "en" else self.hint_uk


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How many talks of a dispatcher and week are assessed, and by which signs; times are in seconds."""

    random: int
    """Drawn by lot."""
    by_signs: int
    """At most, besides those that were drawn."""
    silence: int
    """Nobody speaks for as long without a break."""
    talk_over: int
    """Both speak at once, in all."""
    short: int
    long: int
    repeat_days: int
    """The same number called within as many days before."""
    low_rating: int
    """The applicant's rating of the completed work, from 1 to 5; this one and those below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreForm:
    """One version, with the rules that go with it."""

    version: int
    passes: int
    """Per cent; from here on a talk passes."""
    dispute_days: int
    """How long the dispatcher may dispute a score."""
    sampling: Sampling
    sections: Mapping[str, ScoreSection]
    questions: Mapping[str, ScoreQuestion]

    def of_section(self, code: str) -> Sequence[ScoreQuestion]:
        return [one for one in self.questions.values() if one.section == code]


def read_score_form(text: str, version: int) -> ScoreForm:
    """Read a version; raises DocumentFaults."""
    document = document_of(text)
    sections = [(row, _section(row)) for row in document.rows("section")]
    known = frozenset(one.code for _, one in sections)
    questions = [(row, _question(row, known)) for row in document.rows("question")]
    note_doubled(((row, one.code) for row, one in sections), "code")
    for name in ("code", "uk", "en"):
        note_doubled(((row, getattr(one, name)) for row, one in questions), name)
    made = ScoreForm(
        version=version,
        passes=document.number("passes", 1, 100),
        dispute_days=document.number("dispute_days", 1, 60),
        sampling=_sampling(document.table("sampling")),
        sections={one.code: one for _, one in sections},
        questions={one.code: one for _, one in questions},
    )
    document.end()
    return made


SCORE_FORMS = InForce(DocumentKind.SCORE_FORM, read_score_form)


def score_form(version: int | None = None) -> ScoreForm:
    """Give the version by which a talk is assessed; the one in force for None."""
    return SCORE_FORMS.get(version)


def _section(row: Fields) -> ScoreSection:
    return ScoreSection(code=row.code(), uk=row.text("uk"), en=row.text("en"))


def _question(row: Fields, sections: Collection[str]) -> ScoreQuestion:
    made = ScoreQuestion(
        code=row.code(),
        section=row.text("section"),
        uk=row.text("uk"),
        en=row.text("en"),
        kind=row.choice("kind", ScoreKind),
        weight=row.number("weight", 1, HEAVIEST),
        critical=row.yes("critical", otherwise=False),
        fact=row.chosen("fact", Fact, row.text("fact", needed=False)),
        hint_uk=row.text("hint_uk", needed=False),
        hint_en=row.text("hint_en", needed=False),
    )
    if made.section and made.section not in sections:
        row.note(Flaw.UNKNOWN_SECTION, "section", value=made.section)
    return made


def _sampling(table: Fields) -> Sampling:
    return Sampling(
        random=table.number("random", 0, 50),
        by_signs=table.number("by_signs", 0, 50),
        silence=table.number("silence", 5, 600),
        talk_over=table.number("talk_over", 1, 600),
        short=table.number("short", 0, 600),
        long=table.number("long", 60, _DAY_SECONDS),
        repeat_days=table.number("repeat_days", 0, 30),
        low_rating=table.number("low_rating", 0, 5),
    )
