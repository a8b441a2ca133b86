"""iCalendar (RFC 5545) as text: its moments, escaped texts, and lines that are folded."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

_OCTETS = 75
"""The longest line, without its end (RFC 5545, 3.1)."""


def calendar_of(lines: Iterable[str]) -> str:
    """Join the lines of a calendar."""
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Escape a TEXT value (3.3.11); other control signs than the end of a line have no place in it."""
    plain = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Fold by octets, never within a letter."""
    part, room = "", _OCTETS
    for sign in line:
        size = len(sign.encode())
        if size > room:
            yield part
            part, room = " ", _OCTETS - 1
        part, room = part + sign, room - size
    yield part
