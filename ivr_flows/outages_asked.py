"""The menu's first key: what is off at the caller's address, which they are asked for if nobody knows it."""

from collections.abc import Sequence

from hotline.addresses import Address
from hotline.calls import Step
from hotline.conversation import Call, Next
from ivr_flows import outage_phrases as said
from ivr_flows.asking_where import affected_streets, ask_where
from ivr_flows.city import City
from ivr_flows.outage_announcement import concern, offer, tell
from ivr_flows.something_off import something_off


async def outages_asked(call: Call, city: City) -> Next:
    """Tell what holds at their address; where nothing does, take down what is off there."""
    holding = await city.outages.now(city.clock.now())
    addresses: Sequence[Address] = await city.known_places.addresses_of(call.number)
    nothing = said.NOTHING_AT_YOURS if addresses else said.NO_OUTAGES
    if not addresses and affected_streets(holding):
        match await ask_where(call, city, holding):
            case Next() as elsewhere:
                return elsewhere
            case Address() as there:
                addresses, nothing = [there], said.NOTHING_AT_YOURS
            case _:
                nothing = said.NO_OTHER_OUTAGES
    theirs = concern(addresses, holding)
    if theirs.outages:
        await tell(call, city, theirs)
        return await offer(call, city, theirs)
    if await call.announce(nothing):
        await call.note(Step.INFORMED, about="no-outage")
    return await something_off(call, city, addresses[0]) if addresses else Next.MENU
