"""The receiving half of a call's RTP: a recording placed by RTP time, spans of voice, RFC 4733 digits."""

import struct
import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from telephony.phone.g711 import FRAME, RATE, Samples, decode, loudness
from telephony.phone.mouth import DIGITS
from telephony.phone.pulse import Pulse
from telephony.phone.sdp import Law

PAUSE = 0.7
"""Seconds without voice after which the other side has stopped speaking."""
_AUDIBLE = 3  # × 64 of 32768: -45 dBFS
_STRAY = RATE // 2
_SHOWN_BY = 5
"""Packets by which a pause is told from packets that have waited."""
_FLOWS = 0.2
_HEADER = struct.Struct("!BBHII")
_KNOWN = {law.payload_type: law for law in Law}
_EVENT_BYTES = 4


class Frame(NamedTuple):
    """One packet of sound: when it came (monotonic seconds) and its place (samples since the start)."""

    arrival: float
    position: int
    payload: bytes
    law: Law


@dataclass(slots=True)
class Span:
    """A stretch of voice without a pause of `PAUSE` seconds, in monotonic seconds of arrival."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Anchor:
    source: int
    stamp: int
    position: int


@dataclass(frozen=True, slots=True)
class _Late:
    """The first of packets that come late: its index, how late it was, and where it stands if all stay so."""

    first: int
    behind: int
    anchor: _Anchor


class Ear:
    """Listens to one call. `tell` hears of `voice`, `pause` and `digit` (with the key)."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self.started = time.monotonic()
        self.frames: list[Frame] = []
        self.spans: list[Span] = []
        self.digits = ""
        self.speaking = False
        self.pulse = Pulse()
        """Beats at each packet with voice, at each pause and at each digit."""
        self.events: int | None = None
        self._tell = tell
        self._anchor: _Anchor | None = None
        self._late: _Late | None = None
        self._digit: tuple[int, int] | None = None

    def take(self, datagram: bytes) -> None:
        """Take one RTP packet; ignore a datagram that is none."""
        if len(datagram) < _HEADER.size or datagram[0] >> 6 != 2:  # noqa: PLR2004 - RTP's version
            return
        first, kind, _, stamp, source = _HEADER.unpack_from(datagram)
        payload = datagram[_HEADER.size + 4 * (first & 15) :]
        law = _KNOWN.get(kind & 0x7F)
        if law is not None and payload:
            self._sound(Frame(now := time.monotonic(), self._place(now, stamp, source), payload, law))
        elif kind & 0x7F == self.events and len(payload) >= _EVENT_BYTES:
            self._event(payload[0], stamp, source)

    def notice_pause(self) -> None:
        """To be called now and then: silence sends no packet that could tell of it."""
        if self.speaking and time.monotonic() - self.spans[-1].end > PAUSE:
            self.speaking = False
            self._tell("pause", "")
            self.pulse.beat()

    def latest(self, now: float) -> float:
        """Give the moment up to which sound has come: a little before `now` when packets come late."""
        if not self.frames or now - self.frames[-1].arrival > _FLOWS:
            return now
        return min(now, self.started + (self.frames[-1].position + FRAME) / RATE)

    def recording(self, start: float, end: float) -> Samples:
        """Return the sound between two monotonic moments; silence where nothing came."""
        first, length = round((start - self.started) * RATE), max(0, round((end - start) * RATE))
        heard = np.zeros(length + FRAME, np.int16)
        earliest = bisect_left(self.frames, (start - 1,))
        for frame in self.frames[earliest:]:
            at = frame.position - first
            if 0 <= at < length:
                sound = decode(frame.payload, frame.law)[: length + FRAME - at]
                heard[at : at + len(sound)] = sound
        return heard[:length]

    def _place(self, now: float, stamp: int, source: int) -> int:
        """Find its place: by its stamp, unless that has nothing to do any more with its arrival."""
        arrived = round((now - self.started) * RATE)
        if (anchor := self._anchor) is not None and anchor.source == source:
            position = anchor.position + (stamp - anchor.stamp + (1 << 31)) % (1 << 32) - (1 << 31)
            behind = arrived - position
            if abs(behind) < _STRAY:
                self._late = None
                return position
            if behind > 0 and self.frames and abs(position - self.frames[-1].position) < _STRAY:
                return position + self._paused(behind, stamp, source, arrived)
        self._late = None
        self._anchor = _Anchor(source, stamp, arrived)
        return arrived

    def _paused(self, behind: int, stamp: int, source: int, arrived: int) -> int:
        """Tell how far to move a packet that comes late, though its stamp follows that of the one before.

        Either the machine was busy and packets have waited: then the next ones come at once, ever less
        late. Or nobody spoke for a while: then all come equally late, and a few of them show it.
        """
        late = self._late = self._late or _Late(len(self.frames), behind, _Anchor(source, stamp, arrived))
        waited = len(self.frames) - late.first
        if waited < _SHOWN_BY or late.behind - behind > waited * FRAME // 2:
            return 0
        self.frames[late.first :] = [
            one._replace(position=one.position + late.behind) for one in self.frames[late.first :]
        ]
        self._anchor, self._late = late.anchor, None
        return late.behind

    def _sound(self, frame: Frame) -> None:
        self.frames.append(frame)
        if loudness(frame.payload, frame.law) < _AUDIBLE:
            return
        if self.speaking:
            self.spans[-1].end = frame.arrival
        else:
            self.speaking = True
            self.spans.append(Span(frame.arrival, frame.arrival))
            self._tell("voice", "")
        self.pulse.beat()

    def _event(self, event: int, stamp: int, source: int) -> None:
        if (stamp, source) == self._digit or event >= len(DIGITS):
            return
        self._digit = stamp, source
        self.digits += DIGITS[event]
        self._tell("digit", DIGITS[event])
        self.pulse.beat()
