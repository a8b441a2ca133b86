"""The roster: who of the dispatchers works when, week by week, as a draft and as it was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person's shift, by the clocks of the city; `until` at or before `since` is on the next day."""

    user_id: int
    day: date
    """On which it begins."""
    since: time
    until: time
    senior: bool = field(default=False, compare=False)
    """Its person is the senior of that shift: told what the head would be told while it is on."""

    def begins(self, zone: ZoneInfo) -> datetime:
        """Give the moment in UTC: a night on which clocks change is an hour longer, or shorter."""
        return datetime.combine(self.day, self.since, zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        last = self.day if self.since < self.until else self.day + DAY
        return datetime.combine(last, self.until, zone).astimezone(UTC)

    def length(self, zone: ZoneInfo) -> timedelta:
        return self.ends(zone) - self.begins(zone)

    @property
    def by_the_clock(self) -> timedelta:
        """Give its length on any other night than those of the clocks' change."""
        nights = DAY if self.since >= self.until else timedelta()
        return nights + datetime.combine(self.day, self.until) - datetime.combine(self.day, self.since)

    def on(self, now: datetime, zone: ZoneInfo) -> bool:
        return self.begins(zone) <= now < self.ends(zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWeek:
    """The shifts of one week as somebody left them; one that was published never changes."""

    monday: date
    edition: int
    """From 1 on; each saving of a draft is another."""
    shifts: tuple[Shift, ...]
    changed_at: datetime
    changed_by: int
    published_at: datetime | None = None
    published_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEditions:
    """The editions of a week: the one that holds, and the draft of the next."""

    published: RosterWeek | None = None
    draft: RosterWeek | None = None

    @property
    def newest(self) -> RosterWeek | None:
        return self.draft or self.published

    @property
    def edition(self) -> int:
        """The number of the newest; 0 where there is none."""
        return self.newest.edition if self.newest else 0


class Roster(Protocol):
    """The roster of all weeks. A week is named by its Monday."""

    async def week(self, monday: date) -> WeekEditions: ...

    async def save(
        self, monday: date, shifts: Sequence[Shift], *, instead_of: int, by: int, at: datetime
    ) -> RosterWeek:
        """Save the draft; raises Outdated when another edition than `instead_of` is the newest."""
        ...

    async def publish(self, monday: date, *, edition: int, by: int, at: datetime) -> RosterWeek:
        """Let the draft hold; raises Outdated when that edition is not the draft any more."""
        ...

    async def drop(self, monday: date, *, edition: int) -> None:
        """Drop the draft: what was published holds on. Raises Outdated as `publish` does."""
        ...

    async def published(self, first: date, last: date) -> Sequence[Shift]:
        """List the shifts that hold of all weeks from the first Monday to the last one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFeed:
    """A secret link by which a calendar asks for one person's shifts."""

    user_id: int
    made_at: datetime
    used_at: datetime | None = None


class RosterFeeds(Protocol):
    """The links, one for a person at most; of each the hash of its secret is kept."""

    async def of(self, user_id: int) -> RosterFeed | None: ...

    async def make(self, user_id: int, secret_hash: str, at: datetime) -> None:
        """Make the link; the former one opens nothing any more."""
        ...

    async def revoke(self, user_id: int) -> None: ...

    async def by_hash(self, secret_hash: str) -> RosterFeed | None: ...

    async def used(self, user_id: int, at: datetime) -> None: ...


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def on_shift(roster: Roster, now: datetime, zone: ZoneInfo) -> Sequence[Shift]:
    """List the shifts that are on at this moment, by the roster that was published."""
    monday = monday_of(now.astimezone(zone).date())
    shifts = await roster.published(monday - WEEK, monday)
    return [one for one in shifts if one.on(now, zone)]


def moved(shifts: Sequence[Shift], by: timedelta) -> Sequence[Shift]:
    """Give the same shifts on days so much later, by the same clocks."""
    return [replace(one, day=one.day + by) for one in shifts]


def by_cell(shifts: Sequence[Shift]) -> Mapping[tuple[int, date], Shift]:
    """Give the shifts by person and day: nobody has two that begin on one day."""
    return {(one.user_id, one.day): one for one in shifts}
