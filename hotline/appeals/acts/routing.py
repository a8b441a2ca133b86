"""Acts that send an appeal somewhere: to an executor, back, to another authority, or rejected by law."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from hotline.appeals.acts.act import Act, ActFault, Changes, Reasoned, require_text
from hotline.appeals.appeal import Appeal, AppealKind, ResultKind, Subject
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
    """Forwards the appeal to the authority it belongs to, within 5 days; the applicant is told (art. 7)."""

    name: ClassVar[str] = "forward"
    to: str
    """The authority's name, as the applicant's notice has it."""

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        require_text("to", self.to)
        last = forward_until(appeal.registered_at, rules.timezone)
        if self.at.astimezone(rules.timezone).date() > last:
            raise ForbiddenTransition(
                "It could be forwarded until %(day)s (law 393/96, art. 7): now it is ours to answer.",
                day=f"{last:%d.%m.%Y}",
            )

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {**_NOBODY, "result": ResultKind.FORWARDED, "answer": self.reason.strip()}


class RejectionGround(StrEnum):
    """Why the law lets an appeal go unconsidered (law 393/96, art. 8)."""

    ANONYMOUS = "anonymous"
    RESOLVED_BEFORE = "resolved-before"
    """The same applicant again to the same body, on a question answered on its merits."""
    LATE_COMPLAINT = "late-complaint"
    """A complaint after the terms of art. 17."""
    INCAPABLE = "incapable"
    """The applicant is a person whom a court found incapable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Reasoned):
    """The head decides that it is not to be considered (law 393/96, art. 8)."""

    name: ClassVar[str] = "reject"
    ground: RejectionGround

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
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
        return {**_NOBODY, "result": ResultKind.NOT_CONSIDERED, "answer": self.reason.strip()}


def _require_nobodys(appeal: Appeal) -> None:
    if appeal.subject is not Subject.ANONYMOUS:
        raise ActFault("ground", "It is known who it is from: it is not anonymous.")
    if appeal.kind is AppealKind.REPORT or appeal.urgency is Urgency.EMERGENCY:
        raise ActFault("ground", "A report of a fault may be anonymous: somebody has to go there.")
