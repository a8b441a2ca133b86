"""Asterisk's logs: put aside once they are long or old; they neither fill the disk nor outlive their term.

What was put aside ends by its age (`service.retention.files`), and in a flood by its number.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta, tzinfo
from pathlib import Path

from attrs import define

from hotline.clock import Clock
from hotline.isolation import repeat

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
NAMES = ("messages", "security")
LONGEST = 32 * 2**20
"""Octets; somebody who tries passwords writes about as much in a quarter of an hour."""
OLDEST = timedelta(days=30)
MOST_ASIDE = 12
_BEGINS = re.compile(rb"\[(\d{4}-\d\d-\d\d) ")
"""As logger.conf has it."""

Rotate = Callable[[Path], Awaitable[None]]
"""Has Asterisk begin a file anew: the old one becomes `NAME.0`, and the number of each before it one more."""


@define(eq=False, repr=False, kw_only=True)
class AsteriskLogs:
    """The logs of one Asterisk in their folder."""

    _folder: Path
    _rotate: Rotate
    _clock: Clock
    _timezone: tzinfo
    _longest: int = LONGEST

    async def keep(self) -> None:
        """Look now and then, for ever."""
        await repeat(self.look, every=EVERY_SECONDS, failure="Asterisk's logs not put aside")

    async def look(self) -> None:
        """Put aside what is long or old; of too many the oldest are deleted."""
        today = self._clock.now().astimezone(self._timezone).date()
        for name in NAMES:
            if await asyncio.to_thread(self._is_due, self._folder / name, today):
                await self._rotate(self._folder / name)
                log.info("Asterisk's log put aside log=%s", name)
                await asyncio.to_thread(self._forget, name)

    def _is_due(self, path: Path, today: date) -> bool:
        try:
            with path.open("rb") as file:
                begins = _BEGINS.match(file.readline(200))
            size = path.stat().st_size
        except FileNotFoundError:  # not written yet
            return False
        is_old = begins is not None and date.fromisoformat(begins[1].decode()) <= today - OLDEST
        return is_old or size > self._longest

    def _forget(self, name: str) -> None:
        for path in self._folder.glob(f"{name}.*"):
            number = path.suffix.removeprefix(".")
            if number.isdecimal() and int(number) >= MOST_ASIDE:
                path.unlink(missing_ok=True)
