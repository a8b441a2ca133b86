"""Streams that are watched: how each stands, its newest picture, and the port of the part that opens them."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


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

    def newest(self, camera_id: int) -> Picture | None:
        """Give the picture that those who watch it see now; None where nobody watches, or nothing comes."""
        ...

    def renew(self, camera_id: int) -> None:
        """Open it anew where it is watched: its address has changed, or it is out of service."""
        ...
