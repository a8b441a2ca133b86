"""Fetches day schedules from the address of the settings: what did not change is not sent again."""

import logging
from datetime import tzinfo

import aiohttp
from attrs import define, field

from hotline.clock import Clock
from hotline.power.reading import LONGEST_FILE, NoSchedule, read_told
from hotline.power.schedule import OlderSchedule, PowerSchedules
from service.asking import AskedAddress

log = logging.getLogger(__name__)

SOURCE = "fetched"


@define(eq=False, repr=False, kw_only=True)
class Fetching:
    """Asks one address every five minutes; after each failure it waits twice as long, an hour at most."""

    _url: str
    _schedules: PowerSchedules
    _clock: Clock
    _zone: tzinfo
    _address: AskedAddress = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._address = AskedAddress(
            url=self._url,
            name="the source of schedules",
            longest=LONGEST_FILE,
            timeout=30,
            every=300,
            longest_pause=3600,
        )

    async def keep(self) -> None:
        """Fetch, for ever."""
        await self._address.keep(self.once, "schedules of power not fetched, what was told last stands")

    async def once(self, session: aiohttp.ClientSession) -> None:
        """Fetch once; raises NotFetched, NoSchedule, or what the network raises."""
        content = await self._address.content(session)
        # What has not changed is told again: its age is that of its copy, or this moment where it has none.
        try:
            told = read_told(content, heard_at=self._clock.now(), zone=self._zone)
            await self._schedules.take(told, source=SOURCE, by=None)
        except NoSchedule:
            self._address.forget()
            raise
        except OlderSchedule as older:
            log.info("fetched schedules not taken reason=%s", older)
            return
        if told.strange:
            log.warning("values of schedules that nobody knows values=%s", ",".join(told.strange))
