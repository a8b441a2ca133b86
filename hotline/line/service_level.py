"""Definitions of the line's report: the fates of callers who wanted a dispatcher, and the service level.

Where the words come from: ISO 18295-1 and the contact centres' usual figures, as Amazon Connect's metric
definitions ("contacts queued", "handled", "abandoned", "service level X") and RingCentral's queue settings
(`abandonedThresholdSeconds`) spell them out. Each caller counts once, and OFFERED = ANSWERED + ABANDONED +
ELSEWHERE, plus those who are still WAITING.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.calls.call import Outcome

ANSWERED_WITHIN = timedelta(seconds=20)
"""The longest wait of a call that counts as answered in time; 80 % within 20 s is the field's custom."""
TARGET = 0.8
"""The share of callers who are to be answered in time."""
SHORT_WAIT = timedelta(seconds=5)
"""Who gives up sooner has misdialled or changed their mind: counted apart, not against the service level."""


class Fate(StrEnum):
    """What became of a caller who came into the line, ours or Asterisk's own queue."""

    ANSWERED = "answered"
    """A dispatcher spoke with them."""
    ABANDONED = "abandoned"
    """They gave up waiting, or the call was lost under them: nobody spoke with them, nothing was settled."""
    ELSEWHERE = "elsewhere"
    """They got something else: a message left, a call-back promised, a duty contact, nobody on duty."""
    WAITING = "waiting"
    """They wait now."""


SELF_SERVED = Outcome.ANSWERED_BY_MACHINE
"""How a call ends whose caller is self-served: they have what they came for, and never came into the line."""
GAVE_UP = frozenset({Outcome.ABANDONED_IN_LINE, Outcome.LOST})
"""How a call ends whose caller got nothing for their wait."""


def fate(answered_at: datetime | None, outcome: Outcome | None) -> Fate:
    """Tell what became of a caller in the line; `answered_at` is when a dispatcher first spoke with them."""
    if answered_at is not None:
        return Fate.ANSWERED
    if outcome is None:
        return Fate.WAITING
    return Fate.ABANDONED if outcome in GAVE_UP else Fate.ELSEWHERE


def service_level(*, answered_in_time: int, offered: int, short_abandoned: int = 0) -> float | None:
    """The share answered within ANSWERED_WITHIN, of all who were offered but for those who gave up at once.

    `offered` leaves out who still waits. None: nobody was offered, and there is nothing to be judged.
    """
    judged = offered - short_abandoned
    return answered_in_time / judged if judged > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCounts:
    """How many callers came into the line in some time, and what became of them; waits in seconds."""

    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    """With the short ones."""
    short_abandoned: int = 0
    elsewhere: int = 0
    waiting: int = 0
    waited: float = 0.0
    """The waits of those answered, together."""

    @property
    def offered(self) -> int:
        """All who came into the line and whose fate is known."""
        return self.answered + self.abandoned + self.elsewhere

    @property
    def service_level(self) -> float | None:
        return service_level(
            answered_in_time=self.answered_in_time,
            offered=self.offered,
            short_abandoned=self.short_abandoned,
        )

    @property
    def mean_wait(self) -> float | None:
        """The average speed of answer, in seconds."""
        return self.waited / self.answered if self.answered else None
