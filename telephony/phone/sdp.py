"""The part of SDP that a telephone needs (RFC 8866, offer and answer of RFC 3264): one audio stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from hotline.errors import TelephonyError

TYPE = "application/sdp"
EVENTS = 101
"""The payload type that we propose for RFC 4733 digits."""
_CONNECTIONS = ("c=IN IP4 ", "c=IN IP6 ")


class NoCommonSound(TelephonyError):  # noqa: N818 - reads as what happened
    """A session description has no audio stream that we can take part in."""

    code: ClassVar[str] = "no-common-sound"


class Law(StrEnum):
    """The two codecs of every telephone (ITU-T G.711), named as Asterisk names them."""

    ALAW = "alaw"
    ULAW = "ulaw"

    @property
    def payload_type(self) -> int:
        return 8 if self is Law.ALAW else 0


class Direction(StrEnum):
    """The direction of sound, as seen by the side that announces it."""

    BOTH = "sendrecv"
    SEND = "sendonly"
    RECEIVE = "recvonly"
    NONE = "inactive"

    @property
    def answered(self) -> "Direction":
        """The fitting answer to an offer of this direction."""
        return {Direction.SEND: Direction.RECEIVE, Direction.RECEIVE: Direction.SEND}.get(self, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One side's audio stream: where it listens, what it speaks (best first), which way sound flows."""

    host: str
    port: int
    laws: tuple[Law, ...]
    events: int | None = EVENTS
    direction: Direction = Direction.BOTH

    def encode(self, version: int) -> bytes:
        """Write the description; `version` grows with every change (RFC 3264, section 8)."""
        kinds = [str(law.payload_type) for law in self.laws]
        at = f"IN {'IP6' if ':' in self.host else 'IP4'} {self.host}"
        lines = [
            "v=0",
            f"o=- {self.port} {version} {at}",
            "s=-",
            f"c={at}",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP {' '.join([*kinds, *self._event_type])}",
            *(f"a=rtpmap:{law.payload_type} PCM{law[0].upper()}/8000" for law in self.laws),
            *(f"a=rtpmap:{kind} telephone-event/8000" for kind in self._event_type),
            *(f"a=fmtp:{kind} 0-15" for kind in self._event_type),
            "a=ptime:20",
            f"a={self.direction}",
        ]
        return ("\r\n".join(lines) + "\r\n").encode()

    @property
    def _event_type(self) -> list[str]:
        return [] if self.events is None else [str(self.events)]


def parse(body: bytes) -> Session:
    """Read a description's first audio stream. Raises NoCommonSound."""
    lines = body.decode(errors="replace").replace("\r", "").split("\n")
    general = lines[: next((at for at, line in enumerate(lines) if line.startswith("m=")), len(lines))]
    audio = _audio_section(lines)
    try:
        _, port, _, *kinds = audio[0].split()
        return Session(
            host=_host([*general, *audio]),
            port=int(port.partition("/")[0]),
            laws=tuple(law for kind in kinds for law in Law if kind == str(law.payload_type)),
            events=_events(audio),
            direction=_direction([*general, *audio]),
        )
    except (ValueError, IndexError) as error:
        raise NoCommonSound("A session description cannot be read.") from error


def common(offered: Session, ours: Sequence[Law]) -> tuple[Law, ...]:
    """Pick the codecs of an offer that we speak too, in its order. Raises NoCommonSound."""
    both = tuple(law for law in offered.laws if law in ours)
    if not both or not offered.port:
        raise NoCommonSound("The other side speaks neither A-law nor µ-law.")
    return both


def _audio_section(lines: Sequence[str]) -> list[str]:
    section: list[str] = []
    for line in lines:
        if line.startswith("m=") and section:
            break
        if section or line.startswith("m=audio "):
            section.append(line)
    return section


def _host(lines: Sequence[str]) -> str:
    return [line for line in lines if line.startswith(_CONNECTIONS)][-1].split()[2].partition("/")[0]


def _events(lines: Sequence[str]) -> int | None:
    for line in lines:
        if line.startswith("a=rtpmap:") and "telephone-event/8000" in line.lower():
            return int(line.removeprefix("a=rtpmap:").split()[0])
    return None


def _direction(lines: Sequence[str]) -> Direction:
    said = [line[2:] for line in lines if line[2:] in set(Direction) and line.startswith("a=")]
    return Direction(said[-1]) if said else Direction.BOTH
