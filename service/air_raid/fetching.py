"""Asks alerts.in.ua for the alerts that are active: with the city's token, and as seldom as it demands.

The interface takes 8 to 10 requests a minute of one address. What has not changed is not sent again
(`If-Modified-Since`); after a failure the pause doubles, and a refused token is tried four times an hour.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs
from attrs import define, field

from hotline.air_raid.alarm import LONGEST_ANSWER, AirRaid, NoAlerts, read_alarm
from hotline.air_raid.measures import air_raid_rules
from hotline.clock import Clock
from service.asking import BY_TIME, AskedAddress, NotFetched

log = logging.getLogger(__name__)

PATH = "/v1/alerts/active.json"
EVERY_SECONDS = 20.0
LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 900.0
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@define(eq=False, repr=False, kw_only=True)
class AirRaidFetching:
    """Asks again and again, and tells `air` what was said; `changed` is called when another alert holds."""

    _url: str
    _token: str
    _air: AirRaid
    _clock: Clock
    _changed: Callable[[], None]
    address: AskedAddress = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.address = AskedAddress(
            url=self._url + PATH,
            name="the source of air-raid alerts",
            longest=LONGEST_ANSWER,
            timeout=10,
            every=EVERY_SECONDS,
            longest_pause=LONGEST_PAUSE,
            unchanged=BY_TIME,
            headers={hdrs.AUTHORIZATION: f"Bearer {self._token}"},
        )

    async def keep(self) -> None:
        """Ask, for ever."""
        self._air.begins(self._clock.now())
        await self.address.keep(self.once, "air-raid alerts not told by their source")

    async def once(self, session: aiohttp.ClientSession) -> None:
        """Ask once; raises NotFetched, NoAlerts, or what the network raises."""
        try:
            content = await self.address.content(session)
        except NotFetched as failed:
            if failed.status in _REFUSED:
                self.address.leave_alone(REFUSED_PAUSE)
            raise
        # Read anew also where nothing was sent: the city's locations may be others by now.
        try:
            alarm = read_alarm(content, air_raid_rules().locations)
        except NoAlerts:
            self.address.forget()
            raise
        if self._air.hear(alarm, self._clock.now()):
            log.info("air-raid alert %s", "holds" if alarm else "is over")
            self._changed()
