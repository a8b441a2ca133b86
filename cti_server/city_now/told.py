"""News that callers of the whole city hear now: the message that is on, and the orders."""

from collections.abc import Sequence

from cti_server.city_now.sources import CityNowSources
from cti_server.frame.on_now import ToldNow
from hotline.access.permissions import Permission
from hotline.informing.orders import Way


async def read_told(sources: CityNowSources) -> Sequence[ToldNow]:
    """Read it from memory: each page of everybody says so."""
    now = sources.clock.now()
    message = await sources.messages.on(now)
    told = [
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
    return tuple(told)
