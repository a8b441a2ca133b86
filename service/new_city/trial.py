"""The first call to a new city's number, placed from this machine by `hotline citizen`."""

import asyncio
import os
import sys
from pathlib import Path

from attrs import define, field

from cti_server.new_city.sources import Tried
from service.new_city.one_at_a_time import OneAtATime

LISTENS_SECONDS = 12
_HOTLINE = Path(sys.executable).with_name("hotline")
_LOCALES = {"uk": "uk_UA.UTF-8", "en": "en_GB.UTF-8"}


@define(eq=False, repr=False)
class Trial:
    """`cti_server.new_city.sources.Trial`: `keep` runs beside the pages."""

    _language: str = field(default="uk", init=False)
    _lines: list[str] = field(factory=list, init=False)
    _code: int | None = field(default=None, init=False)
    _runner: OneAtATime = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._runner = OneAtATime(self._call, "the new city's number not tried")

    def begin(self, language: str) -> None:
        if not self._runner.running:
            self._language, self._code = language, None
            self._lines.clear()
            self._runner.begin()

    def so_far(self) -> Tried:
        return Tried(running=self._runner.running, failed=bool(self._code), lines=tuple(self._lines))

    async def keep(self) -> None:
        """Call whenever a page asks for it, until cancelled."""
        await self._runner.keep()

    async def _call(self) -> None:
        calling = await asyncio.create_subprocess_exec(
            *(str(_HOTLINE), "citizen", "--seconds", str(LISTENS_SECONDS)),
            env={**os.environ, "LC_ALL": _LOCALES[self._language]},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await calling.communicate()
            self._lines += said.decode(errors="replace").splitlines()
            self._code = calling.returncode
        finally:
            if calling.returncode is None:
                calling.kill()
                await calling.wait()
