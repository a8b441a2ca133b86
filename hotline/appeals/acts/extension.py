"""Extension of the term (law 393/96, art. 20): the executor asks, the head decides, the applicant is told."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hotline.appeals.acts.act import ActFault, Changes, Reasoned
from hotline.appeals.appeal import Appeal
from hotline.city.city_rules import CityRules
from hotline.city.terms import end_of, longest_extension
from hotline.errors import ForbiddenTransition


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension(Reasoned):
    """The executor asks for time until the end of that day."""

    name: ClassVar[str] = "ask-extension"
    until: date

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        _require_later(appeal, self.until, rules)

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"extension_wanted": self.until}

    def hidden(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Reasoned):
    """The head grants time until the end of that day, 45 days from the receipt at most (art. 20)."""

    name: ClassVar[str] = "extend"
    until: date

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        _require_later(appeal, self.until, rules)

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal
        term = end_of(self.until, rules.timezone)
        return {"due_on": term.due_on, "due_at": term.due_at, "extended": True, "extension_wanted": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseExtension(Reasoned):
    """The head refuses the extension."""

    name: ClassVar[str] = "refuse-extension"

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        if appeal.extension_wanted is None:
            raise ForbiddenTransition("No extension was asked for.")

    def changes(self, appeal: Appeal, rules: CityRules) -> Changes:
        del appeal, rules
        return {"extension_wanted": None}

    def hidden(self) -> bool:
        return True


def _require_later(appeal: Appeal, until: date, rules: CityRules) -> None:
    term, last = end_of(until, rules.timezone), longest_extension(appeal.registered_at, rules.timezone)
    if until < appeal.due_on or (appeal.due_at is not None and term.due_at <= appeal.due_at):
        now = f"{appeal.due_on:%d.%m.%Y}"
        raise ActFault("until", "Choose a day after %(day)s, which is its term now.", day=now)
    if until > last:
        end = f"{last:%d.%m.%Y}"
        raise ActFault("until", "The law allows 45 days in all: until %(day)s (393/96, art. 20).", day=end)
