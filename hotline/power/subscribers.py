"""Tells subscribers before the power changes at theirs: a look a minute, and after each change of schedules.

It keeps nothing: what each subscriber heard last is on record, so that a round after a crash goes on.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Protocol

from attrs import define, field

from hotline.city.classifier import Utility
from hotline.clock import Clock
from hotline.outages.outage import Outage, Outages
from hotline.power.forecast import Forecast, forecast
from hotline.power.queues import PowerQueues, power_queues
from hotline.power.schedule import KnownPower, PowerSchedules
from hotline.power.telling import PowerNews, PowerSubscriber, news_for

AT_ONCE = 100
"""Subscribers told in one transaction, so that no call waits for it long."""

log = logging.getLogger(__name__)


class PowerSubscribers(Protocol):
    """The residents who are told before the power changes."""

    async def living(self) -> Sequence[PowerSubscriber]: ...

    async def tell(self, news: Sequence[PowerNews], at: datetime, day: date) -> int:
        """Owe them the notices; returns how many.

        Those who have stopped or were told meanwhile are left out, and those who were told enough on this day
        of the city, alone or all together. What they were owed of an earlier change is taken back.
        """
        ...

    async def drop_late(self, at: datetime) -> int:
        """Take back notices of changes that are over; returns how many subscribers they were owed to.

        One that tells of no change to come (called off, suspended) is over MOVED_WITHIN after it was owed.
        """
        ...


@define(eq=False, repr=False, kw_only=True)
class TellsOfPower:
    """Looks who is to be told; nothing is read while neither the minute nor the schedules are new."""

    _schedules: PowerSchedules
    _outages: Outages
    _subscribers: PowerSubscribers
    _clock: Clock
    _zone: tzinfo
    _looked: tuple[datetime, KnownPower] | None = field(default=None, init=False)

    async def round(self) -> None:
        """Tell all who are due."""
        known, now = await self._schedules.known(), self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        if self._looked == (minute, known):
            return
        await self._subscribers.drop_late(now)  # though no schedule is known: all may be over by now
        if known.schedules and (subscribers := await self._subscribers.living()):
            await self._tell(subscribers, known, now)
        self._looked = minute, known

    async def _tell(self, subscribers: Sequence[PowerSubscriber], known: KnownPower, now: datetime) -> None:
        outages = [one for one in await self._outages.now(now) if one.utility is Utility.POWER]
        queues, made = power_queues(), dict[object, Forecast]()
        news = []
        for one in subscribers:
            there = self._of(one, known, queues, outages, now, made)
            if there is not None and (told := news_for(one, there, now, self._zone)):
                news.append(told)
        day = now.astimezone(self._zone).date()
        for first in range(0, len(news), AT_ONCE):
            if count := await self._subscribers.tell(news[first : first + AT_ONCE], now, day):
                log.info("subscribers told before the power changes subscribers=%d", count)
            await asyncio.sleep(0)

    def _of(  # noqa: PLR0917 - what a round knows
        self,
        one: PowerSubscriber,
        known: KnownPower,
        queues: PowerQueues,
        outages: Sequence[Outage],
        now: datetime,
        made: dict[object, Forecast],
    ) -> Forecast | None:
        """Give what is known of their house; houses of the same queues without an outage share it."""
        names = queues.at(one.place)
        if not names:
            return None
        own = [outage for outage in outages if outage.concerns(one.place)]
        key: object = (*names, one.place) if own else tuple(names)
        if key not in made:
            made[key] = forecast(known, names, own, now=now, zone=self._zone, address=one.place)
        return made[key]
