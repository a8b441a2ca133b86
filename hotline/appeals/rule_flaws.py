"""Flaws of a set of rules: some never match, others partly hide one; emergencies find nobody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.appeals.routing import OnDays, Rule, in_order
from hotline.city.addresses import Area
from hotline.city.classifier import Classifier
from hotline.city.days_off import DaysOff
from hotline.city.search_terms import normalised
from hotline.enterprises.executors import ContactHours, ContactKind, Executor

_DAY = 24 * 60
_WEEK = 7 * _DAY
_WHOLE = (1 << _WEEK) - 1
_WORKDAYS = (1 << 5 * _DAY) - 1
_EVER = Rule(order=0, executor_id=0)


class RuleFlaw(StrEnum):
    """Why a rule does less than it says; all but the last: it never fires."""

    CLOSED = "closed"
    """Its executor takes nothing any more."""
    NO_CATEGORY = "no-category"
    """The rule names no category of the classifier."""
    NO_TIME = "no-time"
    """Its hours lie on days that it leaves out, such as working days on Sunday."""
    HIDDEN = "hidden"
    """Earlier rules take all of it."""
    PARTLY_HIDDEN = "partly-hidden"
    """An earlier rule gives a part of it to another executor."""


class EmergencyGap(StrEnum):
    """Why nobody is rung, at some hour at least, about an emergency of which nothing more is known."""

    NO_RULE = "no-rule"
    """No rule for the whole city takes it."""
    NO_HOURS = "no-hours"
    """The rules that take it leave out some hours or days."""
    NO_NUMBER = "no-number"
    """An enterprise that gets it has no duty contact with a telephone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """A flaw of a rule; `by` are the ids of the earlier rules that hide it."""

    rule_id: int
    flaw: RuleFlaw
    by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Times:
    """Minutes of a week, as bits: on working days, and on days off."""

    working: int
    off: int

    def __bool__(self) -> bool:
        return bool(self.working or self.off)

    def without(self, other: "_Times") -> "_Times":
        return _Times(self.working & ~other.working, self.off & ~other.off)

    def meets(self, other: "_Times") -> bool:
        return bool(self.working & other.working or self.off & other.off)


def flaws(
    rules: Iterable[Rule], known: Classifier, days: DaysOff, closed: Collection[int] = ()
) -> Sequence[RuleFinding]:
    """Find the flaws of rules that are switched on, in their order, each rule's worst."""
    found: list[RuleFinding] = []
    earlier: list[tuple[Rule, frozenset[str], _Times]] = []
    for rule in in_order(rules):
        if not rule.active:
            continue
        codes, times = _codes(rule, known), _times(rule, days)
        finding = _own(rule, codes, times, closed) or _hidden(rule, codes, times, earlier)
        if finding is not None:
            found.append(finding)
        if rule.executor_id not in closed:
            earlier.append((rule, codes, times))
    return found


def emergency_gap(
    rules: Iterable[Rule], known: Classifier, days: DaysOff, executors: Mapping[int, Executor]
) -> EmergencyGap | None:
    """Tell whether somebody is rung at every hour when a caller presses the emergency key and nobody answers.

    Nothing is known of their address: rules for a part of the city do not take it.
    """
    category = known.categories[known.emergency]
    left = _Times(_WHOLE, _WHOLE)
    gap: EmergencyGap | None = EmergencyGap.NO_RULE
    for rule in in_order(rules):
        executor = executors.get(rule.executor_id)
        open_to_all = rule.active and not rule.areas and rule.takes(category.code, category.utility)
        if not open_to_all or executor is None or not executor.active:
            continue
        if not _times(rule, days).meets(left):
            continue
        if not any(one.kind is ContactKind.DUTY and one.number for one in executor.contacts):
            return EmergencyGap.NO_NUMBER
        left = left.without(_times(rule, days))
        gap = EmergencyGap.NO_HOURS if left.meets(_times(_EVER, days)) else None
    return gap


def _own(rule: Rule, codes: Collection[str], times: _Times, closed: Collection[int]) -> RuleFinding | None:
    if rule.executor_id in closed:
        return RuleFinding(rule_id=rule.id, flaw=RuleFlaw.CLOSED)
    if not codes:
        return RuleFinding(rule_id=rule.id, flaw=RuleFlaw.NO_CATEGORY)
    return None if times else RuleFinding(rule_id=rule.id, flaw=RuleFlaw.NO_TIME)


def _hidden(
    rule: Rule,
    codes: frozenset[str],
    times: _Times,
    earlier: Sequence[tuple[Rule, frozenset[str], _Times]],
) -> RuleFinding | None:
    hiding: dict[int, None] = {}
    left = False
    for code in codes:
        free = times
        for other, theirs, at in earlier:
            if code in theirs and at.meets(free) and _cover(other.areas, rule.areas):
                hiding[other.id] = None
                free = free.without(at)
        left = left or bool(free)
    if not left:
        return RuleFinding(rule_id=rule.id, flaw=RuleFlaw.HIDDEN, by=tuple(hiding))
    partly = tuple(
        other.id
        for other, theirs, at in earlier
        if other.executor_id != rule.executor_id
        and theirs & codes
        and at.meets(times)
        and _meet(other.areas, rule.areas)
    )
    return RuleFinding(rule_id=rule.id, flaw=RuleFlaw.PARTLY_HIDDEN, by=partly) if partly else None


def _codes(rule: Rule, known: Classifier) -> frozenset[str]:
    return frozenset(one.code for one in known.categories.values() if rule.takes(one.code, one.utility))


def _times(rule: Rule, days: DaysOff) -> _Times:
    minutes = _minutes(rule.hours)
    holidays = bool(days.each_year or days.once)
    working = minutes & _WORKDAYS if rule.on_days is not OnDays.OFF else 0
    off = minutes & (_WHOLE if holidays else _WHOLE & ~_WORKDAYS)
    return _Times(working, off if rule.on_days is not OnDays.WORKING else 0)


def _minutes(hours: ContactHours) -> int:
    since = hours.since.hour * 60 + hours.since.minute
    until = hours.until.hour * 60 + hours.until.minute
    length = until - since if since < until else _DAY - since + until
    found = 0
    for day in hours.days:
        span = ((1 << length) - 1) << ((day - 1) * _DAY + since)
        found |= (span & _WHOLE) | (span >> _WEEK)  # Sunday's night goes on on Monday
    return found


def _cover(outer: Sequence[Area], inner: Sequence[Area]) -> bool:
    """Whether every address of the inner areas lies in the outer ones; none at all is the whole city."""
    if not outer:
        return True
    return bool(inner) and all(any(_holds(one, each) for one in outer) for each in inner)


def _meet(some: Sequence[Area], others: Sequence[Area]) -> bool:
    if not some or not others:
        return True
    return any(_overlap(one, other) or _overlap(other, one) for one in some for other in others)


def _holds(outer: Area, inner: Area) -> bool:
    if not _same_street(outer, inner):
        return False
    if outer.first is None and outer.last is None:
        return True
    (first, last), (begins, ends) = _range(outer), _range(inner)
    return not (inner.first is None and inner.last is None) and first <= begins and ends <= last


def _overlap(one: Area, other: Area) -> bool:
    (first, last), (begins, ends) = _range(one), _range(other)
    return _same_street(one, other) and first <= ends and begins <= last


def _same_street(outer: Area, inner: Area) -> bool:
    street, there = normalised(outer.street), normalised(inner.street)
    return there == street or there.startswith(street + " ")


def _range(area: Area) -> tuple[float, float]:
    return area.first or 0, float("inf") if area.last is None else area.last
