"""Alerts: many people report the same from one place, which may be an outage that nobody has entered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.city.addresses import Area, house_number
from hotline.city.classifier import Utility
from hotline.outages.alert_states import AlertEvent, AlertState
from hotline.outages.outage import By, NewOutage, Outage, concerning
from hotline.outages.reports import KnownReport, voices

_QUEUE = "queue\0"
"""Begins the name of a queue among those of streets."""
LOOKS_BACK = timedelta(hours=6)
"""The greatest age of a report in a new alert, as after hours in which the service was away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """How many different people must report one thing from one street or quarter, and within which time."""

    voices: int = 3
    within: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed alert: the smallest areas that hold all its reports, the oldest first."""

    utility: Utility
    areas: tuple[Area, ...]
    reports: tuple[KnownReport, ...]

    @property
    def voices(self) -> int:
        return voices(self.reports)


class BySchedule(Protocol):
    """The schedule of power, as it bears on reports that there is none."""

    def explains(self, report: KnownReport) -> bool:
        """Tell whether there was to be none by it, or no schedule holds."""
        ...

    def queues(self, report: KnownReport) -> Sequence[str]:
        """Give the queues of the house; none where nobody knows them, and of another utility."""
        ...


def alerts(
    reports: Sequence[KnownReport],
    outages: Sequence[Outage],
    now: datetime,
    rule: Threshold = Threshold(),
    schedule: BySchedule | None = None,
) -> Sequence[Proposal]:
    """Find what may be an outage: one proposal a utility, however many streets it has.

    Reports that an outage of their utility concerns, or the schedule explains, make none. Those of one queue
    count together, whichever their streets. What an alert was made of stays in it.
    """
    by_utility: dict[Utility, list[KnownReport]] = defaultdict(list)
    for report in sorted(reports, key=lambda one: (one.at, one.id)):
        recent = report.alert_id is not None or report.at >= now - LOOKS_BACK
        explained = schedule is not None and schedule.explains(report)
        if recent and not explained and not covering(report, outages, now):
            by_utility[report.utility].append(report)
    found = (
        _proposal(utility, by_utility[utility], rule, schedule)
        for utility in Utility
        if utility in by_utility
    )
    return [one for one in found if one is not None]


def covering(report: KnownReport, outages: Sequence[Outage], now: datetime) -> Outage | None:
    """Give the outage that says what the report says: of its utility, there, and holding."""
    same = [one for one in outages if one.utility is report.utility and one.starts_at <= now and not one.over]
    return next(iter(concerning([report.address], same)), None)


def _proposal(
    utility: Utility, reports: Sequence[KnownReport], rule: Threshold, schedule: BySchedule | None
) -> Proposal | None:
    places = _places(reports, schedule)
    counted = ((name, _counted(there, rule)) for name, there in places.items())
    made = {name: there for name, there in counted if there}
    counted_in = {one.id for there in made.values() for one in there}
    made |= _by_street([one for one in reports if one.alert_id is not None and one.id not in counted_in])
    if not made:
        return None
    areas = dict.fromkeys(
        area for name, there in made.items() if not _within(name, made) for area in _areas(name, there)
    )
    chosen = {one.id: one for there in made.values() for one in there}
    ordered = sorted(chosen.values(), key=lambda one: (one.at, one.id))
    return Proposal(utility=utility, areas=tuple(areas), reports=tuple(ordered))


def _places(
    reports: Sequence[KnownReport], schedule: BySchedule | None
) -> Mapping[str, Sequence[KnownReport]]:
    """Group the reports by street, by quarter, and by queue of power."""
    places: dict[str, list[KnownReport]] = defaultdict(list)
    for report in reports:
        queues = [] if schedule is None else [f"{_QUEUE}{one}" for one in schedule.queues(report)]
        for name in dict.fromkeys((report.address.street, report.address.quarter, *queues)):
            if name:
                places[name].append(report)
    return dict(sorted(places.items()))


def _by_street(reports: Sequence[KnownReport]) -> Mapping[str, Sequence[KnownReport]]:
    streets: dict[str, list[KnownReport]] = defaultdict(list)
    for report in reports:
        streets[report.address.street].append(report)
    return streets


def _counted(reports: Sequence[KnownReport], rule: Threshold) -> Sequence[KnownReport]:
    """Give the reports of a place from the first on that, with those soon after it, are enough."""
    kept = [one for one in reports if one.alert_id is not None]
    if voices(kept) >= rule.voices:
        return [one for one in reports if one.alert_id is not None or one.at >= kept[0].at]
    for at, first in enumerate(reports):
        soon = [one for one in reports[at:] if one.at <= first.at + rule.within]
        if voices(soon) >= rule.voices:
            return [*(one for one in reports[:at] if one.alert_id is not None), *reports[at:]]
    return ()


def _within(name: str, made: Mapping[str, Sequence[KnownReport]]) -> bool:
    """Whether another place says it better: it holds more of them, or the same as houses of one street."""
    ids = {place: {one.id for one in there} for place, there in made.items()}
    clear = {place: (_one_street(place, there), place) for place, there in made.items()}
    return any(
        ids[name] < ids[other] or (ids[name] == ids[other] and clear[name] < clear[other]) for other in made
    )


def _one_street(name: str, reports: Sequence[KnownReport]) -> bool:
    return all(one.address.street == name for one in reports)


def _areas(name: str, reports: Sequence[KnownReport]) -> Sequence[Area]:
    """Give the area of a street or quarter; of a queue those of its streets."""
    if not name.startswith(_QUEUE):
        return [_area(name, reports)]
    return [_area(street, there) for street, there in sorted(_by_street(reports).items())]


def _area(name: str, reports: Sequence[KnownReport]) -> Area:
    """Give the houses of one street from the first to the last, or else the whole street or quarter."""
    houses = [house_number(one.address) for one in reports]
    numbers = [one[0] for one in houses if one is not None]
    if not _one_street(name, reports) or len(numbers) < len(houses):
        return Area(street=name)
    first, last = min(numbers), max(numbers)
    letters = {one[1] for one in houses if one is not None}
    letter = letters.pop() if first == last and len(letters) == 1 else ""
    return Area(street=name, first=first, last=last, letter=letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One that was raised. It grows in place until somebody decides; of a utility only one is open."""

    id: int
    utility: Utility
    areas: tuple[Area, ...]
    state: AlertState
    opened_at: datetime
    grew_at: datetime
    voices: int
    reports: int
    outage_id: int | None = None
    decided_at: datetime | None = None
    decided_by: int | None = None
    """The user; None for the service."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision on an alert, by a user: its outage, or the reason why there is none."""

    event: AlertEvent
    at: datetime
    by: int | None = None
    outage_id: int | None = None
    reason: str = ""


