"""Calls that a fault of ours cut off: who is called back at once, and in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.calls.call import CallRecord, Direction, JourneyStep, Step, is_trial
from hotline.line.line import Priority, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState

AT_ONCE_WITHIN = timedelta(hours=1)
"""Whose call stood still for longer (the whole hotline was away) is on the list of call-backs, not called."""
TRIED_FOR = timedelta(minutes=2)
"""While they are called at once, with its ringing and a machine's silence, no turn calls them."""
RUNG_AT_ONCE = 3
"""Calls at once to somebody at most, where faults of ours break each off as it rings; then the line calls."""
AGAIN_IN = (timedelta(minutes=1), timedelta(minutes=5))
"""After the call at once in vain, and after the second, at their turn; there is no fourth."""

_AT_PLACE = frozenset({Step.PLACE_SAID, Step.REPORTED_OFF, Step.INFORMED})


class CutFrom(StrEnum):
    """What a call was in the middle of."""

    TALK = "talk"
    LINE = "line"
    MESSAGE = "message"
    REPORT = "report"
    """They had said where they are, and not yet what is off there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A call that was cut off, and the number (E.164) on which its caller is called back."""

    call_id: str
    number: str
    arrived_at: datetime
    node: str = ""
    """The node that calls back, where the call's own is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackNow:
    """A call-back to be placed now. `attempt` is an offer's number, which no other of the place ever has."""

    call_id: str
    number: str
    attempt: int
    priority: Priority
    entered_at: datetime
    dispatcher_id: int | None = None
    """The dispatcher of the talk that was cut off, who is kept free for it."""
    anew: bool = False
    """They were owed this call-back before, and a fault of ours has broken it off."""


def cut_from(
    call: CallRecord, steps: Sequence[JourneyStep], entry: QueueEntry | None, *, in_message: bool
) -> CutFrom | None:
    """Tell what the call was in the middle of; None where nobody is owed more than a look at the list.

    `entry` is its place in the line. Calls of ours count once somebody of the city was to speak in them.
    """
    if is_trial(call.id) or call.answered_at is None:
        return None
    if entry is not None and entry.state is QueueEntryState.TALKING:
        left_with_a_third = any(one.step is Step.LEFT_TOGETHER for one in steps)
        goes_on = entry.dispatcher_id is not None or left_with_a_third
        return CutFrom.TALK if goes_on else None  # else they were hearing good-bye
    if entry is not None and entry.state in {QueueEntryState.WAITING, QueueEntryState.OFFERED}:
        return CutFrom.LINE
    if call.direction is not Direction.INCOMING:
        return None
    if in_message:
        return CutFrom.MESSAGE
    said = [one.step for one in steps if one.step in _AT_PLACE]
    return CutFrom.REPORT if said and said[-1] is Step.PLACE_SAID else None


def stood_still_since(call: CallRecord, steps: Sequence[JourneyStep]) -> datetime:
    """Give the moment of the last step on record, after which the call was cut off at some time."""
    return max((one.at for one in steps), default=call.arrived_at)


def in_order(owed: Iterable[CallBackNow]) -> Sequence[CallBackNow]:
    """Sort call-backs: emergencies, then talks and others at the head, then the line as it stood."""
    return sorted(owed, key=lambda one: (-one.priority, one.dispatcher_id is None, one.entered_at))
