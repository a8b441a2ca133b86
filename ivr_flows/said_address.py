"""Asks for an address aloud: what was understood is read back, and taken when the caller says it is so."""

from collections.abc import Sequence

from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address, Gazetteer
from hotline.speech.hearing import Heard
from hotline.speech.spoken_numbers import NUMBERS
from hotline.speech.spoken_places import PLACES
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows.asking_where import LONGEST_HOUSE, house_number, remember, with_letter
from ivr_flows.ports import FlowPorts
from ivr_flows.spoken import DISPATCHER, YES, ask, may_speak, not_understood, yes_or_no

BY_KEYS = "#"
DIGITS = "0123456789"
MOST_READ_BACK = 2


async def said_address(call: Call, city: FlowPorts) -> Address | Next | None:
    """Have them say it, and keep it for their next call; None: by keys, as they wish or as nobody hears."""
    if not may_speak(call):
        return None
    register = await city.streets.gazetteer()
    listen_for = city.understanding.listen_for(call.language, PLACES)
    before: Sequence[Phrase] = ()
    misheard = 0
    while may_speak(call, misheard):
        match await call.listen(*before, said.SAY_ADDRESS, keys=BY_KEYS + DISPATCHER, only=listen_for):
            case Heard() as heard:
                guesses = await city.understanding.addresses(heard, register)
                match await _confirmed(call, city, guesses):
                    case Next() as elsewhere:
                        return elsewhere
                    case Address() as there:
                        there = there if there.house else await _with_house(call, city, there, register)
                        await remember(call, city, there)
                        return there
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case _:
                return None
        misheard += 1
        before = not_understood(misheard)
    return None


async def _confirmed(call: Call, city: FlowPorts, guesses: Sequence[Address]) -> Address | Next | None:
    """Read them back one after the other, until one is theirs."""
    for one in guesses[:MOST_READ_BACK]:
        asked = said.is_it_address(one)
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
    listen_for = city.understanding.listen_for(call.language, NUMBERS)
    match await ask(call, said.SAY_HOUSE, keys=DIGITS + BY_KEYS, only=listen_for):
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
