"""Asterisk's own account of every call (CEL), read from the file that it appends to.

It is written whether the service lives or not, so it is what the call log is reconciled with.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

READ_AT_ONCE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CelEvent:
    """One line. `offset` is where it begins in the file: a number that names it for ever."""

    offset: int
    kind: str
    at: datetime
    channel_id: str
    linked_id: str
    channel: str
    context: str
    app: str
    number: str

    @property
    def of_citizen(self) -> bool:
        """Whether it tells of the channel that began the call, not of one that joined it."""
        return self.channel_id == self.linked_id


def read_cel(file: Path, offset: int) -> tuple[list[CelEvent], int]:
    """Whole lines from `offset` on, and where the next reading begins.

    A file shorter than `offset` has been rotated and is read from its start. A line that Asterisk could
    not finish (it was killed) is passed over when the next one shows that it is complete.
    """
    if not file.exists():
        return [], offset
    if file.stat().st_size < offset:
        offset = 0
    with file.open("rb") as opened:
        opened.seek(offset)
        data = opened.read(READ_AT_ONCE)
    whole = data[: data.rfind(b"\n") + 1]
    return list(_events(whole.splitlines(keepends=True), offset)), offset + len(whole)


def _events(lines: Iterable[bytes], offset: int) -> Iterator[CelEvent]:
    for line in lines:
        event = _event(line.decode("utf-8", errors="replace"), offset)
        if event is not None:
            yield event
        offset += len(line)


def _event(line: str, offset: int) -> CelEvent | None:
    try:
        (kind, at, channel_id, linked_id, channel, context, _exten, app, _data, number, *_rest) = next(
            csv.reader([line])
        )
        moment = datetime.fromtimestamp(float(at), UTC)
    except (ValueError, csv.Error, StopIteration):
        return None
    return CelEvent(
        offset=offset,
        kind=kind,
        at=moment,
        channel_id=channel_id,
        linked_id=linked_id,
        channel=channel,
        context=context,
        app=app,
        number=number,
    )
