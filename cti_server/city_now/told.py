"""News that callers of the whole city hear now: the message that is on, and the orders."""

from collections.abc import Sequence

from cti_server.city_now.sources import CityNowSources
from cti_server.frame.on_now import AirRaidNow, Told, ToldNow
from hotline.access.permissions import Permission
from hotline.air_raid.alarm import CALM
from hotline.air_raid.measures import air_raid_rules
from hotline.informing.orders import Way


async def read_told(sources: CityNowSources) -> Sequence[Told]:
    """Read it from memory: each page of everybody says so."""
    now = sources.clock.now()
    message = await sources.messages.on(now)
    told: list[Told] = [
        ToldNow(
            title=f"{one.number} · {one.subject}",
            until=one.until,
            address=f"/informing/{one.id}",
            leads=Permission.PREPARE_INFORMING,
            order=True,
        )
        for one in await sources.orders.by(Way.IVR, now)
    ]
    if message is not None:
        told.insert(
            0,
            ToldNow(
                title=message.title,
                until=message.until,
                address="/announcements",
                leads=Permission.SEE_ANNOUNCEMENTS,
            ),
        )
    air = sources.air.now(now)
    if air != CALM:
        measures = air_raid_rules().measures
        told.insert(0, AirRaidNow(alarm=air.alarm, silent_since=air.silent_since, measures=measures))
    return tuple(told)
