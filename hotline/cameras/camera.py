"""A camera of the city: its place, its stream, whether it is in service; and the register's port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from hotline.errors import HotlineError

LONGEST_NAME = 80
LONGEST_GROUP = 40
LONGEST_PLACE = 200
LONGEST_URL = 500
LONGEST_WORD = 100
LONGEST_REASON = 200


class StreamKind(StrEnum):
    """The way in which a camera, or the city's own server of streams, gives its pictures."""

    MJPEG = "mjpeg"
    HLS = "hls"
    RTSP = "rtsp"
    WEBRTC = "webrtc"
    """By WHEP: browsers play it themselves, from the city's own server."""


SCHEMES: Mapping[StreamKind, frozenset[str]] = {
    StreamKind.MJPEG: frozenset({"http", "https"}),
    StreamKind.HLS: frozenset({"http", "https"}),
    StreamKind.RTSP: frozenset({"rtsp"}),
    StreamKind.WEBRTC: frozenset({"http", "https"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSource:
    """Where the stream is, and the name and password that it asks for. No page and no log ever has it."""

    kind: StreamKind
    url: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"CameraSource(kind={self.kind.value!r}, …)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One camera as people see it. `place` is an address of the city's register, as far as it knows it."""

    id: int
    name: str
    place: str
    group: str
    kind: StreamKind
    changed_at: datetime
    changed_by: int
    source_at: datetime
    """When its address was entered last."""
    out_since: datetime | None = None
    """Out of service since then; None: in service."""
    out_because: str = ""

    @property
    def in_service(self) -> bool:
        return self.out_since is None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCamera:
    """What is entered of a camera besides its source."""

    name: str
    place: str
    group: str


class CameraFault(StrEnum):
    """What is wrong with a camera as it was entered."""

    NAME = "name"
    PLACE = "place"
    GROUP = "group"
    URL = "url"
    """Its scheme does not fit the kind, it has no host, or it holds a password."""
    PASSWORD = "password"  # noqa: S105 - the name of a field


class CameraIncomplete(HotlineError):  # noqa: N818 - reads as what it is
    """A camera has a name, a place, a group, and an address that fits the kind of its stream."""

    code = "camera-incomplete"

    def __init__(self, faults: frozenset[CameraFault]) -> None:
        super().__init__(f"Wrong: {', '.join(sorted(faults))}.")
        self.faults = faults


def checked(new: NewCamera) -> NewCamera:
    """Give what is kept; raises CameraIncomplete."""
    made = NewCamera(name=_line(new.name), place=_line(new.place), group=_line(new.group))
    lengths = (
        (CameraFault.NAME, made.name, LONGEST_NAME),
        (CameraFault.PLACE, made.place, LONGEST_PLACE),
        (CameraFault.GROUP, made.group, LONGEST_GROUP),
    )
    if faults := frozenset(fault for fault, text, most in lengths if not 0 < len(text) <= most):
        raise CameraIncomplete(faults)
    return made


def checked_source(source: CameraSource) -> CameraSource:
    """Give the source as it is kept; raises CameraIncomplete."""
    url = source.url.strip()
    faults = set()
    if not _fits(url, source.kind):
        faults.add(CameraFault.URL)
    if max(len(source.user), len(source.password)) > LONGEST_WORD or (source.password and not source.user):
        faults.add(CameraFault.PASSWORD)
    if faults:
        raise CameraIncomplete(frozenset(faults))
    return CameraSource(kind=source.kind, url=url, user=source.user.strip(), password=source.password)


def _fits(url: str, kind: StreamKind) -> bool:
    try:
        parts = urlsplit(url)
        known = parts.scheme in SCHEMES[kind] and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
    return known and "@" not in parts.netloc and url.isprintable() and len(url) <= LONGEST_URL


def _line(text: str) -> str:
    return " ".join(text.split())


class Cameras(Protocol):
    """The register of cameras."""

    async def all(self) -> Sequence[Camera]:
        """List all, by group and name."""
        ...

    async def get(self, camera_id: int) -> Camera:
        """Find one; raises NotFound."""
        ...

    async def source(self, camera_id: int) -> CameraSource:
        """Give its address and password, for the process that opens the stream; raises NotFound."""
        ...

    async def add(self, new: NewCamera, source: CameraSource, *, by: int, at: datetime) -> Camera: ...

    async def change(
        self, camera_id: int, new: NewCamera, source: CameraSource | None, *, by: int, at: datetime
    ) -> Camera:
        """Change it; without a source its address stays. Raises NotFound."""
        ...

    async def set_out(self, camera_id: int, because: str | None, *, by: int, at: datetime) -> Camera:
        """Take it out of service, with the reason, or put it into service again (None). Raises NotFound."""
        ...

    async def remove(self, camera_id: int, *, by: int, at: datetime) -> None:
        """Take it off the register; what was watched and seen stays, by its name. Raises NotFound."""
        ...
