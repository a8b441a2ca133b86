"""Fetches day schedules from one address: what did not change is not sent again, one that fails is let be.

Only the address of the settings is asked, and no redirection is followed to another.
"""

import asyncio
import logging
from datetime import tzinfo
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs
from attrs import define, field

from hotline.clock import Clock
from hotline.isolation import run_isolated
from hotline.power.reading import LONGEST_FILE, NoSchedule, read_told
from hotline.power.schedule import OlderSchedule, PowerSchedules

log = logging.getLogger(__name__)

EVERY_SECONDS = 300.0
LONGEST_PAUSE = 3600.0
TIMEOUT = aiohttp.ClientTimeout(total=30)
SOURCE = "fetched"


class NotFetched(Exception):  # noqa: N818 - reads as what happened
    """The source has not given its schedules."""


@define(eq=False, repr=False, kw_only=True)
class Fetching:
    """Asks one address again and again; after each failure it waits twice as long, an hour at most."""

    _url: str
    _schedules: PowerSchedules
    _clock: Clock
    _zone: tzinfo
    _every: float = EVERY_SECONDS
    _tag: str = field(default="", init=False)
    _content: bytes = field(default=b"", init=False)

    async def keep(self) -> None:
        """Fetch, for ever."""
        pause = self._every
        async with aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session:
            while True:
                fetched = await run_isolated(
                    lambda: self.once(session), "schedules of power not fetched, what was told last stands"
                )
                pause = self._every if fetched else min(pause * 2, max(LONGEST_PAUSE, self._every))
                await asyncio.sleep(pause)

    async def once(self, session: aiohttp.ClientSession) -> None:
        """Fetch once; raises NotFetched, NoSchedule, or what the network raises."""
        headers = {hdrs.ACCEPT: "application/json"} | ({hdrs.IF_NONE_MATCH: self._tag} if self._tag else {})
        async with session.get(self._url, headers=headers, allow_redirects=False) as answer:
            if answer.status == HTTPStatus.OK:
                content = await answer.content.read(LONGEST_FILE + 1)
                while not answer.content.at_eof() and len(content) <= LONGEST_FILE:
                    content += await answer.content.read(LONGEST_FILE + 1 - len(content))
                self._content, self._tag = content, answer.headers.get(hdrs.ETAG, "")
            elif answer.status != HTTPStatus.NOT_MODIFIED:
                raise NotFetched(f"the source of schedules answered {answer.status}")
        # What has not changed is told again: its age is that of its copy, or this moment where it has none.
        try:
            told = read_told(self._content, heard_at=self._clock.now(), zone=self._zone)
            await self._schedules.take(told, source=SOURCE, by=None)
        except NoSchedule:
            self._tag = ""
            raise
        except OlderSchedule as older:
            log.info("fetched schedules not taken reason=%s", older)
            return
        if told.strange:
            log.warning("values of schedules that nobody knows values=%s", ",".join(told.strange))
