"""What every worker of a session of tests needs: made by the first who wants it, lent to all."""

import fcntl
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

Make = Callable[[Path], None]
_FOLDERS: list[Path] = []


def share_in(folder: Path) -> None:
    """Name the folder of this session, which goes with pytest's own."""
    _FOLDERS.append(folder)


@cache
def made_once(name: str, make: Make) -> Path:
    """Give the file or folder of this name; `make` puts it at the path that it is given."""
    place = _FOLDERS[-1] / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
                making = Path(scratch) / name
                make(making)
                making.replace(place)
    return place
