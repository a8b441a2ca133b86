"""A way to one camera's RTSP server, and to no other: FFmpeg, which follows every redirect, is given this.

It listens on this machine, takes one connection and passes on what is said. An answer of the camera that
leads elsewhere (3xx, or a `Location`) ends it before FFmpeg has read it: nobody else gets name and password.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

from attrs import define, field

from service.cameras.http_source import SECONDS

_PORT = 554
_PIECE = 1 << 16
_LONGEST_LINE = 8 << 10
_INTERLEAVED = b"$"
_PACKET_HEAD = 4


class LeadsElsewhere(Exception):  # noqa: N818 - reads as what happened
    """The camera answered with the address of another server."""


@define(eq=False)
class Answers:
    """Reads what a camera says (RFC 2326): headers are looked at, packets and bodies are passed over."""

    _read: bytes = field(init=False, default=b"")
    _skipped: int = field(init=False, default=0)
    """Octets of a packet or body that are still to come."""
    _body: int = field(init=False, default=0)
    """The length of the body after the header that is being read."""

    def heard(self, piece: bytes) -> None:
        """Look at what came next; raises LeadsElsewhere."""
        self._read += piece
        while self._read:
            if self._skipped:
                passed = min(self._skipped, len(self._read))
                self._read, self._skipped = self._read[passed:], self._skipped - passed
            elif self._read.startswith(_INTERLEAVED):
                if len(self._read) < _PACKET_HEAD:
                    return
                self._skipped = _PACKET_HEAD + int.from_bytes(self._read[2:_PACKET_HEAD], "big")
            else:
                line, ended, rest = self._read.partition(b"\n")
                if not ended:
                    if len(line) > _LONGEST_LINE:
                        raise LeadsElsewhere
                    return
                self._read = rest
                self._line(line.replace(b"\r", b"").lower())

    def _line(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if not line:
            self._skipped, self._body = self._body, 0
        elif line.startswith(b"rtsp/"):
            _, _, status = line.partition(b" ")
            if status.strip().startswith(b"3"):
                raise LeadsElsewhere
        elif name.strip() == b"location" or line.startswith(b"redirect "):
            raise LeadsElsewhere
        elif name.strip() == b"content-length" and value.strip().isdigit():
            self._body = int(value)


@define(eq=False)
class RtspRelay:
    """One way. `url` is what FFmpeg opens instead of the camera's own address."""

    url: str
    led_elsewhere: bool = False


@contextmanager
def relayed(url: str, word: str) -> Iterator[RtspRelay]:
    """Open a way to the server of this address; `word` is name and password as an address has them."""
    parts = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listening:
        here = f"{word}127.0.0.1:{listening.getsockname()[1]}"
        relay = RtspRelay(urlunsplit(parts._replace(netloc=here)))
        camera = parts.hostname or "", parts.port or _PORT
        threading.Thread(target=_carry, args=(listening, camera, relay), daemon=True).start()
        yield relay


def _carry(listening: socket.socket, camera: tuple[str, int], relay: RtspRelay) -> None:
    with suppress(OSError):
        listening.settimeout(SECONDS)
        asks, _ = listening.accept()
        with asks, socket.create_connection(camera, timeout=SECONDS) as answers:
            answers.settimeout(None)
            threading.Thread(target=_pass_on, args=(asks, answers), daemon=True).start()
            told = Answers()
            try:
                while piece := answers.recv(_PIECE):
                    told.heard(piece)
                    asks.sendall(piece)
            except LeadsElsewhere:
                relay.led_elsewhere = True


def _pass_on(asks: socket.socket, answers: socket.socket) -> None:
    with suppress(OSError):
        while piece := asks.recv(_PIECE):
            answers.sendall(piece)
    with suppress(OSError):
        answers.shutdown(socket.SHUT_RDWR)