class OutageAlerts(Protocol):
    """The alerts that were raised."""

    async def raise_(self, proposal: Proposal, at: datetime) -> Alert | None:
        """Open an alert with these reports, or let the utility's open one grow to them.

        None, and nothing is opened, where the one that was to grow has been decided on in this moment.
        """
        ...

    async def open(self) -> Sequence[Alert]:
        """Give those that nobody has decided on, the oldest first."""
        ...

    async def get(self, alert_id: int) -> Alert:
        """Raises NotFound."""
        ...

    async def find(self, *, limit: int, skipped: int = 0) -> Sequence[Alert]:
        """List them, the latest first."""
        ...

    async def decide(self, alert_id: int, decision: Decision) -> Alert:
        """Decide it once, its reports with it. Raises Outdated where somebody else has, NotFound."""
        ...

    async def accept(self, alert_id: int, new: NewOutage, by: By, at: datetime) -> Outage:
        """Enter the outage and join the alert and its reports from there to it: both or neither.

        Reports from elsewhere are counted anew. Raises as `decide` does.
        """
        ...

    async def missing(self, since: datetime, at: datetime) -> Sequence[Alert]:
        """Give those opened since then that wait now, and have for `hotline.outages.outage.LATE_AFTER`.

        Neither the enterprise has entered an outage, which it had to (regulation 4.3), nor anybody else. What
        the hotline entered in its stead is counted by its source.
        """
        ...
