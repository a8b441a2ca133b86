"""A PostgreSQL server that ends with its machine: all processes at once, none of which says a last word."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

_LOOK_SECONDS = 0.005
_STOPPED = frozenset("tT")
_ENDED = frozenset("ZX")


def signal_server(data: Path, what: signal.Signals) -> None:
    """Send it to the server of this folder and to all its processes."""
    _signal(_all_of(_first_of(data)), what)


def kill_server(data: Path) -> None:
    """Kill it, and wait until nobody holds its memory, without which it could not begin anew.

    By its own "immediate" a server that is just being connected to has once not ended within a minute.
    """
    first = _first_of(data)
    _signal([first], signal.SIGSTOP)
    while _state(first) not in _STOPPED | _ENDED:  # until then it may begin one that we do not know of
        time.sleep(_LOOK_SECONDS)
    every = _all_of(first)
    _signal(every, signal.SIGKILL)
    while any(_state(one) not in _ENDED for one in every):
        time.sleep(_LOOK_SECONDS)


def _first_of(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def _all_of(first: int) -> Sequence[int]:
    return [first, *(number for number, (_, parent) in _processes() if parent == first)]


def _signal(processes: Sequence[int], what: signal.Signals) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, what)


def _state(process: int) -> str:
    return dict(_processes(str(process))).get(process, ("X", 0))[0]


def _processes(which: str = "[0-9]*") -> Iterator[tuple[int, tuple[str, int]]]:
    """Give the number of each, its state by its letter, and its parent."""
    for status in Path("/proc").glob(f"{which}/stat"):
        with suppress(OSError):
            state, parent, *_ = status.read_text().rpartition(")")[2].split()
            yield int(status.parent.name), (state, int(parent))
