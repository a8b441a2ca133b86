"""The law's own terms of an appeal: its end by statute, and the end that no act may pass.

A city's term is its own promise: past it an appeal is overdue. A breach of law is measured by the statute
(law 393/96, art. 20): 15 days where nothing needs study, otherwise a month, at most 45 days in all. A request
for public information has terms of its own (law 2939-VI, art. 20): 5 working days, or 48 hours for what
protects life, liberty and safety; at most 20 working days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import AppealKind
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency, classifier
from hotline.city.days_off import DAYS_OFF, DaysOff, days_off
from hotline.city.terms import LONGEST_DAYS, Deadline, Term, Unit, deadline, end_of

WITHOUT_STUDY = Term(15, Unit.DAYS)
WITH_STUDY = Term(1, Unit.MONTHS)
LONGEST = Term(LONGEST_DAYS, Unit.DAYS)
REQUEST_DAYS = 5
"""Working days within which a request is answered, or extended with a notice to its author."""
LONGEST_REQUEST_DAYS = 20
URGENT_REQUEST = Term(48, Unit.HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """The terms of one appeal by law: `ends` without an extension, `longest` with all that can be granted."""

    ends: Deadline
    longest: Deadline

    def capped(self, term: Deadline) -> Deadline:
        """Give the term, or the longest where it would pass that."""
        return min(term, self.longest, key=_end)


class HasTerm(Protocol):
    """An appeal as far as the law's terms go: one that is registered, or is being registered."""

    @property
    def kind(self) -> AppealKind: ...
    @property
    def category(self) -> str: ...
    @property
    def classifier(self) -> int: ...
    @property
    def urgency(self) -> Urgency: ...
    @property
    def registered_at(self) -> datetime: ...
    @property
    def due_on(self) -> date: ...
    @property
    def due_at(self) -> datetime | None: ...


def statute(appeal: HasTerm, city: CityRules) -> Statute | None:
    """Give the terms of the law for it; None for a report of a fault, whose term is the city's alone."""
    if appeal.kind is AppealKind.REPORT:
        return None
    received_at, zone = appeal.registered_at, city.timezone
    if appeal.kind is AppealKind.INFORMATION_REQUEST:
        return Statute(
            ends=_answer_to_request(appeal.urgency, received_at, zone),
            longest=_working_days(received_at, LONGEST_REQUEST_DAYS, zone),
        )
    term = WITH_STUDY if _needs_study(appeal) else WITHOUT_STUDY
    return Statute(
        ends=city.settled(deadline(received_at, term, zone)), longest=deadline(received_at, LONGEST, zone)
    )


def longest_of(appeal: HasTerm, city: CityRules) -> Deadline:
    """Give the end that no extension may pass; of a report as of an application."""
    law = statute(appeal, city)
    return law.longest if law else deadline(appeal.registered_at, LONGEST, city.timezone)


def law_end(appeal: HasTerm, city: CityRules) -> Deadline | None:
    """Give the term after which the law is broken; None where no law sets one.

    It is the statute's, or the appeal's own where that was lawfully moved further: extended, or given anew
    after a dispute.
    """
    law = statute(appeal, city)
    if law is None:
        return None
    if appeal.due_at is None:
        return law.ends
    told = Deadline(due_on=appeal.due_on, due_at=appeal.due_at)
    return law.capped(max(law.ends, told, key=_end))


def first_term(
    kind: AppealKind,
    category: str,
    urgency: Urgency,
    at: datetime,
    zone: ZoneInfo,
    *,
    version: int | None = None,
) -> Deadline:
    """Give the term of one that is received now: the category's, or what the law sets for a request."""
    if kind is AppealKind.INFORMATION_REQUEST:
        return _answer_to_request(urgency, at, zone)
    known = classifier(version)
    if category in known.categories:
        return known.deadline(category, urgency, at, zone)
    return deadline(at, WITHOUT_STUDY, zone)


def term_anew(appeal: HasTerm, at: datetime, city: CityRules) -> Deadline:
    """Give the term that begins again at that moment, within what the law allows in all."""
    term = first_term(
        appeal.kind, appeal.category, appeal.urgency, at, city.timezone, version=appeal.classifier
    )
    law = statute(appeal, city)
    return law.capped(city.settled(term)) if law else city.settled(term)


def later_term(appeal: HasTerm, at: datetime, city: CityRules) -> Mapping[str, date | datetime]:
    """Give the fields of the term that begins again, where it ends later than the one that there is."""
    term = term_anew(appeal, at, city)
    if appeal.due_at is not None and term.due_at <= appeal.due_at:
        return {}
    return {"due_on": max(term.due_on, appeal.due_on), "due_at": term.due_at}


def amended_term(appeal: HasTerm, city: CityRules, *, extended: bool) -> Deadline | None:
    """Give the term that a correction makes necessary; None where the present one may stay."""
    law = statute(appeal, city)
    if law is None or appeal.due_at is None:
        return None
    most = law.ends if appeal.kind is AppealKind.INFORMATION_REQUEST and not extended else law.longest
    return most if appeal.due_at > most.due_at else None


def recounted(appeal: HasTerm, city: CityRules, before: DaysOff, after: DaysOff) -> Deadline | None:
    """Give the term where it ends on another day once the days off are others; else None.

    A term that people gave, or that began anew, is not counted again: somebody was told its day.
    """
    if _counted(appeal, city, before).due_at != appeal.due_at:
        return None
    with DAYS_OFF.supposing(after):
        then = min(_counted(appeal, city, after), longest_of(appeal, city), key=_end)
    return then if then.due_at != appeal.due_at else None


def _counted(appeal: HasTerm, city: CityRules, days: DaysOff) -> Deadline:
    """Count the term from the receipt, as at the registration."""
    known = (appeal.kind, appeal.category, appeal.urgency, appeal.registered_at, city.timezone)
    with DAYS_OFF.supposing(days):
        return city.settled(first_term(*known, version=appeal.classifier))


def _needs_study(appeal: HasTerm) -> bool:
    """Tell whether a month is the law's term: the city itself gives the category more than the 15 days."""
    category = classifier(appeal.classifier).categories.get(appeal.category)
    if category is None:
        return True
    own = category.term
    return own.unit is Unit.MONTHS or (own.unit is Unit.DAYS and own.amount > WITHOUT_STUDY.amount)


def _answer_to_request(urgency: Urgency, received_at: datetime, zone: ZoneInfo) -> Deadline:
    """Give the term of law 2939-VI, art. 20: an urgent request has its 48 hours by the clock."""
    if urgency is Urgency.ORDINARY:
        return _working_days(received_at, REQUEST_DAYS, zone)
    return deadline(received_at, URGENT_REQUEST, zone)


def _working_days(received_at: datetime, amount: int, zone: ZoneInfo) -> Deadline:
    return end_of(days_off().working_days_after(received_at.astimezone(zone).date(), amount), zone)


def _end(term: Deadline) -> datetime:
    return term.due_at
