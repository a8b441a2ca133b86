"""In which order tests are run, and which by one worker: files of a room, those first that take longest.

What a worker has compiled and begun for a file, pages, SQL, servers, is there for the next of its room.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = HERE / "longest.txt"
"""Seconds and file, the longest first: begun last, one of them would go on when all else is done."""
NEW = 10.0
"""So long takes a file that is not there yet: last it would be waited for."""
TOGETHER = 30.0
"""So many seconds of one room are a lot."""
SYSTEM = "system"
"""Files in such a folder mostly wait, and have little in common: each is for itself."""
LOT = pytest.StashKey[int]()
"""Tests that follow one another and have the same are run by one worker; without it, those of a file."""


def put_in_order(items: list[pytest.Item]) -> None:
    """Within a file the order stays."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    items.clear()
    for number, lot in enumerate(_lots(files)):
        for item in (item for file in lot for item in files[file]):
            item.stash[LOT] = number
            items.append(item)


def _lots(files: Iterable[Path]) -> Sequence[Sequence[Path]]:
    lots: list[list[Path]] = []
    of_room: dict[Path, list[Path]] = {}
    for file in sorted(files, key=_took, reverse=True):
        room, lot = file.parent, of_room.get(file.parent)
        if lot is None or room.name == SYSTEM or _all_took(lot) + _took(file) > TOGETHER:
            lots.append(lot := [])
            of_room[room] = lot
        lot.append(file)
    return sorted(lots, key=_all_took, reverse=True)


def _all_took(lot: Iterable[Path]) -> float:
    return sum(map(_took, lot))


def _took(file: Path) -> float:
    name = str(file.relative_to(HERE)) if file.is_relative_to(HERE) else ""
    return _seconds().get(name, NEW)


@cache
def _seconds() -> dict[str, float]:
    lines = LONGEST.read_text(encoding="utf-8").split("\n")
    return {name: float(seconds) for seconds, name in (line.split() for line in lines if line)}
