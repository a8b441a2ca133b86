"""The law's own terms of an appeal: its end by statute, and the end that no act may pass.

A city's term is its own promise: past it an appeal is overdue. A breach of law is measured by the statute
(law 393/96, art. 20): 15 days where nothing needs study, otherwise a month, at most 45 days in all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hotline.appeals.appeal import AppealKind
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency, classifier
from hotline.city.terms import LONGEST_DAYS, Deadline, Term, Unit, deadline

WITHOUT_STUDY = Term(15, Unit.DAYS)
WITH_STUDY = Term(1, Unit.MONTHS)
LONGEST = Term(LONGEST_DAYS, Unit.DAYS)


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


def term_anew(appeal: HasTerm, at: datetime, city: CityRules) -> Deadline:
    """Give the term that begins again at that moment: the category's, within what the law allows in all."""
    known = classifier(appeal.classifier)
    if appeal.category in known.categories:
        term = known.deadline(appeal.category, appeal.urgency, at, city.timezone)
    else:
        term = deadline(at, WITHOUT_STUDY, city.timezone)
    law = statute(appeal, city)
    return law.capped(city.settled(term)) if law else city.settled(term)


def amended_term(appeal: HasTerm, city: CityRules) -> Deadline | None:
    """Give the term that a correction makes necessary; None where the present one may stay."""
    law = statute(appeal, city)
    return law.longest if law and appeal.due_at and appeal.due_at > law.longest.due_at else None


def _needs_study(appeal: HasTerm) -> bool:
    """Whether a month is the law's term: the city itself gives the category more than the 15 days."""
    category = classifier(appeal.classifier).categories.get(appeal.category)
    if category is None:
        return True
    own = category.term
    return own.unit is Unit.MONTHS or (own.unit is Unit.DAYS and own.amount > WITHOUT_STUDY.amount)


def _end(term: Deadline) -> datetime:
    return term.due_at
