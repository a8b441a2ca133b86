"""The spill: a file for entries that the journal has no room for while the database is away, read in order.

Entries survive the process (not a power failure): the next process reads them from the beginning. Entries
that were written already may come again, which changes nothing.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from storage.calls.entries import Entry, entry_of, line_of

log = logging.getLogger(__name__)


class Spill:
    """Entries in one file, for one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._ahead = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._file.write(b"\n" if self._size else b"")  # the last line may have been cut off
        self.holds = self._holds()
        """Whether entries lie in this file that the journal has still to write into the database."""

    @property
    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _holds(self) -> bool:
        return self._read < self._size

    def add(self, entry: Entry) -> None:
        """Put an entry behind all others; one that the disk does not take either is logged whole."""
        self._add(line_of(entry), entry)
        self.holds = self._holds()

    def _add(self, line: bytes, entry: Entry) -> None:
        try:
            taken = self._file.write(line)
            if taken == len(line):
                return
            self._file.write(b"\n")
        except OSError as error:
            log.error("journal entry lost, neither database nor disk takes it reason=%s: %r", error, entry)
            return
        log.error("journal entry lost, the disk is full: %r", entry)

    def next(self, most: int) -> Sequence[Entry]:
        """Read the next entries; they stay in the file until `done`."""
        found: list[Entry] = []
        with self._path.open("rb") as file:
            file.seek(self._read)
            while len(found) < most and (line := file.readline()):
                if not line.strip():
                    continue
                try:
                    found.append(entry_of(line))
                except ValueError as error:
                    log.error("journal line passed over reason=%s: %r", error, line)
            self._ahead = file.tell()
        return found

    def done(self) -> None:
        """Drop the entries read last; an exhausted file is truncated."""
        self._read = self._ahead
        self.holds = self._holds()
        if not self.holds:
            self._file.truncate(0)
            self._read = self._ahead = 0

    def put_before(self, entries: Iterable[Entry]) -> None:
        """Keep entries that are older than all that is in the file."""
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("wb") as file, self._path.open("rb") as present:
            file.writelines(line_of(entry) for entry in entries)
            present.seek(self._read)
            shutil.copyfileobj(present, file)
        self._file.close()
        fresh.replace(self._path)
        self._file = self._path.open("ab", buffering=0)
        self._read = self._ahead = 0
        self.holds = self._holds()

    def close(self) -> None:
        self._file.close()
