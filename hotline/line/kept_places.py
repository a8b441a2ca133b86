"""A place kept in the line: a caller who would not wait hangs up, and is called when it is their turn."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.dialling.calling_out import NotDialled
from hotline.line.cut_off import AGAIN_IN as CUT_OFF_AGAIN_IN
from hotline.line.cut_off import CallBackNow, CutOff
from hotline.line.line import QueueEntry

KEPT_PLACE = "place"
"""The source of the calls to those whose place was kept; a job's `about` is the call that they left."""
AGAIN_IN = (timedelta(minutes=5), timedelta(minutes=15))
"""After the first vain attempt, and after the second; there is no fourth."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingRules:
    """Whether, where and how often. `dialable` is `CallingRules.dialable_back`."""

    dialable: Callable[[str], str]
    shared: Collection[str] = frozenset()
    """Numbers of interpreters, at which several people wait to be called: no limit of one number holds."""
    a_day: int = 3
    """So often a number is promised a call within a day: nobody has a stranger rung all night."""
    offered_from: timedelta = timedelta(minutes=1)
    """A caller who waits less than this is not asked."""
    called_after: timedelta = timedelta(seconds=30)
    """A caller who has just hung up is not rung in the same second, even if it is their turn."""

    def number(self, typed: str) -> str | None:
        """Give the number, E.164, if it can be called back."""
        try:
            return self.dialable(typed)
        except NotDialled:
            return None


def again_in(attempt: int, *, cut_off: bool = False) -> timedelta | None:
    """Give the pause after this attempt (from 1) in vain; None: no further one.

    `cut_off`: a fault of ours had ended their call, and they may need us urgently.
    """
    pauses = CUT_OFF_AGAIN_IN if cut_off else AGAIN_IN
    return pauses[attempt - 1] if attempt <= len(pauses) else None


class KeptPlaces(Protocol):
    """Places of the line whose callers have hung up; `kept` is the call that they left."""

    async def keep(self, call_id: str, number: str, not_before: datetime) -> bool:
        """Keep a WAITING caller's place though they hang up, and call them `not_before` then.

        False when a dispatcher has them already.
        """
        ...

    async def of(self, number: str) -> QueueEntry | None:
        """Find the place that is kept for this number; of several (a firm has one), the first in the line."""
        ...

    async def promised(self, number: str, since: datetime) -> int:
        """Count how often this number was promised a call since then."""
        ...

    async def take_over(self, kept: str, call_id: str, at: datetime) -> None:
        """A citizen with a kept place has called again: this call stands where they stood.

        Whose talk was cut off has the same dispatcher.
        """
        ...

    async def reached(self, kept: str, call_id: str, at: datetime) -> bool:
        """The call has reached whom the place was kept for: it stands first, for the same dispatcher.

        Whose call was cut off stands where they stood.

        False when there is no such place any more: it was taken over or given up meanwhile.
        """
        ...

    async def not_reached(self, kept: str, at: datetime, *, attempt: int) -> None:
        """Free the dispatcher without a miss; the next attempt comes later, or the place is given up.

        What is given up is a missed call, and stands on the list of those to be called back. `attempt` is the
        offer's number, which no other offer of the place ever has; nothing happens where another is made by
        now, or none.
        """
        ...

    async def put_off(self, kept: str, until: datetime, at: datetime, *, attempt: int) -> None:
        """Free the dispatcher without a miss: nobody was rung by this offer, and it counts for nothing."""
        ...

    async def break_off(
        self, kept: str, until: datetime, at: datetime, *, rings_no_more: bool = False
    ) -> None:
        """Free the dispatcher of an offer in which the connection was lost.

        Where the caller had been dialled it is an attempt in vain, else it is put off. A call at once is put
        off as well where their telephone `rings_no_more` for the same fault, up to RUNG_AT_ONCE calls.
        """
        ...

    async def cut_off(self, cut: CutOff, at: datetime) -> CallBackNow | None:
        """Keep the place of a caller whose call a fault of ours has ended; they are called at once.

        Where it had none it is made, since their arrival. The dispatcher of a talk is kept free for them, and
        wanted where they cannot be. None: they were called already, their place is gone, or another node has
        adopted it.
        """
        ...

    async def give_back(self, kept: str, at: datetime) -> None:
        """Leave the place: they do not want to be called any more."""
        ...
