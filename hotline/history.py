"""Calls looked back upon: found again, annotated, and called back until somebody was reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.calls import CallRecord, Outcome, Recording, VoiceMessage

MISSED = frozenset({Outcome.ABANDONED_IN_LINE, Outcome.LOST})
"""Outcomes after which the hotline owes the citizen a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which calls are asked for; what is None is not asked. `number` is whole, in E.164."""

    since: datetime | None = None
    until: datetime | None = None
    """The first moment that no longer counts."""
    number: str | None = None
    outcome: Outcome | None = None
    dispatcher_id: int | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last call of a page: the next page goes on behind it, whatever has arrived meanwhile."""

    arrived_at: datetime
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """One line of the list; `dispatchers` are the ids of those who talked, in the order of their talks."""

    call: CallRecord
    dispatchers: Sequence[int] = ()
    talk_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNote:
    """What somebody wrote down about a call; never changed, only added to."""

    call_id: str
    user_id: int
    at: datetime
    text: str


class Result(StrEnum):
    """How calling back went."""

    REACHED = "reached"
    SETTLED = "settled"
    """Settled in another way; the note says in which."""
    NO_ANSWER = "no-answer"
    """The number stays in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One try to call back. It covers the missed calls of the number up to and with `call_id`."""

    call_id: str
    user_id: int
    at: datetime
    result: Result
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCallback:
    """A number to be called back: its missed calls since somebody last reached it, and the tries so far."""

    number: str
    first_at: datetime
    last_at: datetime
    last_call_id: str
    calls: int
    tries: int


class History(Protocol):
    """The calls of the past. Every answer comes from indexed reads."""

    async def find(
        self, wanted: CallFilter, *, limit: int, behind: Position | None = None
    ) -> Sequence[PastCall]:
        """Find calls, the newest first."""
        ...

    async def recording(self, recording_id: str) -> Recording | None: ...

    async def messages(self, call_id: str) -> Sequence[VoiceMessage]:
        """List the messages left in a call, in their order."""
        ...

    async def message(self, message_id: str) -> VoiceMessage | None: ...

    async def message_heard(self, message_id: str, at: datetime) -> None:
        """Remember that somebody heard the message; only the first time counts."""
        ...

    async def notes(self, call_id: str) -> Sequence[CallNote]:
        """List what was written about a call, at the desk while talking and later, in its order."""
        ...

    async def add_note(self, note: CallNote) -> None: ...

    async def owed(self, limit: int) -> Sequence[OwedCallback]:
        """List the numbers to be called back, the longest waiting first.

        A number is gone when somebody talked with it after its missed calls, or a callback that REACHED or
        SETTLED covers them.
        Callers who hid their number are not in the list: there is nothing to call.
        """
        ...

    async def add_callback(self, tried: Callback) -> None:
        """Write down a try; raises NotFound for a call that is unknown or hid its number."""
        ...
