"""The classifier of appeals: categories with their utility, urgency and term. Data of the city, not code."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from hotline.city.guides import ReadyAnswer, Step, read_ready_answers, read_steps
from hotline.city.questions import Question, read_questions
from hotline.city.search_terms import normalised
from hotline.city.terms import LONGEST_DAYS, Deadline, Term, Unit, soonest
from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.named import Named
from hotline.documents.reading import Fields, document_of, note_doubled

LONGEST_NAME = 120
"""Of a category: it is said on the telephone and stands in narrow columns."""
_MOST = {
    Unit.MINUTES: 24 * 60,
    Unit.HOURS: LONGEST_DAYS * 24,
    Unit.DAYS: LONGEST_DAYS,
    Unit.MONTHS: 1,
}
"""No term is longer than the law's 45 days (393/96, art. 20)."""
Scoped = TypeVar("Scoped", Question, Step, ReadyAnswer)
_NO_TERM = Term(0, Unit.DAYS)
_DIGITS = 6


class Urgency(StrEnum):
    """How soon somebody has to go there."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Utility(StrEnum):
    """A supply or service of buildings that can fail."""

    WATER = "water"
    HOT_WATER = "hot-water"
    HEAT = "heat"
    POWER = "power"
    GAS = "gas"
    LIFTS = "lifts"
    ROADS = "roads"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Named):
    """A group of questions by which appeals are counted (resolution 858/2008), such as 090."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Named):
    """One line of the classifier. `words` are further words that people say for it, in any form."""

    code: str
    utility: Utility
    urgency: Urgency
    term: Term
    words: str = ""
    section: str = ""
    """The code of its group; empty: among the rest."""
    acknowledge: Term | None = None
    """Within which the executor must say that they have it; None: as its urgency says."""
    interruption: bool = False
    """An applicant in this category is without the utility: many such reports may be an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """All categories of one version. `urgent` holds the terms that an urgency sets at most."""

    version: int
    categories: Mapping[str, Category]
    urgent: Mapping[Urgency, Term]
    acknowledge: Mapping[Urgency, Term]
    """The time within which an executor must acknowledge appeals of this urgency; None: there is no clock."""
    sections: Mapping[str, Section]
    emergency: str
    """The category of an emergency of which nothing more is known yet."""
    information_request: str = ""
    """The category of requests for public information, and of nothing else; empty in versions before it."""
    by_name: Mapping[str, str] = field(default_factory=dict)
    """The code of each category by its names in both languages and by itself, normalised."""
    questions: Sequence[Question] = ()
    steps: Sequence[Step] = ()
    ready_answers: Sequence[ReadyAnswer] = ()

    def by_section(self) -> Sequence[tuple[Section | None, Sequence[Category]]]:
        """All categories by the groups that they are counted in, those of the rest at the end."""
        groups = [*self.sections.values(), None]
        held = [
            (one, [has for has in self.categories.values() if self.section_of(has.code) is one])
            for one in groups
        ]
        return [(group, found) for group, found in held if found]

    def section_of(self, code: str) -> Section | None:
        """Give the group that the category is counted in; None for the rest and for an unknown code."""
        category = self.categories.get(code)
        return self.sections.get(category.section) if category else None

    def questions_of(self, code: str) -> Sequence[Question]:
        """Give the questions that are asked of this category; none of one that is not known."""
        return self._for(code, self.questions)

    def steps_of(self, code: str) -> Sequence[Step]:
        """Give the guide through a conversation about this category: what is said at once comes first."""
        return sorted(self._for(code, self.steps), key=lambda one: not one.at_once)

    def ready_answers_of(self, code: str) -> Sequence[ReadyAnswer]:
        return self._for(code, self.ready_answers)

    def _for(self, code: str, among: Sequence[Scoped]) -> Sequence[Scoped]:
        category = self.categories.get(code)
        return [one for one in among if one.scope.has(code, category.section)] if category else []

    def deadline(self, code: str, urgency: Urgency, received_at: datetime, zone: ZoneInfo) -> Deadline:
        """The category's own term, or the urgency's when that ends sooner."""
        terms = (self.categories[code].term, *(one for key, one in self.urgent.items() if key is urgency))
        return soonest(received_at, terms, zone)

    def acknowledgement(self, code: str, urgency: Urgency) -> timedelta | None:
        """Give how long an executor may leave it unacknowledged; None where no clock runs."""
        if urgency not in self.acknowledge:
            return None
        category = self.categories.get(code)
        term = (category.acknowledge if category else None) or self.acknowledge[urgency]
        return timedelta(**{term.unit.value: term.amount})


def read_classifier(text: str, version: int) -> Classifier:
    """Read a version; raises DocumentFaults."""
    document = document_of(text)
    sections = [(one, _section(one)) for one in document.rows("section", needed=False)]
    known = frozenset(one.code for _, one in sections)
    categories = [(one, _category(one, known)) for one in document.rows("category")]
    note_doubled(((row, one.code) for row, one in sections), "code")
    for name in ("code", "uk", "en"):
        note_doubled(((row, getattr(one, name)) for row, one in categories), name)
    by_code = {one.code: one for _, one in categories}
    emergency = _named(document, "emergency", by_code, needed=True)
    if emergency in by_code and by_code[emergency].urgency is not Urgency.EMERGENCY:
        document.note(Flaw.NOT_AN_EMERGENCY, "emergency", value=emergency)
    made = Classifier(
        version=version,
        categories=by_code,
        urgent=_by_urgency(document.table("urgent"), read_term),
        acknowledge=_by_urgency(document.table("acknowledge"), read_clock),
        sections={one.code: one for _, one in sections},
        emergency=emergency,
        information_request=_named(document, "information_request", by_code, needed=False),
        by_name=_by_name(by_code.values()),
        questions=read_questions(document, by_code, known),
        steps=read_steps(document, by_code, known),
        ready_answers=read_ready_answers(document, by_code, known),
    )
    document.end()
    return made


CLASSIFIERS = InForce(DocumentKind.CLASSIFIER, read_classifier)


def classifier(version: int | None = None) -> Classifier:
    """Give the version by which an appeal was registered; the one in force for None."""
    return CLASSIFIERS.get(version)


def last_known(code: str) -> Category | None:
    """Find the category as the newest version has it that has it at all: it may have gone since."""
    return ever_known().get(code)


def ever_known() -> Mapping[str, Category]:
    """Give the categories in force, then those that went: appeals of theirs are kept."""
    found = dict(classifier().categories)
    for _, version in sorted(CLASSIFIERS.held.versions.items(), reverse=True):
        found |= {code: one for code, one in version.categories.items() if code not in found}
    return found


def _section(row: Fields) -> Section:
    return Section(code=row.code(), uk=row.text("uk"), en=row.text("en"))


def _category(row: Fields, sections: Collection[str]) -> Category:
    made = Category(
        code=row.code(),
        uk=row.text("uk", longest=LONGEST_NAME),
        en=row.text("en", longest=LONGEST_NAME),
        utility=row.choice("utility", Utility),
        urgency=row.choice("urgency", Urgency),
        term=read_term(row, "term") or _NO_TERM,
        words=row.text("words", needed=False),
        section=row.text("section", needed=False),
        acknowledge=read_clock(row, "acknowledge", needed=False),
        interruption=row.yes("interruption", otherwise=False),
    )
    if made.section and made.section not in sections:
        row.note(Flaw.UNKNOWN_SECTION, "section", value=made.section)
    return made


def _named(document: Fields, field: str, categories: Collection[str], *, needed: bool) -> str:
    code = document.text(field, needed=needed)
    if code and code not in categories:
        document.note(Flaw.UNKNOWN_CATEGORY, field, value=code)
    return code


def _by_urgency(table: Fields, read: Callable[[Fields, str], Term | None]) -> Mapping[Urgency, Term]:
    terms = {one: read(table, one) for one in Urgency if one in table.keys()}  # noqa: SIM118 - in their order
    return {urgency: term for urgency, term in terms.items() if term}


def read_term(row: Fields, field: str, *, needed: bool = True) -> Term | None:
    """Read such as "15 days"; None for a fault, and where there is none."""
    text = row.text(field, needed=needed)
    if not text:
        return None
    amount, _, unit = text.partition(" ")
    if unit not in list(Unit) or not (amount.isascii() and amount.isdecimal() and len(amount) < _DIGITS):
        row.note(Flaw.NO_TERM, field, value=text)
        return None
    term = Term(int(amount), Unit(unit))
    if not 0 < term.amount <= _MOST[term.unit]:
        row.note(Flaw.TERM_TOO_LONG, field, value=text)
        return None
    return term


def read_clock(row: Fields, field: str, *, needed: bool = True) -> Term | None:
    """Read the time within which an executor must acknowledge: in minutes or hours."""
    term = read_term(row, field, needed=needed)
    if term and term.unit not in (Unit.MINUTES, Unit.HOURS):
        row.note(Flaw.NO_CLOCK, field, value=f"{term.amount} {term.unit}")
        return None
    return term


def _by_name(categories: Iterable[Category]) -> Mapping[str, str]:
    return {normalised(name): one.code for one in categories for name in (one.code, one.uk, one.en)}
