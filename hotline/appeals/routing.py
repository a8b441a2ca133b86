"""Routing rules: category × address × time → executor, ordered data that the head edits."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.appeals.appeal import AppealKind
from hotline.city.addresses import Area
from hotline.city.classifier import Urgency, Utility, classifier
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
    """The rule is switched off."""
    CLOSED = "closed"
    """Its executor takes no appeals any more."""
    CATEGORY = "category"
    ADDRESS = "address"
    HOURS = "hours"
    DAY = "day"
    """The rule holds on working days only, or on days off only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. An empty field matches all; of the rules that match the one with the lowest `order` wins.

    `categories` are codes of the classifier, or prefixes ending in `*` (`water-*`). `utilities` match as
    well: a rule holds for a category that either of the two names.
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
        if not self.takes(asked.code, asked.utility):
            return Misfit.CATEGORY
        if self.areas and not any(one.holds(asked.address) for one in self.areas):
            return Misfit.ADDRESS
        if not self._fits_day(asked, days):
            return Misfit.DAY
        return None if self.hours.hold(asked.local) else Misfit.HOURS

    def takes(self, category: str, utility: Utility | None) -> bool:
        """Tell whether the rule names this category, for some address and time.

        A request for information goes by the rule that names its category, and by no rule for all categories
        or for a utility: the city says who answers those.
        """
        if category == classifier().information_request:
            return category in self.categories
        if not self.categories and not self.utilities:
            return True
        return utility in self.utilities or any(_names(one, category) for one in self.categories)

    def names_in_vain(self, gone: Collection[str], left: Collection[str]) -> bool:
        """Tell whether one of its categories or beginnings stands for nothing once these are gone."""
        return any(
            any(_names(one, code) for code in gone) and not any(_names(one, code) for code in left)
            for one in self.categories
        )

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
    def code(self) -> str:
        """The category by which rules take it: a request for information has one of its own."""
        request = self.kind is AppealKind.INFORMATION_REQUEST
        return classifier().information_request if request else self.category

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
    """The appeal is a complaint, for which no rule is consulted."""


def who_gets(rules: Sequence[Rule], asked: RoutingCase, days: DaysOff) -> Routed | Unrouted:
    """Return the first rule that matches; both registration and the trial of rules use it.

    `rules` may come in any order and name only active executors.
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
    """Return the revision of this set of rules: an editor names the revision that they saw."""
    seen = "\n".join(
        repr((replace(one, hours=replace(one.hours, days=frozenset())), sorted(one.hours.days)))
        for one in in_order(rules)
    )
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


class Rules(Protocol):
    """The stored rules; a change applies to appeals registered after it."""

    async def all(self) -> Sequence[Rule]:
        """List every rule, also those of executors that are closed, in their order."""
        ...

    async def add(self, rule: Rule) -> Rule:
        """Keep a new rule; raises NotFound for an unknown executor."""
        ...

    async def replace(self, rules: Sequence[Rule], *, seen: str) -> Sequence[Rule]:
        """Store exactly these rules, in this order; id 0 makes a new one. Returns them as stored.

        `seen` is the `revision` that the editor saw. Raises Outdated when the rules have changed since,
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
