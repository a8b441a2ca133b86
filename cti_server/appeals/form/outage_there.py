"""The outage that an appeal may be about: offered while it is registered and on its card."""

from datetime import datetime

from hotline.city.addresses import Streets
from hotline.outages.outage import Outage, Outages, concerning
from hotline.outages.reports import reported_by


async def outage_there(
    outages: Outages, streets: Streets, *, category: str, address: str, at: datetime
) -> Outage | None:
    """Find the outage of what the category says to be off, where the address is or in the whole city."""
    utility = reported_by(category)
    if utility is None or not address.strip():
        return None
    there = (await streets.gazetteer()).locate(address)
    same = [one for one in await outages.now(at) if one.utility is utility]
    return next(iter(concerning([] if there is None else [there], same)), None)
