"""Progressive calling: a desk dials the call-backs one after another by itself.

The desk shows the next one first, claimed for its dispatcher, and dials after some seconds. A citizen who
waits in the line goes before all call-backs.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeAlias

from hotline.line.callbacks import OwedCallback
from hotline.line.line import QueueEntry
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.line.scheduled_callbacks import TRIED_AGAIN_AFTER, Scheduled

SHOWN_FOR = timedelta(seconds=10)
"""How long a desk shows the next call before it dials, unless the city has set another time."""
LEFT_OUT_FOR = TRIED_AGAIN_AFTER
"""A number that was skipped, or dialled in vain, is not the next one again before this time."""
MOST_TRIES = 3
"""After this many failed calls a person chooses whether to call again."""
NOT_DIALLED_AFTER = timedelta(seconds=30)
"""A page that should have dialled by then does not: the person is left to others."""


class NobodyNext(StrEnum):
    """Why nobody is the next one now."""

    NOT_READY = "not-ready"
    """The dispatcher talks, works on a call, or is on a pause."""
    CITIZENS = "citizens"
    """Somebody waits in the line, and goes first."""
    NOBODY = "nobody"
    """No call-back is due now."""


Entry: TypeAlias = Scheduled | OwedCallback
"""Somebody to be called. `reference`: as in `hotline.dialling.calling_out.CallOut.answers_missed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """A desk that works progressively."""

    dispatcher_id: int
    user_id: int
    reference: str = ""
    """The entry that is shown, claimed for this user; empty: none."""
    shown_at: datetime | None = None
    left_out: Mapping[str, datetime] = field(default_factory=dict)
    """References that this desk does not call by itself until then."""

    def leaves_out(self, reference: str, at: datetime) -> bool:
        return self.left_out.get(reference, at) > at


class ProgressiveDesks(Protocol):
    """The desks that work progressively."""

    async def working(self) -> Sequence[Working]: ...

    async def of(self, dispatcher_id: int) -> Working | None: ...

    async def turn_on(self, dispatcher_id: int, user_id: int) -> None:
        """Begin, with nobody left out; a desk that works so already goes on."""
        ...

    async def turn_off(self, dispatcher_id: int) -> str:
        """End it; tells who was shown, so that their claim can be given back."""
        ...

    async def show(self, dispatcher_id: int, reference: str, at: datetime) -> bool:
        """Note who is shown; False where somebody is already, or it was turned off."""
        ...

    async def put_aside(self, dispatcher_id: int, reference: str, until: datetime) -> bool:
        """Stop showing the entry, and leave it out until then; False when it was not shown (any more)."""
        ...


def candidates(
    entries: Sequence[Entry], *, working: Working, claimed: AbstractSet[str], at: datetime
) -> Sequence[Entry]:
    """Return the entries that this desk may call, in order: arranged calls before missed ones.

    `claimed` are the references of arranged calls and the numbers that somebody calls now. Of a number only
    the first entry counts, whosever it is: by a second one two desks would call the same person.
    """
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.number, entry)
    return [
        one
        for one in first.values()
        if claimed.isdisjoint((one.reference, one.number))
        and not working.leaves_out(one.reference, at)
        and (_arranged(one, working) if isinstance(one, Scheduled) else _missed(one, at))
    ]


def _arranged(one: Scheduled, working: Working) -> bool:
    return one.concerns(working.user_id) and one.tries < MOST_TRIES


def _missed(one: OwedCallback, at: datetime) -> bool:
    lately = bool(one.past) and at - one.past[0].at < TRIED_AGAIN_AFTER
    return len(one.past) < MOST_TRIES and not lately


def must_wait(presence: Presence, line: Sequence[QueueEntry]) -> NobodyNext | None:
    """Tell why a desk calls nobody by itself now; None: it may. A kept place has nobody on the telephone."""
    if presence is not Presence.READY:
        return NobodyNext.NOT_READY
    if any(one.state is QueueEntryState.WAITING and one.callback_to is None for one in line):
        return NobodyNext.CITIZENS
    return None
