"""Asks for an address aloud: what was understood is read back, and taken when the caller says it is so.

What is off may be said with it, and the address with what is off: both are read back at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address, Gazetteer
from hotline.city.classifier import Utility
from hotline.speech.hearing import Heard
from hotline.speech.spoken_numbers import NUMBERS
from hotline.speech.spoken_places import PLACES
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows.asking_where import LONGEST_HOUSE, house_number, remember, with_letter
from ivr_flows.ports import FlowPorts
from ivr_flows.spoken import DISPATCHER, YES, ask, may_speak, not_understood, unless_emergency, yes_or_no

BY_KEYS = "#"
DIGITS = "0123456789"
MOST_READ_BACK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The utility and the addresses that a caller has named and not confirmed yet."""

    off: Utility | None = None
    places: Sequence[Address] = ()
    """The likeliest first."""


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An address that the caller has confirmed, and with it what is off there, if they have said so."""

    there: Address
    off: Utility | None = None


async def told_in(city: FlowPorts, heard: Heard) -> Told:
    """Take out of a sentence what is off, and where."""
    register = await city.streets.gazetteer()
    now = city.clock.now().astimezone(city.timezone)
    return Told(
        off=await city.understanding.utility(heard),
        places=await city.understanding.addresses_told(heard, register, now),
    )


async def said_address(call: Call, city: FlowPorts, told: Told = NOTHING_TOLD) -> Agreed | Next | None:
    """Have them confirm what they have told, or say where they are; it is kept for their next call.

    None: by keys, as they wish or as nobody hears.
    """
    if (found := await agreed(call, city, told)) is not None:
        return found
    if not may_speak(call):
        return None
    register = await city.streets.gazetteer()
    hints = city.understanding.hints(call.language, PLACES)
    before: Sequence[Phrase] = ()
    misheard = 0
    while may_speak(call, misheard):
        given = await call.listen(*before, said.SAY_ADDRESS, keys=BY_KEYS + DISPATCHER, hints=hints)
        match await unless_emergency(city.understanding, given, where=True, streets=register):
            case Heard() as heard:
                off = await city.understanding.utility(heard) or told.off
                places = await city.understanding.addresses(heard, register)
                if (found := await agreed(call, city, Told(off=off, places=places))) is not None:
                    return found
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case _:
                return None
        misheard += 1
        before = not_understood(misheard)
    return None


async def agreed(call: Call, city: FlowPorts, told: Told) -> Agreed | Next | None:
    """Read back what they have told, the likeliest address first, until it is so; None: it is not."""
    match await _confirmed(call, city, told.places, told.off):
        case Address() as there:
            register = await city.streets.gazetteer()
            there = there if there.house else await _with_house(call, city, there, register)
            await remember(call, city, there)
            return Agreed(there=there, off=told.off)
        case other:
            return other


async def _confirmed(
    call: Call, city: FlowPorts, guesses: Sequence[Address], off: Utility | None = None
) -> Address | Next | None:
    """Read them back one after the other, until one is theirs."""
    for one in guesses[:MOST_READ_BACK]:
        asked = said.is_it_address(one) if off is None else said.is_it_off_at(off, one)
        match await yes_or_no(call, city.understanding, asked, keys=DISPATCHER):
            case key if key == YES:
                return one
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case None:
                return None
    return None


async def _with_house(call: Call, city: FlowPorts, there: Address, register: Gazetteer) -> Address:
    """Ask for the house, aloud or by keys; without one it is the whole street."""
    hints = city.understanding.hints(call.language, NUMBERS)
    given = await ask(call, said.SAY_HOUSE, keys=DIGITS + BY_KEYS, hints=hints)
    match await unless_emergency(city.understanding, given, where=True):
        case Heard() as heard:
            guesses = await city.understanding.houses(heard, there.street, register)
            if isinstance(found := await _confirmed(call, city, guesses), Address):
                return found
            number = await house_number(call)
        case key if key and key in DIGITS:
            number = key + (await call.digits(most=LONGEST_HOUSE - 1) or "").replace("*", "")
        case _:
            return there
    house = await with_letter(call, city, number, register.letters(there.street, number))
    return register.at(there.street, house)
