"""Calls that the hotline places by itself: their kinds, what they come to, and which lines they may take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hotline.calls.call import Outcome


class Kind(StrEnum):
    """The purpose of an automatic call; each has hours of its own (`hotline.dialling.dialling_rules`)."""

    EMERGENCY = "emergency"
    CALL_BACK = "call-back"
    """They wait for it: they gave their place in the line away for it, or it was agreed upon."""
    OUTAGE = "outage"
    """They asked to be told when it is over."""
    SURVEY = "survey"
    INFORMING = "informing"


URGENCY: Mapping[Kind, int] = {kind: place for place, kind in enumerate(Kind)}
"""The most pressing kind has the lowest number."""


class Result(StrEnum):
    """What came of one attempt."""

    SETTLED = "settled"
    """The person who answered did what they were asked, by a key: only a key shows that it was a person."""
    UNHEARD = "unheard"
    """A person or a machine answered the call, and no key settled it."""
    MACHINE = "machine"
    """The same, and what was said first was as long as an answering machine's greeting: a hint."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    NOT_IN_USE = "not-in-use"
    FAILED = "failed"
    """The network, or there is no way out."""
    INTERRUPTED = "interrupted"
    """It rang or they had answered, and the service died under it."""
    UNWANTED = "unwanted"
    """They do not want to be called: nobody was rung."""
    NOT_PLACED = "not-placed"
    """The service died before it dialled: nobody was rung, and it is no attempt."""


NOBODY_RUNG = frozenset({Result.FAILED, Result.NOT_IN_USE, Result.UNWANTED, Result.NOT_PLACED})
"""What does not count as a call to a person."""


_OF_OUTCOME: Mapping[Outcome, Result] = {
    Outcome.BUSY: Result.BUSY,
    Outcome.NO_ANSWER: Result.NO_ANSWER,
    Outcome.REFUSED: Result.REFUSED,
    Outcome.NOT_IN_USE: Result.NOT_IN_USE,
    Outcome.GIVEN_UP: Result.INTERRUPTED,
}


def result_of(outcome: Outcome) -> Result:
    """Tell what an attempt came to that nobody answered."""
    return _OF_OUTCOME.get(outcome, Result.FAILED)


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Pauses before the second, the third … attempt, by what the one before came to; then it is given up."""

    pauses: Mapping[Result, Sequence[timedelta]]

    def again_in(self, result: Result, attempt: int) -> timedelta | None:
        """Give the pause after this attempt (from 1); None: no further one."""
        pauses = self.pauses.get(result, ())
        return pauses[attempt - 1] if attempt <= len(pauses) else None


_ONE_MORE_FOR = 4
"""The number of citizens calling at once for whom one more line is kept free: others are about to call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """How many calls of the trunk the hotline's own ones may take, and how fast they are placed."""

    whole: int | None = None
    """How many calls the trunk carries at once; None: not known."""
    kept_free: int = 1
    """The number of them that is left to citizens, even if calls are due; more while many citizens call."""
    most: int = 2
    """Calls of the hotline's own at once; 0: it places none."""
    per_second: float = 2.0
    """How many calls are placed in a second."""

    def room(self, *, busy: int, ours: int) -> int:
        """Tell how many calls may be placed now; `busy` are all calls of the trunk, `ours` among them."""
        room = self.most - ours
        if self.whole is not None:
            kept_free = max(self.kept_free, (busy - ours) // _ONE_MORE_FOR)
            room = min(room, self.whole - kept_free - busy)
        return max(0, room)

    def left(self, *, busy: int) -> int | None:
        """Tell how many lines are left to those who had one until they were cut off; None: not known."""
        return None if self.whole is None else max(0, self.whole - self.kept_free - busy)
