"""Calls that go on now, as the supervisors' board shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.calls.call import Direction, JourneyStep
from hotline.line.line import QueueEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """One call without an end; `number` is None when hidden."""

    id: str
    number: str | None
    direction: Direction
    arrived_at: datetime
    entry: QueueEntry | None = None
    """The caller's place in the line: they wait, are offered, or talk. None: with the machine."""
    talk_since: datetime | None = None
    last: JourneyStep | None = None
    """The latest step of the call: where in the menu they are."""


class LiveCalls(Protocol):
    """Reads them from the database."""

    async def now(self) -> Sequence[LiveCall]:
        """List them in the order of service: those in the line first, then by their arrival."""
        ...
