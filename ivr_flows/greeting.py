"""The first words: 112 for danger to life, who answers, that the talk is recorded; what is off at theirs."""

import asyncio

from hotline.conversation import Call, Next
from ivr_flows import prompts
from ivr_flows.city import City
from ivr_flows.city_message import tell_news
from ivr_flows.known_addresses import look_ahead
from ivr_flows.optional import if_it_can
from ivr_flows.outage_announcement import Concern, concern_of_caller, offer, tell


async def greeting(call: Call, city: City) -> Next:
    """Answer and greet; what is off at the caller's is told even to those who pressed a key before it.

    Such a key was meant for the menu, and answers no question before it.
    """
    await call.answer()
    heard, _ = await asyncio.gather(
        call.announce(
            prompts.EMERGENCY_NOTICE, prompts.WELCOME, prompts.RECORDING_NOTICE, prompts.ENGLISH_ON_NINE
        ),
        if_it_can(look_ahead(call, city), None, "addresses not looked up"),
    )
    await tell_news(call, city)
    nothing = Concern(addresses=(), outages=())
    theirs = await if_it_can(concern_of_caller(call, city), nothing, "outages not looked up")
    if not theirs.outages:
        return Next.MENU
    await tell(call, city, theirs, insist=True)
    return await offer(call, city, theirs) if heard else Next.MENU
