"""Asterisk's own account of every call (CEL), read from the file that it appends to.

It is written whether the service lives or not, so it is what the call log is reconciled with.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from telephony.ids import is_nobody

READ_AT_ONCE = 4 * 1024 * 1024
_BEGINNING = 64 * 1024
"""Octets in which the first record surely ends."""
_QUOTED = rb'"([^"]*(?:""[^"]*)*)"'
_RECORD = re.compile(rb'"([A-Z_]+)","(\d{10}(?:\.\d+)?)"' + (b"," + _QUOTED) * 10 + rb"(?=\r?\n)")
"""Twelve fields, all quoted, quotes within them doubled: no caller's name or number can pass for a record."""
_SOURCE = re.compile(r'"hangupsource": ?"([^"]+)"')
_CAUSE = re.compile(r'"hangupcause": ?(\d{1,3})\b')


@dataclass(frozen=True, slots=True, kw_only=True)
class CelEvent:
    """One record. `offset` is where it begins in the file: a number that names it for ever."""

    offset: int
    kind: str
    at: datetime
    channel_id: str
    linked_id: str
    channel: str
    context: str
    app: str
    number: str
    cause: int | None = None
    """Why a channel was hung up (ITU-T Q.850); only HANGUP tells it."""
    hung_up_by: str = ""
    """The channel whose telephone hung up; empty: it was us, or Asterisk as it was shut down."""

    @property
    def of_citizen(self) -> bool:
        """Whether it tells of the channel that began the call, not of one that joined it or heard it."""
        return self.channel_id == self.linked_id and not is_nobody(self.channel_id)


class CelReading(NamedTuple):
    """The entries of the file from one offset on."""

    events: list[CelEvent]
    read_to: int
    """The offset at which the next reading begins."""
    stopped: bool = False
    """Whether there are more entries that are still too fresh."""


def read_cel(
    file: Path,
    offset: int,
    is_fresh: Callable[[datetime], bool] = lambda _at: False,
) -> CelReading:
    """Read the records from `offset` on, up to the first that is still too fresh by its time.

    A file shorter than `offset` has been rotated and is read from its start. What Asterisk could not finish
    writing (it was killed) is passed over; the record that it wrote right behind it later is not.
    """
    if not file.exists():
        return CelReading([], offset)
    if file.stat().st_size < offset:
        offset = 0
    with file.open("rb") as opened:
        opened.seek(offset)
        data = opened.read(READ_AT_ONCE)
    whole = data[: data.rfind(b"\n") + 1]
    events: list[CelEvent] = []
    for found in _RECORD.finditer(whole):
        at = datetime.fromtimestamp(float(found[2]), UTC)
        if is_fresh(at):
            return CelReading(events, offset + found.start(), stopped=True)
        events.append(_event(found, at, offset))
    return CelReading(events, offset + len(whole))


def put_aside(file: Path, size: int, before: datetime, now: datetime) -> Path | None:
    """Rename the file when its first record is older than `before`; None when it is not, or has grown.

    Asterisk opens it for each record, and so begins another one.
    """
    if not file.exists() or file.stat().st_size != size:
        return None
    with file.open("rb") as opened:
        first = _RECORD.search(opened.read(_BEGINNING))
    if first is None or datetime.fromtimestamp(float(first[2]), UTC) >= before:
        return None
    return file.rename(file.with_name(f"{file.name}.{now:%Y%m%d%H%M%S}"))


def _event(found: re.Match[bytes], at: datetime, offset: int) -> CelEvent:
    kind, _, channel_id, linked_id, channel, context, _, app, _, number, _, extra = found.groups()
    told = _unquoted(extra)
    cause, source = _CAUSE.search(told), _SOURCE.search(told)
    return CelEvent(
        offset=offset + found.start(),
        kind=kind.decode(),
        at=at,
        channel_id=_unquoted(channel_id),
        linked_id=_unquoted(linked_id),
        channel=_unquoted(channel),
        context=_unquoted(context),
        app=_unquoted(app),
        number=_unquoted(number),
        cause=int(cause[1]) if cause else None,
        hung_up_by=source[1] if source else "",
    )


def _unquoted(field: bytes) -> str:
    return field.decode("utf-8", errors="replace").replace('""', '"')
