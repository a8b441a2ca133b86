"""Entries of the journal, and their form as a line of the spill."""

import json
from typing import TypeAlias

import msgspec

from hotline.calls.call import CallRecord, JourneyStep
from storage.calls.rows import CallChange

Entry: TypeAlias = CallRecord | JourneyStep | CallChange

_KINDS: dict[str, type[Entry]] = {kind.__name__: kind for kind in (CallRecord, JourneyStep, CallChange)}


def line_of(entry: Entry) -> bytes:
    """Write the entry as one line of JSON; signs that no file could hold are escaped."""
    return json.dumps([type(entry).__name__, msgspec.to_builtins(entry)]).encode("ascii") + b"\n"


def entry_of(line: bytes) -> Entry:
    """Read an entry; raises ValueError for a line that was cut off or is none of ours."""
    try:
        kind, fields = json.loads(line)
        return msgspec.convert(fields, _KINDS[kind])
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise ValueError(f"no entry of the journal: {error}") from error
