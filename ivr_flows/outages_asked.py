"""The menu's first key: outages at the caller's address; without a known address the flow asks for one."""

from collections.abc import Sequence

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address, Gazetteer
from hotline.city.classifier import Utility
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows.asking_where import affected_streets, ask_where, house_number, remember, with_letter
from ivr_flows.known_addresses import known_addresses
from ivr_flows.outage_announcement import concern, offer, tell
from ivr_flows.ports import FlowPorts
from ivr_flows.said_address import said_address
from ivr_flows.something_off import report_wanted, something_off
from ivr_flows.street_by_letters import street_by_letters


async def outages_asked(call: Call, city: FlowPorts) -> Next:
    """Announce the outages at their address; where there is none, take a report."""
    if known := await known_addresses(call, city):
        return await _at(call, city, known, said.NOTHING_AT_YOURS)
    return await _where(call, city)


async def _where(call: Call, city: FlowPorts) -> Next:
    """Ask where they are if it matters now, and tell what holds there."""
    holding = await city.outages.now(city.clock.now())
    if not affected_streets(holding):
        return await _at(call, city, [], said.NO_OUTAGES)
    match await said_address(call, city) or await ask_where(call, city, holding):
        case Next() as elsewhere:
            return elsewhere
        case Address() as there:
            return await _at(call, city, [there], said.NOTHING_AT_YOURS)
        case _:
            return await _at(call, city, [], said.NO_OTHER_OUTAGES)


async def _anywhere(call: Call, city: FlowPorts) -> Next:
    """Take the report of a caller whose address nobody knows: street by its letters, then the house."""
    register = await city.streets.gazetteer()
    off: Utility | None = None
    match await report_wanted(call, city) if register.bare_names() else Next.MENU:
        case Next() as elsewhere:
            return elsewhere
        case Utility() as off:
            pass
    match await said_address(call, city) or await _by_letters(call, city, register):
        case Next() as elsewhere:
            return elsewhere
        case there:
            return await _at(call, city, [there], said.NOTHING_AT_YOURS, off=off)


async def _by_letters(call: Call, city: FlowPorts, register: Gazetteer) -> Address | Next:
    match await street_by_letters(call, register):
        case Next() as elsewhere:
            return elsewhere
        case street:
            number = await house_number(call)
            house = await with_letter(call, city, number, register.letters(street, number))
    there = register.at(street, house)
    await remember(call, city, there)
    return there


async def _at(
    call: Call,
    city: FlowPorts,
    addresses: Sequence[Address],
    nothing: Phrase,
    *,
    off: Utility | None = None,
) -> Next:
    """Tell what holds now: to say where they are may have taken a minute. `off`: what they said is off."""
    holding = await city.outages.now(city.clock.now())
    theirs = concern(addresses, holding)
    if theirs.outages:
        await tell(call, city, theirs)
        return await offer(call, city, theirs)
    if await call.announce(nothing):
        await call.note(Step.INFORMED, about="no-outage")
    if not addresses:
        return await _anywhere(call, city)
    another = bool(affected_streets(holding))
    going = await something_off(call, city, addresses[0], another=another, heard=off)
    return going or await _where(call, city)
