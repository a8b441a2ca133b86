"""Answering-machine detection by the length of the first words that the called side says.

A person says a word and listens; a machine reads a greeting. The length is only a hint: a key proves
a person.
"""

from datetime import datetime, timedelta

from telephony.ari.messages import ChannelTalkingFinished, ChannelTalkingStarted, Dial, Event

SILENCE_MS = 800
"""Silence of this length ends the first words; Asterisk counts it as part of them."""
BEGINS_WITHIN = timedelta(seconds=3)
"""A machine begins within this time of answering: it does not wait for us."""
LASTS = timedelta(seconds=4)
"""First words as long as this are a machine's: a person does not know yet who calls."""


class MachineDetection:
    """Measures the first words on a channel that we have dialled, by Asterisk's clock."""

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
        """Return the length of the first words if they may be a machine's; we listened `until` then."""
        if self._answered_at is None or self._began_at is None:
            return None
        length = (self._ended_at or until) - self._began_at
        prompt = self._began_at - self._answered_at <= BEGINS_WITHIN
        return length if prompt and length >= LASTS else None
