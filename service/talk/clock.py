"""The time in a conversation without telephony: it passes by what the caller waits for."""

from datetime import datetime, timedelta


class TalkClock:
    """Implements `hotline.clock.Clock`."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def pass_by(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
