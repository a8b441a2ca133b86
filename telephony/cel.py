"""Asterisk's own account of every call (CEL), read from the file that it appends to.

It is written whether the service lives or not, so it is what the call log is reconciled with.
"""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

READ_AT_ONCE = 4 * 1024 * 1024
_RECORD = re.compile(rb'"[A-Z_]+","\d{10}(?:\.\d+)?"(?:,"(?:[^"]|"")*"){10}(?=\r?\n)')
"""Twelve fields, all quoted, quotes within them doubled: no caller's name or number can pass for a record."""
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

    @property
    def of_citizen(self) -> bool:
        """Whether it tells of the channel that began the call, not of one that joined it."""
        return self.channel_id == self.linked_id


def read_cel(file: Path, offset: int) -> tuple[list[CelEvent], int]:
    """Read the records from `offset` on; returns where the next reading begins as well.

    A file shorter than `offset` has been rotated and is read from its start. What Asterisk could not finish
    writing (it was killed) is passed over; the record that it wrote right behind it later is not.
    """
    if not file.exists():
        return [], offset
    if file.stat().st_size < offset:
        offset = 0
    with file.open("rb") as opened:
        opened.seek(offset)
        data = opened.read(READ_AT_ONCE)
    whole = data[: data.rfind(b"\n") + 1]
    return [_event(found, offset) for found in _RECORD.finditer(whole)], offset + len(whole)


def _event(found: re.Match[bytes], offset: int) -> CelEvent:
    text = found.group().decode("utf-8", errors="replace")
    kind, at, channel_id, linked_id, channel, context, _, app, _, number, _, extra = next(csv.reader([text]))
    return CelEvent(
        offset=offset + found.start(),
        kind=kind,
        at=datetime.fromtimestamp(float(at), UTC),
        channel_id=channel_id,
        linked_id=linked_id,
        channel=channel,
        context=context,
        app=app,
        number=number,
        cause=int(found_cause.group(1)) if (found_cause := _CAUSE.search(extra)) else None,
    )
