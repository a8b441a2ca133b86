"""Streams that are watched: how each stands, its newest picture, and the port of the part that opens them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import define, field

FIRST_WITHIN = 25.0
"""Seconds for the first picture: a process begins, a camera wakes, a segment is fetched."""
SILENT_AFTER = 12.0
"""Seconds without a picture after which a stream is given up, and opened anew."""
LONGEST_SDP = 64 << 10


class StreamFault(StrEnum):
    """Why a stream gives no pictures."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The camera does not take the name and password."""
    NOT_A_STREAM = "not-a-stream"
    """What comes is no video that can be shown."""
    LEADS_ELSEWHERE = "leads-elsewhere"
    """It names the address of another server, which nobody has entered."""
    SILENT = "silent"
    """It is open, and no pictures come."""
    ENDED = "ended"
    TOO_MANY = "too-many"
    """As many streams are open as the settings allow."""


class NoStream(Exception):  # noqa: N818 - reads as what happened
    """There is no stream, for this reason; its text is never shown, as a library may put the address in."""

    def __init__(self, fault: StreamFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def is_of_video(sdp: str) -> bool:
    """Tell whether a description of a session (RFC 8866) is one, of video, and no longer than such are."""
    return sdp.startswith("v=0") and "\nm=video" in sdp and len(sdp) <= LONGEST_SDP


@define(eq=False)
class Played:
    """A session in which a browser plays a camera: the server's answer, and whether it is over here."""

    answer: str
    over: asyncio.Event = field(factory=asyncio.Event, init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture as it came: JPEG, and the moment."""

    at: datetime
    jpeg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """How a stream stands since when. `fault` None: pictures come, or the first is still awaited."""

    since: datetime
    shows: bool
    fault: StreamFault | None = None


class Watcher(Protocol):
    """One who watches one camera: gets the newest picture, never an old one after it."""

    @property
    def state(self) -> StreamState: ...

    @property
    def picture(self) -> Picture | None:
        """The newest; None while no pictures come."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """Tell of each newer picture and each other state; of many that came meanwhile once."""
        ...


class Streams(Protocol):
    """Opens a stream while somebody watches it, once for all who do; the last to go ends it."""

    def watching(self, camera_id: int) -> AbstractContextManager[Watcher]:
        """Watch a camera for as long as the block lasts."""
        ...

    def playing(self, camera_id: int, offer: str) -> AbstractAsyncContextManager[Played]:
        """Have a browser play a camera by WebRTC, by its offer, while the block lasts.

        Raises NoStream, and NotFound for a camera that is not to be opened.
        """
        ...

    def newest(self, camera_id: int) -> Picture | None:
        """Give the picture that those who watch it see now; None where nobody watches, or nothing comes."""
        ...

    def renew(self, camera_id: int) -> None:
        """Open it anew where it is watched: its address has changed, or it is out of service."""
        ...
