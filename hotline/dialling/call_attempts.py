"""Attempts to call somebody, of all sources: each is in the database before anybody is rung."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.calls.call import TALKS, CallRecord, Outcome
from hotline.dialling.dialler import Attempt, Errand, Result, result_of


class Verdict(StrEnum):
    """Whether an errand may be carried out now."""

    ADMITTED = "admitted"
    ENGAGED = "engaged"
    """Another call to the number, or this very errand, is under way, or they are on the line with us now."""
    SPENT = "spent"
    """The number was called as often today as anybody is."""
    UNWANTED = "unwanted"
    """They do not want to be called (`hotline.people.do_not_call`)."""


@dataclass(frozen=True, slots=True)
class LeftAttempt:
    """An attempt whose keeper is gone, and how far it had come."""

    attempt: Attempt
    dialled: bool
    result: Result | None
    """What it came to, where only its source was not told yet."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An attempt that is made at this moment; `since` it was dialled, or else claimed."""

    attempt: Attempt
    dialled: bool
    since: datetime


class CallAttempts(Protocol):
    """The attempts of all sources and workers."""

    async def claim(self, attempt: Attempt, at: datetime, *, since: datetime, budget: int) -> Verdict:
        """Write the attempt down as ours, unless something speaks against it.

        Of one errand, and to one number, there is one at a time, and none to somebody who is on the line with
        us, whoever called whom; `since` then a number is called at most `budget` times.
        """
        ...

    async def on_the_line(self, number: str, *, but: str = "") -> bool:
        """Tell whether a call from or to the number goes on; `but` is a call that does not count."""
        ...

    async def dialled_to(self, number: str) -> bool:
        """Tell whether an attempt to call this number is dialled or spoken at this moment."""
        ...

    async def dialling(self, call_id: str, at: datetime) -> bool:
        """Note that it is dialled from now on; False: others have taken it over, it must not be."""
        ...

    async def renew(self, call_ids: Sequence[str], at: datetime) -> None:
        """Say that these are still ours."""
        ...

    async def ended(self, call_id: str, result: Result, at: datetime) -> bool:
        """Note what it came to; the first to say so is right. False: it was said before."""
        ...

    async def told(self, call_id: str, at: datetime) -> None:
        """Note that its source knows what it came to: it is over."""
        ...

    async def untold(self) -> Sequence[Errand]:
        """Give the errands of all workers whose source was not told yet what their attempt came to."""
        ...

    async def under_way(self, most: int) -> Sequence[UnderWay]:
        """Give what is dialled or spoken at this moment, by all workers, the oldest first."""
        ...

    async def take_over(self, renewed_before: datetime, at: datetime) -> Sequence[LeftAttempt]:
        """Take what nobody has renewed since; it is ours then."""
        ...


_SETTLED = TALKS | {Outcome.TOLD, Outcome.CALLBACK_WANTED}
"""By a key: they did what they were asked, or wanted to speak with somebody, who did or calls them back."""


def came_to(left: LeftAttempt, call: CallRecord | None) -> Result | None:
    """Decide what became of an attempt from the call log, which Asterisk's own account makes whole.

    None: it is not known yet. A call is on record before it is dialled.
    """
    if left.result is not None:
        return left.result
    if not left.dialled or call is None:
        return Result.NOT_PLACED
    if call.ended_at is None:
        return None
    if call.outcome in _SETTLED:
        return Result.SETTLED
    if call.answered_at is not None:
        return Result.INTERRUPTED
    return result_of(call.outcome) if call.outcome else Result.FAILED
