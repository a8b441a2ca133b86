"""The pace of one channel: messages a minute, and ever fewer while the other side does not answer."""

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from attrs import define, field

_MINUTE = 60.0
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0


@define(eq=False, repr=False)
class Pace:
    """Counts the hand-overs of the last minute."""

    _per_minute: int
    _seconds: Callable[[], float] = time.monotonic
    _begun: deque[float] = field(factory=deque, init=False)

    def left(self) -> int:
        """Tell how many may be handed over now."""
        while self._begun and self._begun[0] <= self._seconds() - _MINUTE:
            self._begun.popleft()
        return self._per_minute - len(self._begun)

    def count(self, number: int) -> None:
        self._begun.extend([self._seconds()] * number)


@define(eq=False, repr=False)
class Breaker:
    """Leaves a side alone that does not answer, and then tries it with one notice."""

    _seconds: Callable[[], float] = time.monotonic
    _failed: int = field(default=0, init=False)
    _until: float = field(default=0.0, init=False)

    @property
    def open(self) -> bool:
        """Whether the breaker is open: no attempt is made yet."""
        return self._seconds() < self._until

    @property
    def left(self) -> float:
        """For how many seconds it is left alone yet."""
        return max(0.0, self._until - self._seconds())

    @property
    def trying(self) -> bool:
        """Whether it failed last time."""
        return self._failed > 0

    def failed(self, after: timedelta | None = None) -> float:
        """Count a failure; for how many seconds the side is left alone now."""
        pause: float = min(FIRST_PAUSE * 2 ** min(self._failed, 20), LONGEST_PAUSE)
        if after is not None:
            pause = min(max(pause, after.total_seconds()), LONGEST_PAUSE)
        self._failed += 1
        self._until = self._seconds() + pause
        return pause

    def worked(self) -> None:
        self._failed = 0
        self._until = 0.0
