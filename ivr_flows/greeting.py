"""The greeting.

112 for danger to life, the key for a breakdown, the hotline's name; outages at the caller's address.
"""

import asyncio

from hotline.calls.conversation import Call, Next
from ivr_flows import prompts
from ivr_flows.appeals_ahead import appeals_ahead
from ivr_flows.city_message import tell_news
from ivr_flows.known_addresses import look_ahead
from ivr_flows.main_menu import EMERGENCY, in_other
from ivr_flows.optional import if_it_can
from ivr_flows.outage_announcement import Concern, concern_of_caller, offer, tell
from ivr_flows.ports import FlowPorts


async def greeting(call: Call, city: FlowPorts) -> Next:
    """Answer and greet; the caller hears of outages at their address even after an early key.

    Such a key was meant for the menu, and answers no question before it. Outages are what callers ask
    dispatchers about most, so that they are told before key 0 as well: a second key stops the announcement.
    The emergency's key waits for nothing.
    """
    await call.answer()
    heard, _ = await asyncio.gather(
        call.announce(*prompts.GREETING),
        if_it_can(look_ahead(call, city), None, "addresses not looked up"),
    )
    if await call.stopped_by(EMERGENCY):
        return Next.EMERGENCY
    if heard:  # others know their key already, and ask for a moment where they have to
        appeals_ahead(call, city)
    await tell_news(call, city)
    if await call.stopped_by(EMERGENCY):
        return Next.EMERGENCY
    return await their_outages(call, city, offers=heard)


async def their_outages(call: Call, city: FlowPorts, *, offers: bool = True) -> Next:
    """Tell what holds at their addresses, and offer (`offers`) to tell them when it is over."""
    nothing = Concern(addresses=(), outages=())
    theirs = await if_it_can(concern_of_caller(call, city), nothing, "outages not looked up")
    if not theirs.outages:
        return Next.MENU
    await tell(call, city, theirs, first=in_other(call), insist=True)
    if await call.stopped_by(EMERGENCY):
        return Next.EMERGENCY
    return await offer(call, city, theirs) if offers else Next.MENU
