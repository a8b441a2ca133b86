"""Wishes for the roster: days on which a dispatcher would like to work, or cannot, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

LONGEST_REASON = 200
MOST_DAYS = 92
"""How many days one wish is for at most: a leave."""


class Wish(StrEnum):
    """What somebody wishes of a day."""

    WORK = "work"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWish:
    """One person's wish for one day; the head sees the reason, colleagues do not."""

    user_id: int
    day: date
    wish: Wish
    reason: str
    made_at: datetime


class Wishes(Protocol):
    """The wishes, one for a person and day."""

    async def wish(self, user_id: int, days: Sequence[date], wish: Wish, reason: str, at: datetime) -> None:
        """Keep it for each of the days; what was wished for one of them before is replaced."""
        ...

    async def take_back(self, user_id: int, days: Sequence[date]) -> None: ...

    async def between(self, first: date, last: date) -> Sequence[DayWish]:
        """List those of everybody for these days, by day."""
        ...


def by_person_and_day(wishes: Sequence[DayWish]) -> Mapping[tuple[int, date], DayWish]:
    return {(one.user_id, one.day): one for one in wishes}
