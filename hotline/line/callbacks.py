"""Call-backs that the hotline owes: a number is on the list until somebody has talked with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hotline.calls.call import VoiceMessage
from hotline.speech.transcripts import Transcript

EVER = datetime(1970, 1, 1, tzinfo=UTC)
OWED_FOR = timedelta(days=14)
"""Older ones are on the list that is asked for all: fifty desks cannot walk through years of calls."""
CLAIM_LASTS = timedelta(minutes=10)
"""A claim that is neither kept by a result nor given back is void after this time."""


class CallbackResult(StrEnum):
    """How calling back went."""

    REACHED = "reached"
    SETTLED = "settled"
    """Settled in another way; the note says in which. A hidden number can only be settled."""
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    NOT_CONNECTED = "not-connected"
    """Refused, not in use, or the network's fault."""


SETTLING = frozenset({CallbackResult.REACHED, CallbackResult.SETTLED})
"""Results that take a number off the list; any other is one more failed attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One try to call back. It covers the missed calls of the number up to and with `call_id`."""

    call_id: str
    """The missed call."""
    user_id: int
    at: datetime
    result: CallbackResult
    note: str = ""
    made_call_id: str | None = None
    """The call that was made; None when the dispatcher dialled on another telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody is calling this number now, so that two do not."""

    user_id: int
    at: datetime

    def stands(self, now: datetime) -> bool:
        return now - self.at < CLAIM_LASTS


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCallback:
    """A number to be called back: its missed calls since somebody last reached it, and the tries so far."""

    number: str
    first_at: datetime
    last_at: datetime
    last_call_id: str
    calls: int
    emergency: bool = False
    """One of the missed calls was an emergency: it comes before all others."""
    cut_off: bool = False
    """A fault of ours ended one of them: it comes before all others but emergencies."""
    messages: Sequence[VoiceMessage] = ()
    """The messages left in these calls, the oldest first."""
    transcripts: Mapping[str, Transcript] = field(default_factory=dict)
    """What an ear wrote down of them, by their ids."""
    claim: Claim | None = None
    past: Sequence[Callback] = ()
    """The tries in vain, the newest first."""
    city: str = ""
    """The city whose number the last one dialled, where that is not ours."""

    @property
    def reference(self) -> str:
        """The reference, in a form that tells it from an arranged call's (`calling_out.CallOut`)."""
        return self.last_call_id


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenMiss:
    """A missed call without a number: nobody can be called, but somebody has to have seen it."""

    call_id: str
    at: datetime
    emergency: bool = False
    shown: str = ""
    """What stands in the place of the number: FROM_BROWSER, FROM_INTERPRETER, or nothing that is known."""
    messages: Sequence[VoiceMessage] = ()
    transcripts: Mapping[str, Transcript] = field(default_factory=dict)
    city: str = ""
    """The city whose number was dialled, where that is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFilter:
    """Which call-backs: with these `digits` in the number, of an emergency, with a message left."""

    digits: str = ""
    emergency: bool = False
    spoken: bool = False


EVERYBODY = OwedFilter()


class Callbacks(Protocol):
    """The work list. Every answer comes from indexed reads."""

    async def owed(
        self,
        limit: int,
        since: datetime = EVER,
        *,
        skipped: int = 0,
        wanted: OwedFilter = EVERYBODY,
        among: Collection[str] | None = None,
    ) -> Sequence[OwedCallback]:
        """List the numbers to be called back, by their missed calls `since` then, messages included.

        Emergencies come first, then those whom a fault of ours cut off, then the longest wait. The first
        `skipped` are left out: they are on the pages before.

        A number leaves the list when somebody talked with it after its missed calls, or a callback that
        SETTLING names covers them. Callers who hid their number are in `hidden`. `among`: of these numbers
        alone, which is quick however many calls were missed.
        """
        ...

    async def hidden(
        self,
        limit: int,
        since: datetime = EVER,
        *,
        skipped: int = 0,
        wanted: OwedFilter = EVERYBODY,
        among: Collection[str] | None = None,
    ) -> Sequence[HiddenMiss]:
        """List the missed calls of hidden numbers `since` then that nobody has settled, in the same order.

        None of them has the digits that are wanted. `among`: of these calls alone.
        """
        ...

    async def count(self, wanted: OwedFilter, most: int, since: datetime = EVER) -> int:
        """Count both, up to `most` of each."""
        ...

    async def claim(self, call_id: str, user_id: int, at: datetime) -> Claim:
        """Claim this call for the user; returns the claim that holds.

        Raises NotFound for a call that is unknown or hid its number.
        """
        ...

    async def release(self, call_id: str, user_id: int) -> None:
        """Give one's own claim back without a result; another's stays."""
        ...

    async def add(self, tried: Callback) -> None:
        """Record an attempt by a person or the service; it ends the user's claim.

        Raises NotFound for a call that is unknown, or that hid its number and is not being SETTLED.
        """
        ...

    async def tries(self, number: str, limit: int) -> Sequence[Callback]:
        """List all tries to call this number back, the newest first."""
        ...
