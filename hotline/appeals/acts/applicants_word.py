"""Whether it was really done: the applicant is asked, and only their word closes it (regulation 3.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from hotline.appeals.acts.act import Act, ActFault, Changes, Reasoned, require_text
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.statute import later_term
from hotline.city.city_rules import CityRules
from hotline.errors import ForbiddenTransition

MOST_NOES_BACK = 3
"""The times an applicant may take a "no" back: at each the enterprise gets a message, perhaps a paid one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginCheck(Act):
    """The applicant is being asked: by an automatic call, a dispatcher, a letter."""

    name: ClassVar[str] = "begin-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptInVain(Act):
    """The applicant could not be asked this time: busy, no answer, a wrong person, silence."""

    name: ClassVar[str] = "attempt-in-vain"
    outcome: str
    call_id: str = ""
    """The automatic call in which it was tried; empty for a person's try."""
    last: bool | None = None
    """The hotline stops trying: repeated refusals, a number not in use, or a stranger's number."""

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        tried = appeal.attempts + 1
        return {"attempts": max(tried, rules.check_attempts) if self.last else tried}

    def said(self) -> str:
        return self.outcome

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ByApplicant(Act):
    """An act by the applicant's own word; a user may have taken it down, and its source is on record."""

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        del appeal, rules
        if not self.by.source:
            raise ActFault("source", "Say how the applicant's word came: the call, the letter.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode(Act):
    """A caller typed a code that is not the appeal's: they gave no word, and a few more end the trying."""

    name: ClassVar[str] = "wrong-code"
    call_id: str

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(ByApplicant):
    """The applicant says that it is done; `rating` from 1 to 5 if they gave one."""

    name: ClassVar[str] = "confirm"
    rating: int | None = None
    reason: str = ""
    """The applicant's reason in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClosing(Reasoned):
    """The head has looked at how it was closed, and says what they found; what is wrong is reopened."""

    name: ClassVar[str] = "review-closing"

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(ByApplicant):
    """The applicant says that it is not done: a clock runs for the executor again."""

    name: ClassVar[str] = "dispute"
    reason: str = ""
    remark: str = ""
    """The voice message in which the applicant said what is wrong."""

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        ByApplicant.check(self, appeal, rules)
        since = appeal.state_since or appeal.registered_at
        if appeal.state is AppealState.CLOSED and self.at > since + rules.dispute_within:
            raise ForbiddenTransition(
                "Confirmed more than %(days)s days ago: register a repeated appeal.",
                days=rules.dispute_within.days,
            )

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        """Give the executor the category's term again within the law's, or what was left if that is more."""
        return {"attempts": 0, **later_term(appeal, self.at, rules)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNoBack(ByApplicant):
    """The applicant takes their "no" back: only soon, and before work on it has begun anew."""

    name: ClassVar[str] = "take-no-back"

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        ByApplicant.check(self, appeal, rules)
        if no_back_until(appeal, self.at, rules) is None:
            raise ForbiddenTransition(
                "Taken down more than %(hours)s hours ago: it stays.",
                hours=int(rules.no_back_within / timedelta(hours=1)),
            )


def no_back_until(appeal: Appeal, at: datetime, rules: CityRules) -> datetime | None:
    """Give the last moment in which the "no" to it can be taken back; None when it cannot any more."""
    until = (appeal.state_since or appeal.registered_at) + rules.no_back_within
    return until if appeal.state is AppealState.DISPUTED and at <= until else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(ByApplicant):
    """The applicant takes it back, at any time before it has ended."""

    name: ClassVar[str] = "withdraw"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUnconfirmed(Reasoned):
    """A dispatcher closes what could not be checked: with a reason, once the attempts are spent."""

    name: ClassVar[str] = "close-unconfirmed"

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        require_text("reason", self.reason)
        if appeal.attempts < rules.check_attempts:
            left = rules.check_attempts - appeal.attempts
            raise ForbiddenTransition(
                "The applicant has to be asked first; attempts that are left: %(left)s.", left=left
            )
