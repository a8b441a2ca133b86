"""The hour that a measured hotline believes, by libfaketime: it follows what stands in a file."""

from collections.abc import Mapping
from pathlib import Path

from service.bench.progress import tell

_LIBRARY = "usr/lib/*/faketime/libfaketimeMT.so.1"


class Clock:
    """A clock that can be moved while programs follow it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._library = next(Path("/").glob(_LIBRARY), None)
        self.move(0)

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables that make a program follow it; none where the library is missing."""
        if self._library is None:
            tell("THE CLOCK IS NOT MOVED: it takes libfaketime (apt-get install libfaketime).")
            return {}
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def moves(self) -> bool:
        return self._library is not None

    def move(self, seconds: int) -> None:
        """Set it so far from the true time."""
        self._file.write_text(f"{seconds:+d}", encoding="utf-8")
