"""A clock that tests set, and that moves only when they say so."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
"""Noon in Kyiv."""


class SetClock:
    """Implements `hotline.clock.Clock`."""

    def __init__(self, at: datetime = NOON) -> None:
        self._at = at
        self._passed = 0.0

    def now(self) -> datetime:
        return self._at

    def pass_by(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
        self._passed += seconds

    def seconds(self) -> float:
        """The monotonic clock, of which nobody can set the hands."""
        return self._passed

    def is_set(self, seconds: float) -> None:
        """Somebody sets the clock forward or back; no time passes by it."""
        self._at += timedelta(seconds=seconds)
