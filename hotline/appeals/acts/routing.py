"""Acts that send an appeal somewhere: to an executor, back, to another authority, or rejected by law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from hotline.appeals.acts.act import Act, ActFault, Changes, Reasoned, require_text
from hotline.appeals.appeal import Appeal, AppealKind, AppealState, ResultKind, Subject
from hotline.appeals.statute import statute
from hotline.city.city_rules import CityRules
from hotline.city.classifier import Urgency
from hotline.city.terms import forward_until
from hotline.errors import ForbiddenTransition

_NOBODY: Changes = {"executor_id": None, "assignee_id": None, "extension_wanted": None, "question": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Act):
    """A rule or a dispatcher gives it to an enterprise; `rule_id` names the rule."""

    name: ClassVar[str] = "assign"
    executor_id: int
    rule_id: int | None = None
    reason: str = ""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {**_NOBODY, "executor_id": self.executor_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBack(Reasoned):
    """The enterprise hands the appeal back as not its own; it returns to the dispatchers' list."""

    name: ClassVar[str] = "hand-back"

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return _NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Act):
    """Takes a disputed appeal from an executor that is closed; a rule or a person assigns it anew."""

    name: ClassVar[str] = "release"

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return _NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward(Reasoned):
    """Forwards the appeal to the authority it belongs to, within 5 days; the applicant is told (art. 7).

    A request for information goes to its proper holder within the term of its answer (law 2939-VI, art. 22).
    """

    name: ClassVar[str] = "forward"
    to: str
    """The authority's name, as the applicant's notice has it."""

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        require_text("to", self.to)
        last = forwarded_until(appeal, rules)
        if self.at.astimezone(rules.timezone).date() > last:
            raise ForbiddenTransition(
                "It could be forwarded until %(day)s: now it is ours to answer.",
                day=f"{last:%d.%m.%Y}",
            )

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {**_NOBODY, "result": ResultKind.FORWARDED, "answer": self.reason.strip()}


class RejectionGround(StrEnum):
    """Grounds to leave an appeal unconsidered (393/96, art. 8) or to refuse a request (2939-VI, art. 22)."""

    ANONYMOUS = "anonymous"
    RESOLVED_BEFORE = "resolved-before"
    """The same applicant again to the same body, on a question answered on its merits."""
    LATE_COMPLAINT = "late-complaint"
    """A complaint after the terms of art. 17."""
    INCAPABLE = "incapable"
    """The applicant is a person whom a court found incapable."""
    NOT_HELD = "not-held"
    """The city neither holds the information nor has to, and nobody knows who does."""
    RESTRICTED = "restricted"
    """Access to it is restricted by law."""
    UNPAID = "unpaid"
    """The costs of copying were not paid (art. 21)."""
    INCOMPLETE = "incomplete"
    """It lacks what art. 19, part 5 demands: who asks, how to answer, which information."""


OF_REQUESTS = frozenset(
    {
        RejectionGround.NOT_HELD,
        RejectionGround.RESTRICTED,
        RejectionGround.UNPAID,
        RejectionGround.INCOMPLETE,
    }
)
"""Grounds to refuse a request for information; there are no others, and no appeal is left for these."""


def grounds_for(kind: AppealKind) -> Sequence[RejectionGround]:
    """List the grounds that the law has for this kind."""
    request = kind is AppealKind.INFORMATION_REQUEST
    return [one for one in RejectionGround if (one in OF_REQUESTS) is request]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Reasoned):
    """The head decides by law that it is not to be considered; of a request, that it is refused."""

    name: ClassVar[str] = "reject"
    ground: RejectionGround

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        if appeal.state is AppealState.IN_WORK and appeal.kind is not AppealKind.INFORMATION_REQUEST:
            raise ForbiddenTransition("Work on it has begun: it has to be answered on its merits.")
        if self.ground not in grounds_for(appeal.kind):
            raise ActFault("ground", "Choose a ground that the law has for this kind.")
        match self.ground:
            case RejectionGround.ANONYMOUS:
                _require_nobodys(appeal)
            case RejectionGround.RESOLVED_BEFORE if appeal.earlier is None:
                raise ActFault("ground", "Name the appeal that was resolved before: correct this one first.")
            case RejectionGround.LATE_COMPLAINT if appeal.kind is not AppealKind.COMPLAINT:
                raise ActFault("ground", "Only a complaint can be late.")
            case _:
                pass

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        refused = self.ground in OF_REQUESTS
        result = ResultKind.REFUSED if refused else ResultKind.NOT_CONSIDERED
        return {**_NOBODY, "result": result, "answer": self.reason.strip()}


def forwarded_until(appeal: Appeal, rules: CityRules) -> date:
    """Give the last day on which it can be forwarded."""
    law = statute(appeal, rules)
    if law and appeal.kind is AppealKind.INFORMATION_REQUEST:
        return law.ends.due_on
    return forward_until(appeal.registered_at, rules.timezone)


def _require_nobodys(appeal: Appeal) -> None:
    if appeal.subject is not Subject.ANONYMOUS:
        raise ActFault("ground", "It is known who it is from: it is not anonymous.")
    if appeal.kind is AppealKind.REPORT or appeal.urgency is Urgency.EMERGENCY:
        raise ActFault("ground", "A report of a fault may be anonymous: somebody has to go there.")
