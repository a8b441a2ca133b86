"""Who gets an appeal: category × address × time → executor, as ordered data that the head edits."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.appeals.appeal import AppealKind
from hotline.city.addresses import Area
from hotline.city.classifier import Urgency, Utility
from hotline.city.days_off import DaysOff
from hotline.enterprises.executors import ALWAYS, ContactHours

ANY_MORE = "*"


class OnDays(StrEnum):
    """Whether a rule holds on days off (weekends and holidays)."""

    ALL = "all"
    WORKING = "working"
    OFF = "off"


class Misfit(StrEnum):
    """Why a rule does not fit."""

    OFF = "off"
    """It is switched off."""
    CLOSED = "closed"
    """Its executor takes no appeals any more."""
    CATEGORY = "category"
    ADDRESS = "address"
    HOURS = "hours"
    DAY = "day"
    """It holds on working days only, or on days off only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Whatever is empty asks for nothing; the lowest `order` that fits wins.

    `categories` are codes of the classifier, or beginnings of codes with `*` behind (`water-*`). `utilities`
    fit as well: a rule holds for a category that one of the two names.
    """

    id: int = 0
    order: int
    executor_id: int
    categories: tuple[str, ...] = ()
    utilities: tuple[Utility, ...] = ()
    areas: tuple[Area, ...] = ()
    hours: ContactHours = ALWAYS
    on_days: OnDays = OnDays.ALL
    active: bool = True
    note: str = ""

    def fits(self, asked: "RoutingCase", days: DaysOff) -> bool:
        return self.misfit(asked, days) is None

    def misfit(self, asked: "RoutingCase", days: DaysOff) -> Misfit | None:
        """Say why it does not fit, in the order in which people think; None: it does."""
        if not self.active:
            return Misfit.OFF
        if not self.takes(asked.category, asked.utility):
            return Misfit.CATEGORY
        if self.areas and not any(one.holds(asked.address) for one in self.areas):
            return Misfit.ADDRESS
        if not self._fits_day(asked, days):
            return Misfit.DAY
        return None if self.hours.hold(asked.local) else Misfit.HOURS

    def takes(self, category: str, utility: Utility | None) -> bool:
        """Whether it is for this category, wherever and whenever."""
        if not self.categories and not self.utilities:
            return True
        return utility in self.utilities or any(_names(one, category) for one in self.categories)

    def _fits_day(self, asked: "RoutingCase", days: DaysOff) -> bool:
        off = days.is_off(asked.local.date())
        return self.on_days is OnDays.ALL or off is (self.on_days is OnDays.OFF)


def _names(code: str, category: str) -> bool:
    if code.endswith(ANY_MORE):
        return category.startswith(code.removesuffix(ANY_MORE))
    return category == code


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingCase:
    """Of what one asks who gets it. `local` is the moment in the city's time."""

    category: str
    utility: Utility | None
    address: str
    local: datetime
    kind: AppealKind = AppealKind.APPLICATION
    urgency: Urgency = Urgency.ORDINARY

    @property
    def for_people(self) -> bool:
        """Whether no rule may give it away.

        A complaint must not go to the very enterprise that it is about (law 393/96, art. 7), which no rule
        can know; in an emergency somebody has to go there all the same.
        """
        return self.kind is AppealKind.COMPLAINT and self.urgency is not Urgency.EMERGENCY


@dataclass(frozen=True, slots=True)
class Routed:
    """The rule that gives it to its executor."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Unrouted:
    """No rule fits: a person assigns it. `rules` is how many were tried."""

    rules: int
    complaint: bool = False
    """It is a complaint, and no rule was asked."""


def who_gets(rules: Sequence[Rule], asked: RoutingCase, days: DaysOff) -> Routed | Unrouted:
    """Give the first rule that fits; the same for what is registered and for "who would get this?".

    `rules` may come in any order and name only executors that are active.
    """
    if asked.for_people:
        return Unrouted(0, complaint=True)
    for rule in in_order(rules):
        if rule.fits(asked, days):
            return Routed(rule)
    return Unrouted(len(rules))


def in_order(rules: Iterable[Rule]) -> Sequence[Rule]:
    """Give the rules as they are asked."""
    return sorted(rules, key=lambda one: (one.order, one.id))


def revision(rules: Iterable[Rule]) -> str:
    """Name this very set of rules: whoever changes it says which one they saw."""
    seen = "\n".join(
        repr((replace(one, hours=replace(one.hours, days=frozenset())), sorted(one.hours.days)))
        for one in in_order(rules)
    )
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


class Rules(Protocol):
    """The rules as kept; a change holds for what is registered after it."""

    async def all(self) -> Sequence[Rule]:
        """List every rule, also those of executors that are closed, in their order."""
        ...

    async def add(self, rule: Rule) -> Rule:
        """Keep a new rule; raises NotFound for an unknown executor."""
        ...

    async def replace(self, rules: Sequence[Rule], *, seen: str) -> Sequence[Rule]:
        """Keep exactly these, in this order; with id 0 they are new. Gives them as kept.

        `seen` is the `revision` that whoever changes them saw: raises Outdated when they are others by now,
        NotFound for an unknown executor.
        """
        ...

    async def who_gets(
        self,
        *,
        category: str,
        classifier: int,
        address: str,
        at: datetime,
        kind: AppealKind = AppealKind.APPLICATION,
        urgency: Urgency = Urgency.ORDINARY,
    ) -> Routed | Unrouted:
        """Say who would get it: exactly what registering does."""
        ...
