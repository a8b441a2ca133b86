"""The files of prompts, as Asterisk plays them: their kinds, and which are there at this moment."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from attrs import define, field

PIPELINE = 1
"""Raise it whenever the sound made in `prompt_sound` changes: it is a part of the cache's key."""

SUFFIXES = (".sln16", ".alaw")
"""The two files of each sound: linear at 16 kHz and A-law at 8 kHz."""
ALAW_RATE = 8000
"""Bytes a second."""
AT_ONE_MOMENT = 0.05
"""Seconds in which the folder is looked at once, for all phrases of all who are spoken to."""
SETTLED_SECONDS = 1.0
"""A folder that changed later may change again within the same tick of the file system's clock."""


@define(eq=False, repr=False)
class PromptFiles:
    """Tells which prompts of a folder have all their files, and how long each sounds.

    Each call asks of some ten. The files are looked at again when one of the folder has come or gone, which
    the folder's own time of change tells.
    """

    _folder: Path
    _monotonic: Callable[[], float] = time.monotonic
    _changed: int | None = field(default=None, init=False)
    _looked_at: float = field(default=float("-inf"), init=False)
    _there: dict[str, float] = field(factory=dict, init=False)

    def seconds(self, stem: str) -> float | None:
        """Give the length of a prompt by its file's name without suffix; None where a file is missing."""
        settled = self._look()
        if (known := self._there.get(stem)) is not None:
            return known
        try:
            size = 0
            for suffix in SUFFIXES:  # strings, for a Path costs more than the look itself
                size = os.stat(f"{self._folder}/{stem}{suffix}").st_size  # noqa: PTH116
        except OSError:
            return None
        if settled:
            self._there[stem] = size / ALAW_RATE
        return size / ALAW_RATE

    def _look(self) -> bool:
        """Forget what was there when the folder has changed; tells whether it changes no more."""
        now = self._monotonic()
        if now - self._looked_at >= AT_ONE_MOMENT:
            self._looked_at = now
            try:
                changed: int | None = os.stat(self._folder).st_mtime_ns  # noqa: PTH116
            except OSError:
                changed = None
            if changed is None or changed != self._changed:
                self._changed = changed
                self._there.clear()
        return self._changed is not None and time.time() - self._changed / 1e9 > SETTLED_SECONDS
