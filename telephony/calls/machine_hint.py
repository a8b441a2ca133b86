"""What whoever answered says at first, by its length alone: a hint that it may be an answering machine.

A person says a word and listens; a machine reads a greeting. It is a hint and nothing more: a person is who
presses a key.
"""

from datetime import datetime, timedelta

from telephony.ari.messages import ChannelTalkingFinished, ChannelTalkingStarted, Dial, Event

SILENCE_MS = 800
"""So much silence ends what is said; it is part of its length."""
BEGINS_WITHIN = timedelta(seconds=3)
"""A machine does not wait for us."""
LASTS = timedelta(seconds=4)
"""So long nobody speaks who does not know yet who calls."""


class Greeting:
    """The first that is said on a channel which we have dialled, by Asterisk's clock."""

    def __init__(self) -> None:
        self._answered_at: datetime | None = None
        self._began_at: datetime | None = None
        self._ended_at: datetime | None = None

    def take(self, event: Event) -> None:
        match event:
            case Dial(dialstatus="ANSWER"):
                self._answered_at = event.timestamp
            case ChannelTalkingStarted():
                self._began_at = self._began_at or event.timestamp
            case ChannelTalkingFinished() if self._began_at is not None:
                self._ended_at = self._ended_at or event.timestamp
            case _:
                pass

    def lasted(self, until: datetime) -> timedelta | None:
        """Give how long it was, if it may be a machine's; `until` then it was listened to."""
        if self._answered_at is None or self._began_at is None:
            return None
        length = (self._ended_at or until) - self._began_at
        prompt = self._began_at - self._answered_at <= BEGINS_WITHIN
        return length if prompt and length >= LASTS else None
