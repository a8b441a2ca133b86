"""Reads a camera's own HTTP server: one host, its name and password, and no way to any other."""

import time
import urllib.request
from collections.abc import Iterator, Sequence
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit

from attrs import define, field

from hotline.cameras.camera import CameraSource
from hotline.cameras.streams import NoStream, StreamFault

SECONDS = 10.0
"""The silence after which a server is taken for dead."""
_LONGEST_PLAYLIST = 1 << 20
_LIVE_EDGE = 2
"""Segments before the end of a playlist from which we begin: what is shown is of this moment."""
_REFUSED = frozenset({401, 403})


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within the camera's own server, and none that leads elsewhere."""

    def __init__(self, origin: tuple[str, str]) -> None:
        self._origin = origin

    def redirect_request(  # noqa: PLR0917 - the standard library's own signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if origin_of(newurl) != self._origin:
            raise NoStream(StreamFault.LEADS_ELSEWHERE)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def origin_of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


@define(eq=False, repr=False)
class HttpSource:
    """Reads addresses of one camera's server, with its name and password where it asks for them."""

    _source: CameraSource
    _opener: urllib.request.OpenerDirector = field(init=False)

    def __attrs_post_init__(self) -> None:
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        host = "://".join(origin_of(self._source.url)) + "/"
        known.add_password(None, host, self._source.user, self._source.password)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPBasicAuthHandler(known),
            urllib.request.HTTPDigestAuthHandler(known),
            _SameHost(origin_of(self._source.url)),
        )

    def open(self, url: str) -> HTTPResponse:
        """Open an address of this server. Raises NoStream."""
        if origin_of(url) != origin_of(self._source.url):
            raise NoStream(StreamFault.LEADS_ELSEWHERE)
        try:
            answer: HTTPResponse = self._opener.open(url, timeout=SECONDS)
        except HTTPError as error:
            refused = error.code in _REFUSED
            raise NoStream(StreamFault.REFUSED if refused else StreamFault.UNREACHABLE) from None
        except (OSError, ValueError):
            raise NoStream(StreamFault.UNREACHABLE) from None
        return answer


@define(eq=False, repr=False)
class AsItComes:
    """An answer without an end, read as it comes: `read` of `http.client` waits for all it was asked."""

    _answer: HTTPResponse

    def read(self, size: int) -> bytes:
        return self._answer.read1(size)


@define(frozen=True, kw_only=True)
class Playlist:
    """A media playlist: addresses of its segments with their numbers, of what comes before them, its pace."""

    first: int
    segments: Sequence[str]
    before: str
    seconds: float
    """The longest a segment lasts."""
    over: bool


def variant_of(text: str) -> str:
    """Give the address of the smallest variant of a master playlist; empty for a media playlist."""
    found: list[tuple[int, str]] = []
    bandwidth = None
    for line in text.splitlines():
        if line.startswith("#EXT-X-STREAM-INF:"):
            given = _attribute(line, "BANDWIDTH")
            bandwidth = int(given) if given.isdigit() else 0
        elif bandwidth is not None and line and not line.startswith("#"):
            found.append((bandwidth, line.strip()))
            bandwidth = None
    return min(found)[1] if found else ""


def read_playlist(text: str) -> Playlist:
    """Read a media playlist (RFC 8216). Raises NoStream for what is none, and for an encrypted one."""
    if not text.startswith("#EXTM3U"):
        raise NoStream(StreamFault.NOT_A_STREAM)
    first, seconds, before, segments, over = 0, 1.0, "", [], False
    for line in (one.strip() for one in text.splitlines()):
        name, _, value = line.partition(":")
        if name == "#EXT-X-KEY" and _attribute(line, "METHOD") != "NONE":
            raise NoStream(StreamFault.NOT_A_STREAM)
        if name == "#EXT-X-MEDIA-SEQUENCE" and value.isdigit():
            first = int(value)
        elif name == "#EXT-X-TARGETDURATION" and value.isdigit():
            seconds = max(1.0, float(value))
        elif name == "#EXT-X-MAP":
            before = _attribute(line, "URI")
        elif name == "#EXT-X-ENDLIST":
            over = True
        elif line and not line.startswith("#"):
            segments.append(line)
    return Playlist(first=first, segments=segments, before=before, seconds=seconds, over=over)


def _attribute(line: str, name: str) -> str:
    for part in line.partition(":")[2].split(","):
        key, _, value = part.partition("=")
        if key.strip() == name:
            return value.strip().strip('"')
    return ""


@define(eq=False, repr=False)
class Segments:
    """A live HLS stream as one file without an end: segment after segment, as the playlist names them."""

    _http: HttpSource
    _url: str
    _pieces: Iterator[bytes] = field(init=False)
    _left: bytes = field(init=False, default=b"")

    def __attrs_post_init__(self) -> None:
        self._pieces = self._read()

    def read(self, size: int = -1) -> bytes:
        """Give what there is, `size` octets at most; empty at the end of a stream that ends."""
        if not self._left:
            self._left = next(self._pieces, b"")
        most = len(self._left) if size < 0 else size
        given, self._left = self._left[:most], self._left[most:]
        return given

    def _read(self) -> Iterator[bytes]:
        url, text = self._url, self._text(self._url)
        if variant := variant_of(text):
            url = urljoin(url, variant)
            text = self._text(url)
        playlist = read_playlist(text)
        if playlist.before:
            yield from self._octets(urljoin(url, playlist.before))
        ahead = 0 if playlist.over else max(0, len(playlist.segments) - _LIVE_EDGE)
        number, told = playlist.first + ahead, time.monotonic()
        while True:
            for at, segment in enumerate(playlist.segments, playlist.first):
                if at >= number:
                    yield from self._octets(urljoin(url, segment))
                    number, told = at + 1, time.monotonic()
            if playlist.over:
                return
            if time.monotonic() - told > SECONDS + playlist.seconds:
                raise NoStream(StreamFault.SILENT)
            time.sleep(playlist.seconds / 2)  # as RFC 8216 (6.3.4) has clients ask again
            playlist = read_playlist(self._text(url))
            number = max(number, playlist.first)

    def _text(self, url: str) -> str:
        with self._http.open(url) as answer:
            return answer.read(_LONGEST_PLAYLIST).decode(errors="replace")

    def _octets(self, url: str) -> Iterator[bytes]:
        with self._http.open(url) as answer:
            while piece := answer.read(1 << 16):
                yield piece
