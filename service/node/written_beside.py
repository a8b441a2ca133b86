"""A stream of text that a thread writes into a file, so that nobody who gives it text waits.

A disk that stands still takes nothing, nor does a pipe that nobody reads, or a journal whose own disk stands:
a write in the event loop would stop all calls with it.
"""

import os
import select
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Thread
from typing import NoReturn

ROOM = 10_000
"""The pieces that may wait; of further ones their number is written, once there is room again."""
LAST_SECONDS = 2.0
"""The time that the end of a program waits for what is not written yet."""


class WrittenBeside:
    """Stands where a stream of text is wanted. Its thread begins with the first piece."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._waiting: SimpleQueue[str | Event] = SimpleQueue()
        self._left_out = 0
        self._thread: Thread | None = None

    def write(self, piece: str) -> None:
        if self._waiting.qsize() >= ROOM:
            self._left_out += 1
            return
        self._waiting.put(piece)
        if self._thread is None:
            self._thread = Thread(target=self._write, name="written-beside", daemon=True)
            self._thread.start()

    def flush(self) -> None:
        """Do nothing: each piece is written as soon as it can be."""

    def write_out(self) -> None:
        """Wait until all is written, unless nobody takes it."""
        if self._thread is not None:
            written = Event()
            self._waiting.put(written)
            written.wait(LAST_SECONDS)

    def _write(self) -> NoReturn:
        while True:
            piece = self._waiting.get()
            if isinstance(piece, Event):
                piece.set()
                continue
            self._write_whole(piece)
            if self._left_out and self._waiting.qsize() < ROOM:
                left_out, self._left_out = self._left_out, 0
                self._write_whole(f"left out, as nobody took them: entries={left_out}\n")

    def _write_whole(self, piece: str) -> None:
        left = piece.encode("utf-8", "backslashreplace")
        with suppress(OSError):  # nobody is there to be told
            while left:
                try:
                    left = left[os.write(self._file, left) :]
                except BlockingIOError:  # another program that writes there has made it so
                    select.select((), (self._file,), ())
