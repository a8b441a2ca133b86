"""Slower places: abusive callers who wait behind all others, for a reason and until a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Protocol

from hotline.contact.numbers import e164
from hotline.errors import HotlineError

LONGEST = timedelta(days=90)
"""The longest time that a head may enter; then the place ends by itself."""
LONGEST_REASON = 300


class SlowerPlaceIncomplete(HotlineError):  # noqa: N818 - reads as what it is
    """A slower place has a number, a reason, an end within 90 days, and a day of review before it."""

    code: ClassVar[str] = "slower-place-incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowerPlace:
    """One number (E.164) that waits behind all others until the end of the day `until`."""

    id: int
    number: str
    reason: str
    placed_by: int
    placed_at: datetime
    until: date
    review_on: date
    ended_by: int | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlowerPlace:
    """A head's decision that a number waits behind all others."""

    number: str
    reason: str
    until: date
    review_on: date


def checked(
    number: str, reason: str, until: date | None, review_on: date | None, today: date
) -> NewSlowerPlace:
    """Give what is kept; raises SlowerPlaceIncomplete."""
    caller, why = e164(number.strip()), " ".join(reason.split())
    if not (caller and why and until and review_on) or len(why) > LONGEST_REASON:
        raise SlowerPlaceIncomplete("A number, a reason, an end and a day of review are needed.")
    if not today <= review_on <= until <= today + LONGEST:
        raise SlowerPlaceIncomplete("It ends within 90 days, and is reviewed before that.")
    return NewSlowerPlace(number=caller, reason=why, until=until, review_on=review_on)


class SlowerPlaces(Protocol):
    """The list; one that has ended stays on record."""

    async def of(self, number: str, today: date) -> SlowerPlace | None:
        """Find the one that holds for this number."""
        ...

    async def standing(self, today: date) -> Sequence[SlowerPlace]:
        """List those that hold, the next to be reviewed first."""
        ...

    async def place(self, new: NewSlowerPlace, *, by: int, at: datetime) -> SlowerPlace:
        """Have it hold from now on, in the place of another of the same number."""
        ...

    async def end(self, place_id: int, *, by: int, at: datetime) -> None:
        """Let it hold no longer; nothing happens when somebody did so before."""
        ...

    async def review(self, place_id: int, next_on: date) -> None:
        """Leave it standing, to be reviewed again on another day."""
        ...
