"""Extension of the term (law 393/96, art. 20): the executor asks, the head decides, the applicant is told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from hotline.appeals.acts.act import ActFault, Changes, Reasoned
from hotline.appeals.appeal import Appeal, AppealKind
from hotline.appeals.statute import longest_of, statute
from hotline.city.city_rules import CityRules
from hotline.city.terms import end_of
from hotline.errors import ForbiddenTransition


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension(Reasoned):
    """The executor asks for time until the end of that day."""

    name: ClassVar[str] = "ask-extension"
    until: date

    def check(self, appeal: Appeal, rules: CityRules) -> None:
        Reasoned.check(self, appeal, rules)
        _require_allowed(appeal, self.until, self.at, rules)

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
        _require_allowed(appeal, self.until, self.at, rules)

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


def extension_days(appeal: Appeal, at: datetime, city: CityRules) -> tuple[date, date] | None:
    """Give the first and the last day until which there can be more time; None when there can be none.

    More time is granted before the term ends (art. 20): afterwards it would hide that it was not kept. The
    author of a request for information is told within its first term, so that it is extended once.
    """
    if _too_late(appeal, at, city):
        return None
    zone = city.timezone
    lasts_all_day = appeal.due_at is None or end_of(appeal.due_on, zone).due_at <= appeal.due_at
    later = appeal.due_on + timedelta(days=1 if lasts_all_day else 0)
    first, last = max(later, at.astimezone(zone).date()), longest_of(appeal, city).due_on
    return (first, last) if first <= last else None


def _require_allowed(appeal: Appeal, until: date, at: datetime, rules: CityRules) -> None:
    if _too_late(appeal, at, rules):
        raise ActFault("until", "The term has ended: more time could be given only before (art. 20).")
    days, last = extension_days(appeal, at, rules), longest_of(appeal, rules).due_on
    if days is None:
        raise ActFault("until", "The law allows no more time than until %(last)s.", last=f"{last:%d.%m.%Y}")
    if not days[0] <= until <= days[1]:
        raise ActFault(
            "until",
            "Choose a day from %(first)s to %(last)s: the law allows no more.",
            first=f"{days[0]:%d.%m.%Y}",
            last=f"{last:%d.%m.%Y}",
        )


def _too_late(appeal: Appeal, at: datetime, city: CityRules) -> bool:
    ends = [appeal.due_at] if appeal.due_at else []
    if appeal.kind is AppealKind.INFORMATION_REQUEST and (law := statute(appeal, city)):
        ends.append(law.ends.due_at)
    return any(at >= end for end in ends)
