"""Filters of calls as the line's report counts them: by a figure, a half-hour of the city's day, a topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.city.city_days import DaysPiece


class Counted(StrEnum):
    """A figure of the line's report, of citizens' calls; defined in `hotline.line.service_level`."""

    INCOMING = "incoming"
    SELF_SERVED = "self-served"
    NOT_IN_LINE = "not-in-line"
    """They hung up in the menu, left a message, were cut off: neither self-served nor in the line."""
    OFFERED = "offered"
    ANSWERED = "answered"
    IN_TIME = "in-time"
    ABANDONED = "abandoned"
    """With the short ones."""
    SHORT = "short"
    ELSEWHERE = "elsewhere"
    WAITING = "waiting"
    OWED = "owed"
    """The hotline owes, or owed, their caller a call."""
    KEPT = "kept"
    """Of those owed: somebody talked with them later, or it was settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFilter:
    """A filter by what the line's report counts; a field of None does not filter."""

    figure: Counted
    half_hour: int | None = None
    """Of the city's day, from 0 at midnight."""
    days: Sequence[DaysPiece] = ()
    """Needed for a half-hour alone."""
    answered_by: int | None = None
    """The dispatcher who spoke first; 0: nobody spoke."""
    topic: str | None = None
    """The category of the first appeal registered from the call; "": none was."""
