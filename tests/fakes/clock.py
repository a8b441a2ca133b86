"""A clock that tests set, and that moves only when they say so."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
"""Noon in Kyiv."""


class SetClock:
    """Implements `hotline.clock.Clock`."""

    def __init__(self, at: datetime = NOON) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def pass_by(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
