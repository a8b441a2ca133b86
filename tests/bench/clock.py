"""The hour that a measured hotline believes: its programs are loaded with a wall clock that can be moved.

libfaketime does the same and was tried first: it reads its settings anew each time that a program asks what
time it is, and more than half of the service's processor time went into it and libc under it (by perf). Ours
(`moved_clock.c`) is compiled when it is needed.
"""

import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.bench.progress import tell

_SOURCE = Path(__file__).with_name("moved_clock.c")


class Clock:
    """A clock that can be moved while programs follow it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._library = _compiled(folder)
        self._file.write_bytes(struct.pack("q", 0))

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables that make a program follow it; none where there is no compiler."""
        if self._library is None:
            tell("THE CLOCK IS NOT MOVED: it takes a C compiler (apt-get install gcc libc6-dev).")
            return {}
        return {"LD_PRELOAD": str(self._library), "MOVED_CLOCK_FILE": str(self._file)}

    @property
    def moves(self) -> bool:
        return self._library is not None

    def move(self, seconds: int) -> None:
        """Set it this far from the true time. The file stays the same one: the programs have it in memory."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("q", seconds))


def _compiled(folder: Path) -> Path | None:
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "moved_clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, _SOURCE, "-ldl"], check=True)  # noqa: S603
    return library
