"""How fast one channel goes: so many a minute, and ever more slowly while the other side does not answer."""

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

_MINUTE = 60.0
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0


class Pace:
    """Counts what was handed over in the last minute."""

    def __init__(self, per_minute: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._seconds = seconds
        self._begun: deque[float] = deque()

    def left(self) -> int:
        """Tell how many may be handed over now."""
        while self._begun and self._begun[0] <= self._seconds() - _MINUTE:
            self._begun.popleft()
        return self._per_minute - len(self._begun)

    def count(self, number: int) -> None:
        self._begun.extend([self._seconds()] * number)


class Breaker:
    """Leaves a side alone that does not answer, and then tries it with one notice."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._failed = 0
        self._until = 0.0

    @property
    def open(self) -> bool:
        """Whether nothing is to be tried yet."""
        return self._seconds() < self._until

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
