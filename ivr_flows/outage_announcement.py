"""What is off in the city, told by the machine."""

from hotline.calls import Step
from hotline.conversation import Call, Next
from ivr_flows import prompts
from ivr_flows.city import City


async def outage_announcement(call: Call, city: City) -> Next:
    """Tell the caller of every outage of the whole city, then offer the menu again."""
    now = city.clock.now()
    outages = [one for one in await city.outages.now(now) if one.city_wide]
    told = [prompts.outage(outage, city.timezone, now=now) for outage in outages]
    if await call.announce(*told or [prompts.NO_OUTAGES]):
        await call.note(Step.INFORMED, about="outage")
    return Next.MENU
