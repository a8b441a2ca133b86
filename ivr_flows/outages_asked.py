"""The menu's first key: outages at the caller's address; without a known address the flow asks for one.

What they have said in the menu is not asked for again.
"""

from collections.abc import Sequence

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address, Gazetteer
from hotline.city.classifier import Utility
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows.asking_where import (
    Elsewhere,
    affected_streets,
    ask_where,
    house_number,
    remember,
    with_letter,
)
from ivr_flows.known_addresses import known_addresses
from ivr_flows.outage_announcement import concern, offer, tell
from ivr_flows.ports import FlowPorts
from ivr_flows.power_ahead import may_ask
from ivr_flows.power_phrases import WHERE, off_now
from ivr_flows.power_told import asked_by_schedules, power_at, tell_power
from ivr_flows.said_address import NOTHING_TOLD, Agreed, Told, agreed, said_address, told_in
from ivr_flows.something_off import report_wanted, something_off
from ivr_flows.street_by_letters import street_by_letters


async def outages_asked(call: Call, city: FlowPorts) -> Next:
    """Announce the outages at their address; where there is none, take a report."""
    heard, call.said_in_menu = call.said_in_menu, None
    told = NOTHING_TOLD if heard is None else await told_in(city, heard)
    if not told.places and (known := await known_addresses(call, city)):
        return await _at(call, city, known, said.NOTHING_AT_YOURS, told=told)
    return await _where(call, city, told)


async def _where(call: Call, city: FlowPorts, told: Told = NOTHING_TOLD) -> Next:
    """Ask where they are if it matters now and they have not said, and tell what holds there."""
    holding = await city.outages.now(city.clock.now())
    matters = bool(affected_streets(holding))
    found: Agreed | Address | Elsewhere | Next | None = None
    if matters:
        found = await said_address(call, city, told) or await ask_where(call, city, holding)
    elif not any(one.city_wide for one in holding):
        found = await agreed(call, city, told)
    match found:
        case Next() as elsewhere:
            return elsewhere
        case Agreed() as theirs:
            return await _at_agreed(call, city, theirs)
        case Address() as there:
            return await _at(call, city, [there], said.NOTHING_AT_YOURS, told=told)
        case _:
            nothing = said.NO_OTHER_OUTAGES if matters else said.NO_OUTAGES
            return await _at(call, city, [], nothing, told=Told(off=told.off))


async def _anywhere(call: Call, city: FlowPorts, told: Told) -> Next:
    """Ask a caller whose address nobody knows: street by its letters, then the house.

    While schedules hold each house has its own hours; otherwise only who has something to report is asked.
    """
    register = await city.streets.gazetteer()
    if not register.bare_names():
        return Next.MENU
    if await asked_by_schedules(call, city):
        await call.announce(WHERE)
    elif told == NOTHING_TOLD:
        match await report_wanted(call, city):
            case Next() as elsewhere:
                return elsewhere
            case Told() as told:
                pass
    match await said_address(call, city, told) or await _by_letters(call, city, register):
        case Next() as elsewhere:
            return elsewhere
        case Agreed() as theirs:
            return await _at_agreed(call, city, theirs)
        case there:
            return await _at(call, city, [there], said.NOTHING_AT_YOURS, told=told)


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


async def _at_agreed(call: Call, city: FlowPorts, theirs: Agreed) -> Next:
    told = Told(off=theirs.off)
    return await _at(call, city, [theirs.there], said.NOTHING_AT_YOURS, told=told, agreed_upon=True)


async def _at(
    call: Call,
    city: FlowPorts,
    addresses: Sequence[Address],
    nothing: Phrase,
    *,
    told: Told,
    agreed_upon: bool = False,
) -> Next:
    """Tell what holds now: to say where they are may have taken a minute.

    `told` is what they have said; `agreed_upon`: and confirmed.
    """
    holding = await city.outages.now(city.clock.now())
    theirs = concern(addresses, holding)
    power = await power_at(call, city, addresses[0] if addresses else None)
    if theirs.outages:
        await tell(call, city, theirs)
        if power is not None and not any(one.utility is Utility.POWER for one in theirs.outages):
            await tell_power(call, city, power)
        return await offer(call, city, theirs)
    if not (power is not None and off_now(power)) and await call.announce(nothing):
        await call.note(Step.INFORMED, about="no-outage")
    if power is not None:
        await tell_power(call, city, power)
    if not addresses:
        return await _anywhere(call, city, told)
    another = bool(affected_streets(holding))
    going = await something_off(
        call,
        city,
        addresses[0],
        another=another,
        ahead=may_ask(call, city, power),
        off=told.off,
        agreed_upon=agreed_upon,
    )
    if isinstance(going, Agreed):  # another address, where something else may hold
        return await _at_agreed(call, city, going)
    return going or await _where(call, city)
