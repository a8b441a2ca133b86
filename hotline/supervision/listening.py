"""Listening in: how a head takes part in a dispatcher's talk, from their own telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotline.errors import ForbiddenTransition


class Mode(StrEnum):
    """How a supervisor takes part in a talk."""

    LISTEN = "listen"
    """They hear both; nobody hears them."""
    WHISPER = "whisper"
    """They hear both; the dispatcher alone hears them."""
    JOIN = "join"
    """All hear one another."""


class Ground(StrEnum):
    """Why a head listens; it stands in the audit log."""

    CHECK = "check"
    COMPLAINT = "complaint"
    TRAINING = "training"
    HELP = "help"
    """The dispatcher asked for it."""
    THREAT = "threat"


class ListenedAlready(ForbiddenTransition):
    """Another supervisor is on this talk: one at a time, so that a dispatcher hears one whisper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A supervisor on a talk. `supervisor_id` is the desk from which they listen."""

    supervisor_id: int
    call_id: str
    dispatcher_id: int | None
    """Whose talk it is; None while the citizen has no dispatcher, on the way from one to the next."""
    mode: Mode | None
    """None while the supervisor's telephone rings."""


class Listened(Protocol):
    """Tells who is on whose talk."""

    def listeners(self) -> Sequence[Listener]:
        """List the supervisors on talks; none while the exchange is away."""
        ...


class NobodyListens:
    """`Listened` where there is no exchange."""

    def listeners(self) -> Sequence[Listener]:
        return ()


class ListeningIn(Listened, Protocol):
    """The exchange, as the supervisors' board uses it. Raises TelephonyError while it is away."""

    async def listen_in(self, supervisor_id: int, call_id: str, mode: Mode) -> None:
        """Ring the supervisor's telephone, and connect it with the talk so.

        Raises ListenedAlready where another listens, ForbiddenTransition where there is no talk, it is the
        supervisor's own, or they are engaged.
        """
        ...

    async def set_mode(self, supervisor_id: int, mode: Mode) -> None:
        """Listen, whisper or join from now on.

        Raises ForbiddenTransition for who is on no talk, and for joining while the dispatcher speaks with a
        third alone.
        """
        ...

    async def take_over(self, supervisor_id: int) -> None:
        """Make the supervisor the dispatcher of the talk; the one before is free.

        Raises ForbiddenTransition for who is on no talk, and while a third is in it.
        """
        ...

    async def stop_listening(self, supervisor_id: int) -> None:
        """Hang up the supervisor's telephone; the talk goes on. Does nothing for who is on none."""
        ...
