"""Day schedules of power by queue: what the supplier says of each half-hour of the clock, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol

from hotline.errors import HotlineError

HALVES = 48
"""Half-hours of a day on the clock, also of a day that has 23 or 25 hours."""
HALF_HOUR = timedelta(minutes=30)
FRESH_FOR = timedelta(hours=2)
"""An older word of the source is told with its hour."""


class Supply(StrEnum):
    """Power in a half-hour."""

    ON = "on"
    OFF = "off"
    MAYBE = "maybe"
    """Possibly off."""
    UNKNOWN = "unknown"


def of_both(one: Supply, other: Supply) -> Supply:
    """Give the supply of a house with two queues: of two that differ, each half of the house has its own."""
    if one is other:
        return one
    return Supply.UNKNOWN if Supply.UNKNOWN in (one, other) else Supply.MAYBE


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySchedule:
    """One day of one queue, as one source told it. Moments are aware."""

    queue: str
    """Its name without a prefix: `4.1`."""
    day: date
    halves: tuple[Supply, ...]
    """`HALVES` of them, by the clock from midnight."""
    made_at: datetime
    """The supplier made or last changed it then."""
    heard_at: datetime
    """The source last said so then."""

    def at(self, moment: datetime, zone: tzinfo) -> Supply:
        """Give the supply at this moment; of an hour that the clock repeats, both times the same."""
        local = moment.astimezone(zone)
        return Supply.UNKNOWN if local.date() != self.day else self.by_clock(local)

    def by_clock(self, local: datetime) -> Supply:
        """Give the supply at this hour of the day's own clock."""
        return self.halves[local.hour * 2 + local.minute // 30]

    def old(self, now: datetime) -> bool:
        """Tell whether the source has been silent for too long to be told without its hour."""
        return now - self.heard_at > FRESH_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a source says at once.

    Of a day that it names, a queue that it leaves out is not known any more. `emergency`: whether emergency
    cuts hold; None: it does not say.
    """

    schedules: Sequence[DaySchedule]
    days: Sequence[date]
    made_at: datetime
    heard_at: datetime
    emergency: bool | None = None
    strange: Sequence[str] = ()
    """Values that nobody here knows; their hours are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyCuts:
    """Emergency cuts (ГАВ, СГАВ): while they hold, no schedule does."""

    since: datetime
    by: int | None = None
    """The user who said so; None: the source."""


class OlderSchedule(HotlineError):  # noqa: N818 - reads as what came
    """A later schedule of these days is known already."""

    code = "older-schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellsPower:
    """One time at which a source told something new."""

    at: datetime
    source: str
    """`fetched`, `file` or the name of a program's token."""
    user_id: int | None
    made_at: datetime
    changed: int
    """Queues and days that are told otherwise than before."""


class PowerSchedules(Protocol):
    """The schedules of all queues, and whether emergency cuts hold."""

    async def take(self, told: Told, *, source: str, by: int | None) -> bool:
        """Keep what a source says; False when nothing of it is new but the moment at which it was heard.

        Raises OlderSchedule when a day of it was made later by what is kept.
        """
        ...

    async def known(self) -> "KnownPower":
        """Give what holds now, a second old at most."""
        ...

    async def of_day(self, day: date) -> Sequence[DaySchedule]:
        """List what was told last of a day, however long ago."""
        ...

    async def emergency_begins(self, at: datetime, *, by: int | None) -> None:
        """Let no schedule hold from this moment; nothing where cuts hold already."""
        ...

    async def emergency_ends(self, at: datetime, *, by: int | None) -> None:
        """Let schedules hold again."""
        ...

    async def lately_told(self, most: int) -> Sequence[TellsPower]:
        """List when something new was told, the latest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPower:
    """The schedules from yesterday on, by queue and day, and the cuts that hold."""

    schedules: Mapping[tuple[str, date], DaySchedule]
    emergency: EmergencyCuts | None = None

    @property
    def queues(self) -> Sequence[str]:
        """List the names of the queues, by number."""
        return sorted({queue for queue, _ in self.schedules}, key=in_order)


def in_order(queue: str) -> tuple[tuple[int, str], ...]:
    """Give what sorts queues: `2.1` before `10.1`, and names that are no numbers last."""
    return tuple((int(part) if part.isdecimal() else 1_000_000, part) for part in queue.split("."))
