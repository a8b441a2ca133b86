"""Ports of the pages of power."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.auth.rates import WrongTokens
from cti_server.power.edition import PowerEdition
from hotline.city.addresses import Address, Streets
from hotline.city.classifier import Utility
from hotline.clock import Clock
from hotline.outages.outage import Outage, Outages
from hotline.power.accounts import AccountQueues
from hotline.power.forecast import Forecast, forecast, midnight
from hotline.power.queues import power_queues
from hotline.power.schedule import KnownPower, PowerSchedules

FREE_WRONG = 10
"""Accounts that nobody knows, from one address within an hour, before it has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSources:
    """Ports; `fetched_from` is the address that the schedules are fetched from, empty for none."""

    schedules: PowerSchedules
    outages: Outages
    streets: Streets
    clock: Clock
    timezone: ZoneInfo
    accounts: AccountQueues
    fetched_from: str = ""
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))
    """Counts accounts that nobody knows, by the address whence they come."""
    edition: PowerEdition = field(default_factory=PowerEdition)

    def today_begins(self) -> datetime:
        """Give the last midnight of the city, in UTC."""
        return midnight(self.clock.now().astimezone(self.timezone).date(), self.timezone)

    async def at(self, address: Address) -> Forecast:
        """Tell of a house, from the last midnight on."""
        now = self.clock.now()
        outages = [*await self.outages.now(now), *await self.outages.coming(now)]
        of_power = [one for one in outages if one.utility is Utility.POWER]
        return self.of(await self.schedules.known(), power_queues().at(address), of_power, address=address)

    def of(
        self,
        known: KnownPower,
        queues: Sequence[str],
        outages: Sequence[Outage] = (),
        *,
        address: Address | None = None,
    ) -> Forecast:
        """Tell of queues, from the last midnight on."""
        return forecast(
            known,
            queues,
            outages,
            now=self.clock.now(),
            zone=self.timezone,
            address=address,
            since=self.today_begins(),
        )


POWER: web.AppKey[PowerSources] = web.AppKey("power")
