"""Ends of operations: the one table by which answers and the description tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from aiohttp import hdrs


@dataclass(frozen=True, slots=True, kw_only=True)
class Sunset:
    """The end of one operation. It answers as ever until then; from that day on it may be gone."""

    since: date
    """From when it should not be used for anything new."""
    until: date
    """At least a year after `since`."""
    instead: str
    """The operation that does it now, by its name."""

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers Deprecation (RFC 9745) and Sunset (RFC 8594), and a link to what is instead."""
        return {
            "Deprecation": f"@{int(_moment(self.since).timestamp())}",
            "Sunset": format_datetime(_moment(self.until), usegmt=True),
            hdrs.LINK: f'</api/#{self.instead}>; rel="successor-version"',
        }


SUNSETS: Mapping[str, Sunset] = {}
"""An operation's name → its end. Nothing ends at present."""


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
