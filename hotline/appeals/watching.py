"""Appeals whose clocks run: which ones the escalation looks at, how often, and the steps taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.enterprises.executors import Executor


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An appeal with a clock that runs, and the keys of the escalation's steps that were taken."""

    appeal: Appeal
    executor: Executor | None
    done: frozenset[str]


class AppealWatch(Protocol):
    """Finds what `escalation.due_now` is to look at, without reading all that is open each time."""

    async def unacknowledged(self) -> Sequence[str]:
        """Number the appeals that somebody has to acknowledge and nobody has: their clock is in minutes."""
        ...

    async def ending(self, before: datetime) -> Sequence[str]:
        """Return the numbers of appeals with owed work whose term ends before then, the earliest first."""
        ...

    async def read(self, numbers: Sequence[str]) -> Sequence[Watched]:
        """Read these appeals as they are now, in no order; those that have ended since are left out."""
        ...
