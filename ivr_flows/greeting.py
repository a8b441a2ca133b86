"""The first words: 112 for danger to life, who answers, that the talk is recorded; what is broken now."""

from hotline.calls import Step
from hotline.conversation import Call, Next
from hotline.outages import OutageKind
from ivr_flows import prompts
from ivr_flows.city import City


async def greeting(call: Call, city: City) -> Next:
    """Answer and greet; an emergency of the whole city is told even to those who pressed a key before it."""
    await call.answer()
    await call.announce(
        prompts.EMERGENCY_NOTICE, prompts.WELCOME, prompts.RECORDING_NOTICE, prompts.ENGLISH_ON_NINE
    )
    now = city.clock.now()
    emergencies = [
        one for one in await city.outages.now(now) if one.city_wide and one.kind is OutageKind.EMERGENCY
    ]
    if emergencies:
        told = [prompts.outage(outage, city.timezone, now=now) for outage in emergencies]
        if await call.announce(prompts.CITY_EMERGENCY, *told, insist=True):
            await call.note(Step.INFORMED, about="outage")
    return Next.MENU
