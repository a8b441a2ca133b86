"""SIP messages (RFC 3261, section 7): read as tolerantly as phones write them; written strictly."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from hotline.errors import TelephonyError

_COMPACT = {
    "b": "Referred-By",
    "c": "Content-Type",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
}
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_PARTS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,])+')
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s]+)", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.IGNORECASE)
_RESPONSE = re.compile(r"SIP/2\.0 +([1-6]\d\d)(?: +(.*))?$", re.IGNORECASE)
_REQUEST = re.compile(r"(\S+) +(\S.*?) +SIP/2\.0$", re.IGNORECASE)

Headers = Sequence[tuple[str, str]]


class SipSyntaxError(TelephonyError):
    """A datagram is not a SIP message."""

    code: ClassVar[str] = "sip-syntax"


@dataclass(slots=True, kw_only=True)
class _Message:
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def first(self, name: str) -> str:
        """Find the first header of this name in any letter case; empty when there is none."""
        return next(self._values(name), "")

    def every(self, name: str) -> list[str]:
        """Find all values of a header that may be a list (RFC 3261, 7.3.1), in order."""
        return [part.strip() for value in self._values(name) for part in _PARTS.findall(value)]

    @property
    def branch(self) -> str:
        found = _BRANCH.search(next(iter(self.every("Via")), ""))
        return found[1] if found else ""

    @property
    def sequence(self) -> int:
        number = self.first("CSeq").split(maxsplit=1)[:1]
        return int(number[0]) if number and number[0].isascii() and number[0].isdigit() else 0

    def _values(self, name: str) -> Iterator[str]:
        return (value for key, value in self.headers if key.lower() == name.lower())

    def _encoded(self, start: str) -> bytes:
        lines = [start, *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode(errors="surrogateescape") + self.body


@dataclass(slots=True, kw_only=True)
class Request(_Message):
    """A SIP request. Content-Length is not among the headers: it is the body's."""

    method: str
    uri: str

    def encode(self) -> bytes:
        return self._encoded(f"{self.method} {self.uri} SIP/2.0")


@dataclass(slots=True, kw_only=True)
class Response(_Message):
    """A SIP response."""

    code: int
    reason: str = ""

    @property
    def method(self) -> str:
        """The method of the request that it answers."""
        return self.first("CSeq").rpartition(" ")[2].upper()

    def encode(self) -> bytes:
        return self._encoded(f"SIP/2.0 {self.code} {self.reason}")


def parse(datagram: bytes) -> Request | Response:
    """Read one datagram; bytes that are no UTF-8 survive a round trip. Raises SipSyntaxError."""
    head, *rest = _BLANK_LINE.split(datagram.lstrip(b"\r\n"), maxsplit=1)
    body = rest[0] if rest else b""
    start, _, lines = head.decode(errors="surrogateescape").partition("\n")
    start = start.rstrip("\r")
    headers = list(_read_headers(_FOLD.sub(" ", lines).replace("\r", "").split("\n")))
    length = next((value for name, value in headers if name == "Content-Length"), "")
    if length.isascii() and length.isdigit():
        body = body[: int(length[:9])]
    headers = [one for one in headers if one[0] != "Content-Length"]
    if found := _RESPONSE.match(start):
        return Response(code=int(found[1]), reason=found[2] or "", headers=headers, body=body)
    if found := _REQUEST.match(start):
        return Request(method=found[1].upper(), uri=found[2], headers=headers, body=body)
    message = f"Not a SIP start line: {start[:80]!r}"
    raise SipSyntaxError(message)


def uri_of(value: str) -> str:
    """Find the URI in a From, To, Contact or Refer-To header."""
    bare = _QUOTED.sub("", value)
    inside = re.search(r"<([^>]*)>", bare)
    return (inside[1] if inside else bare.partition(";")[0]).strip()


def tag_of(value: str) -> str:
    """Find the tag of a From or To header; empty when there is none."""
    bare = _QUOTED.sub("", value)
    found = _TAG.search(bare.rpartition(">")[2] if ">" in bare else bare)
    return found[1] if found else ""


def user_of(value: str) -> str:
    """Find the user part of the URI in a header: a number, mostly."""
    user, at, _ = uri_of(value).partition("@")
    return user.partition(":")[2] if at else ""


def _read_headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            yield _canonical(name.strip()), value.strip()


def _canonical(name: str) -> str:
    known = _COMPACT.get(name.lower(), name)
    return "Content-Length" if known.lower() == "content-length" else known
