"""Asks alerts.in.ua for the alerts that are active: with the city's token, and as seldom as it demands.

The interface takes 8 to 10 requests a minute of one address. What has not changed is not sent again
(`If-Modified-Since`); after a failure the pause doubles, and a refused token is tried four times an hour.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs
from attrs import define, field

from hotline.air_raid.alarm import LONGEST_ANSWER, AirRaid, NoAlerts, read_alarm
from hotline.air_raid.measures import air_raid_rules
from hotline.clock import Clock
from hotline.isolation import run_isolated

log = logging.getLogger(__name__)

PATH = "/v1/alerts/active.json"
EVERY_SECONDS = 20.0
LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 900.0
TIMEOUT = aiohttp.ClientTimeout(total=10)
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class NotTold(Exception):  # noqa: N818 - reads as what happened
    """The source has not said how it stands."""


@define(eq=False, repr=False, kw_only=True)
class AirRaidFetching:
    """Asks again and again, and tells `air` what was said; `changed` is called when another alert holds."""

    _url: str
    _token: str
    _air: AirRaid
    _clock: Clock
    _changed: Callable[[], None]
    _every: float = EVERY_SECONDS
    _since: str = field(default="", init=False)
    _content: bytes = field(default=b"", init=False)
    _pause: float = field(default=EVERY_SECONDS, init=False)

    async def keep(self) -> None:
        """Ask, for ever."""
        self._air.begins(self._clock.now())
        async with aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session:
            while True:
                told = await run_isolated(
                    lambda: self.once(session), "air-raid alerts not told by their source"
                )
                await asyncio.sleep(self.pause(told=told))

    def pause(self, *, told: bool) -> float:
        """Give the seconds until the source is asked again; as long as usual once it answers."""
        longest = max(LONGEST_PAUSE, self._pause)
        self._pause = self._every if told else min(self._pause * 2, longest)
        return self._pause

    async def once(self, session: aiohttp.ClientSession) -> None:
        """Ask once; raises NotTold, NoAlerts, or what the network raises."""
        headers = {hdrs.AUTHORIZATION: f"Bearer {self._token}", hdrs.ACCEPT: "application/json"}
        if self._since:
            headers[hdrs.IF_MODIFIED_SINCE] = self._since
        async with session.get(self._url + PATH, headers=headers, allow_redirects=False) as answer:
            if answer.status in _REFUSED:
                self._pause = REFUSED_PAUSE
            if answer.status == HTTPStatus.OK:
                content = await answer.content.read(LONGEST_ANSWER + 1)
                while not answer.content.at_eof() and len(content) <= LONGEST_ANSWER:
                    content += await answer.content.read(LONGEST_ANSWER + 1 - len(content))
                self._content, self._since = content, answer.headers.get(hdrs.LAST_MODIFIED, "")
            elif answer.status != HTTPStatus.NOT_MODIFIED:
                raise NotTold(f"the source of air-raid alerts answered {answer.status}")
        # Read anew also where nothing was sent: the city's locations may be others by now.
        try:
            alarm = read_alarm(self._content, air_raid_rules().locations)
        except NoAlerts:
            self._since = ""
            raise
        if self._air.hear(alarm, self._clock.now()):
            log.info("air-raid alert %s", "holds" if alarm else "is over")
            self._changed()
