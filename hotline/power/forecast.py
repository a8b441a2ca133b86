"""The one truth about power at a house: for each stretch of time on, off, possibly off, or not known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import reduce
from itertools import pairwise

from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.outages.outage import Outage, concerning
from hotline.power.schedule import FRESH_FOR, HALF_HOUR, KnownPower, Supply, of_both

DAYS_TOLD = 2
"""Today and tomorrow."""


class Why(StrEnum):
    """The source of what is told of a stretch."""

    SCHEDULE = "schedule"
    OUTAGE = "outage"
    """Planned works or a breakdown of the register: it goes before the schedule."""
    EMERGENCY_CUTS = "emergency-cuts"
    """No schedule holds."""
    NOT_TOLD = "not-told"
    """The source says nothing of this time, or nobody knows the queue of the house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which the supply is one and the same. In UTC, `until` not included."""

    since: datetime
    until: datetime
    supply: Supply
    why: Why
    outage_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is known of a house or a queue from `stretches[0].since` to the end of tomorrow, without a gap."""

    queues: Sequence[str]
    """None: nobody knows them."""
    stretches: Sequence[Stretch]
    made_at: datetime | None
    """The oldest of the schedules that it is by; None: it is by none."""
    heard_at: datetime | None
    """The source last said so then, the longest ago where there are several."""

    @property
    def present(self) -> Stretch:
        return self.stretches[0]

    def old(self, now: datetime) -> bool:
        """Tell whether the source has been silent for too long to be told without its hour."""
        return self.heard_at is not None and now - self.heard_at > FRESH_FOR

    def next_off(self, after: datetime) -> Stretch | None:
        """Give the next stretch that begins later in which the power is off."""
        return next((one for one in self.stretches if one.since >= after and one.supply is Supply.OFF), None)


_Told = tuple[Supply, Why, int | None]


def half_hour_of(moment: datetime, zone: tzinfo) -> datetime:
    """Give the beginning of its half-hour by the city's clock, in UTC."""
    local = moment.astimezone(zone)
    into = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) - into


def midnight(day: date, zone: tzinfo) -> datetime:
    """Give the beginning of a day in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days_told(now: datetime, zone: tzinfo) -> Sequence[date]:
    """Give today and tomorrow by the city's clock."""
    today = now.astimezone(zone).date()
    return [today + timedelta(days=more) for more in range(DAYS_TOLD)]


def forecast(
    known: KnownPower,
    queues: Sequence[str],
    outages: Sequence[Outage],
    *,
    now: datetime,
    zone: tzinfo,
    address: Address | None = None,
    since: datetime | None = None,
) -> Forecast:
    """Tell how it stands from the present half-hour on, or from `since`, until tomorrow ends.

    Of `outages` those of power at the address are laid over the schedule.
    """
    begins = half_hour_of(since or now, zone)
    days = days_told(now, zone)
    ends = midnight(days[-1] + timedelta(days=1), zone)
    own = [one for one in outages if one.utility is Utility.POWER and address is not None]
    laid = [_time_of(one, now) for one in (concerning([address], own) if address is not None else ())]
    cuts = {begins, ends}
    cuts |= {begins + HALF_HOUR * step for step in range(1, int((ends - begins) / HALF_HOUR) + 1)}
    cuts |= {at for _, *both in laid for at in both}
    if known.emergency is not None:
        cuts.add(known.emergency.since)
    points = sorted(at for at in cuts if begins <= at <= ends)
    told = [(at, _told(known, queues, laid, at, zone)) for at in points if at < ends]
    used = [
        found for queue in queues for day in days if (found := known.schedules.get((queue, day))) is not None
    ]
    return Forecast(
        queues=queues,
        stretches=[*_joined(told, ends)],
        made_at=min((one.made_at for one in used), default=None),
        heard_at=min((one.heard_at for one in used), default=None),
    )


def _time_of(outage: Outage, now: datetime) -> tuple[Outage, datetime, datetime]:
    """Give from when to when it takes the power: one without a known end, or past it, for this half-hour."""
    over = outage.ended_at or outage.expected_end
    if over is None or (outage.ended_at is None and over <= now):
        over = max(outage.starts_at, now) + HALF_HOUR
    return outage, outage.starts_at, over


def _told(
    known: KnownPower,
    queues: Sequence[str],
    laid: Sequence[tuple[Outage, datetime, datetime]],
    at: datetime,
    zone: tzinfo,
) -> _Told:
    """Give what holds from this moment on, as `Stretch` has it: supply, source, outage."""
    for outage, since, over in laid:
        if since <= at < over:
            return Supply.OFF, Why.OUTAGE, outage.id
    if any(_goes_on(outage) and over <= at for outage, _, over in laid):
        return Supply.UNKNOWN, Why.OUTAGE, None
    if known.emergency is not None and known.emergency.since <= at:
        return Supply.UNKNOWN, Why.EMERGENCY_CUTS, None
    local = at.astimezone(zone)
    each = [
        Supply.UNKNOWN
        if (found := known.schedules.get((queue, local.date()))) is None
        else found.by_clock(local)
        for queue in queues
    ]
    supply = reduce(of_both, each) if each else Supply.UNKNOWN
    return supply, Why.NOT_TOLD if supply is Supply.UNKNOWN else Why.SCHEDULE, None


def _goes_on(outage: Outage) -> bool:
    """Tell whether nobody knows when it will be over: no schedule can be promised behind it."""
    return outage.ended_at is None and outage.expected_end is None


def _joined(told: Sequence[tuple[datetime, _Told]], ends: datetime) -> Iterator[Stretch]:
    """Join neighbours that say the same."""
    begun = [told[0], *(one for before, one in pairwise(told) if before[1] != one[1])]
    for (since, what), until in zip(begun, [*(at for at, _ in begun[1:]), ends], strict=True):
        supply, why, outage_id = what
        yield Stretch(since=since, until=until, supply=supply, why=why, outage_id=outage_id)
