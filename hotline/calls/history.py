"""Calls looked back upon: found again and annotated. Who is owed a call: `hotline.line.callbacks`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.calls.call import CallRecord, Direction, Outcome, Recording, VoiceMessage
from hotline.calls.counted import CountedFilter

MISSED = frozenset(
    {
        *(Outcome.ABANDONED_IN_LINE, Outcome.NOBODY_ON_DUTY, Outcome.LOST),
        *(Outcome.CALLBACK_WANTED, Outcome.MESSAGE_LEFT),
    }
)
"""Outcomes after which the hotline owes the citizen a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """A filter of calls; a field of None does not filter. `number` is whole, in E.164."""

    since: datetime | None = None
    until: datetime | None = None
    """The first moment that no longer counts."""
    number: str | None = None
    outcome: Outcome | None = None
    dispatcher_id: int | None = None
    missed: bool = False
    direction: Direction | None = None
    counted: CountedFilter | None = None
    """What the line's report counts."""
    said: str = ""
    """Words that were said in it, in any of their forms, as they were written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last call of a page: the next page begins behind it, even when calls have arrived since."""

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
    """A note on a call; never changed, only appended."""

    call_id: str
    user_id: int
    at: datetime
    text: str


class History(Protocol):
    """The calls of the past. Every answer comes from indexed reads."""

    async def find(
        self, wanted: CallFilter, *, limit: int, behind: Position | None = None
    ) -> Sequence[PastCall]:
        """Find calls, the newest first; those of one dispatcher in the order of their talks."""
        ...

    async def around(self, call: CallRecord, most: int) -> tuple[Sequence[CallRecord], Sequence[CallRecord]]:
        """List calls of the same number before and after, at most `limit` each, the newest first."""
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
        """List the notes on a call, taken at the desk during the talk and later, in order."""
        ...

    async def consultations(self, call_id: str) -> Sequence[CallNote]:
        """List the consultations given in a call without an appeal, in order."""
        ...

    async def add_note(self, note: CallNote) -> None: ...
