"""News for every caller: the city message, and standing orders that concern them."""

from collections.abc import Mapping, Sequence

from hotline.calls.call import Scalar, Step
from hotline.calls.conversation import Call
from hotline.city.addresses import Address
from hotline.informing.orders import Way
from hotline.informing.standing_orders import concerns, for_part
from hotline.voice.speech import Phrase
from ivr_flows import neighbour_phrases, prompts
from ivr_flows.known_addresses import known_addresses
from ivr_flows.optional import if_it_can
from ivr_flows.ports import FlowPorts


async def news(call: Call, city: FlowPorts) -> list[Phrase]:
    """Return the news for this caller, said before anything else; nothing that they have heard before."""
    found = await _not_told(call, city)
    return [prompts.CITY_MESSAGE, *found] if found else []


async def tell_news(call: Call, city: FlowPorts) -> None:
    """Tell it, also to those who pressed a key in the greeting; a new key cuts it short."""
    found = await _not_told(call, city)
    if found and await call.announce(prompts.CITY_MESSAGE, *found, insist=True):
        for told in found.values():
            await call.note(Step.INFORMED, **told)


async def _not_told(call: Call, city: FlowPorts) -> Mapping[Phrase, Mapping[str, Scalar]]:
    """List the news that they have not heard, with its note for the journey."""
    if city.neighbour is not None:
        theirs = neighbour_phrases.message(city.neighbour)
        return {} if theirs is None or call.was_told(theirs) else {theirs: {"about": "city-message"}}
    now = city.clock.now()
    found: dict[Phrase, Mapping[str, Scalar]] = {}
    message = await if_it_can(city.messages.on(now), None, "message to the whole city not looked up")
    if message is not None and not call.was_told(message.phrase):
        found[message.phrase] = {"about": "city-message"}
    orders = await if_it_can(city.orders.by(Way.IVR, now), (), "orders not looked up")
    orders = [one for one in orders if not call.was_told(one.phrase)]
    known: Sequence[Address] = ()
    if any(map(for_part, orders)):
        known = await if_it_can(known_addresses(call, city), (), "addresses not looked up")
    return found | {one.phrase: {"about": "order", "order": one.id} for one in orders if concerns(one, known)}
