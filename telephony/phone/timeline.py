"""The timeline of a call, moment by moment: for assertions, and for a live display."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple


class EventKind(StrEnum):
    """Events of a call, as its phone sees them."""

    CALLED = "called"
    RUNG = "rung"
    """An incoming call, or 180 sent."""
    PROVISIONAL = "provisional"
    ANSWERED = "answered"
    VOICE = "voice"
    PAUSE = "pause"
    PRESSED = "pressed"
    DIGIT = "digit"
    HELD = "held"
    RESUMED = "resumed"
    HELD_BY_PEER = "held-by-peer"
    RESUMED_BY_PEER = "resumed-by-peer"
    TRANSFERRED = "transferred"
    ASKED_TO_TRANSFER = "asked-to-transfer"
    ENDED = "ended"


class Moment(NamedTuple):
    """One event, in seconds since the INVITE."""

    at: float
    kind: EventKind
    detail: str


class Who(StrEnum):
    """The side that ended a call."""

    US = "us"
    PEER = "peer"
    NETWORK = "network"
    """Nobody answered our requests."""


class End(NamedTuple):
    """How a call ended: 200 after a talk, otherwise the SIP code that ended the attempt."""

    who: Who
    code: int
    reason: str
    """The Reason header (RFC 3326), such as `Q.850;cause=16`, or the status line's words."""


class Instant(NamedTuple):
    """One moment on both clocks."""

    wall: datetime
    monotonic: float

    @classmethod
    def now(cls) -> "Instant":
        return cls(datetime.now(UTC), time.monotonic())


@dataclass(slots=True)
class Timeline:
    """The call's events so far. `told` hears of each as it happens."""

    told: Callable[[Moment], None] = lambda _: None
    began: Instant = field(default_factory=Instant.now)
    moments: list[Moment] = field(default_factory=list)

    def add(self, kind: EventKind, detail: str = "") -> None:
        moment = Moment(time.monotonic() - self.began.monotonic, kind, detail)
        self.moments.append(moment)
        self.told(moment)
