"""Asks a caller without a known address for their street, by keys among the streets with an outage now."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address, Area
from hotline.city.search_terms import normalised
from hotline.outages.outage import Outage
from hotline.voice.speech import Phrase
from ivr_flows import outage_phrases as said
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts
from ivr_flows.spoken import YES, yes_or_no

KEYS = "12345678"
MORE, DISPATCHER, NOT_AMONG = "9", "0", "*"
LONGEST_HOUSE = 4
MISTAKES_BORNE = 3


class Elsewhere(Enum):
    """They are at none of these places."""

    NOT_HERE = "not-here"


def affected_streets(holding: Sequence[Outage]) -> Sequence[str]:
    """Give the streets and quarters where something is off, each once, as the outages come."""
    return list(dict.fromkeys(area.street for one in holding for area in one.areas))


def lists_of_streets(holding: Sequence[Outage]) -> Sequence[Mapping[str, str]]:
    """Give the lists of streets in which something is off."""
    return in_lists(affected_streets(holding))


def in_lists(streets: Sequence[str]) -> Sequence[Mapping[str, str]]:
    """Give the short lists that are read one after the other: key → street."""
    begins = range(0, len(streets), len(KEYS))
    return [dict(zip(KEYS, streets[begin:], strict=False)) for begin in begins]


async def ask_where(call: Call, city: FlowPorts, holding: Sequence[Outage]) -> Address | Elsewhere | Next:
    """Find the caller's address and store it for their next call; a lost caller gets a dispatcher."""
    match await choose_street(call, lists_of_streets(holding), said.ASK_WHERE):
        case Next() | Elsewhere() as other:
            return other
        case street:
            there = Address(street=street, house=await _house(call, city, _on(street, holding)))
    await remember(call, city, there)
    return there


async def remember(call: Call, city: FlowPorts, there: Address) -> None:
    """Keep what they answered for their next call."""
    await call.note(Step.PLACE_SAID, place=there.text)
    if call.number is not None:
        await city.known_places.remember(call.number, there, call_id=call.id, at=city.clock.now())
        call.addresses = None


async def choose_street(
    call: Call, lists: Sequence[Mapping[str, str]], asked_first: Phrase
) -> str | Elsewhere | Next:
    """Read one list after the other until a street is chosen."""
    shown = mistakes = 0
    while mistakes < MISTAKES_BORNE:
        by_key = lists[shown]
        more = MORE if len(lists) > 1 else ""
        asked = said.where_choices(by_key, more=bool(more), asked=asked_first)
        before = [prompts.WRONG_KEY] if mistakes else []
        match await call.choose(*before, *asked, keys=f"{''.join(by_key)}{more}{DISPATCHER}{NOT_AMONG}"):
            case None:
                return Next.MENU
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case key if key == NOT_AMONG:
                return Elsewhere.NOT_HERE
            case key if key == more:
                shown, mistakes = (shown + 1) % len(lists), 0
            case key if key in by_key:
                return by_key[key]
            case _:
                mistakes += 1
    return Next.DISPATCHER


def _on(street: str, holding: Sequence[Outage]) -> Sequence[Area]:
    return [area for one in holding for area in one.areas if area.street == street]


async def _house(call: Call, city: FlowPorts, areas: Sequence[Area]) -> str:
    """Ask for the house where it matters; empty when it does not, or when they key none in."""
    if all(area.whole for area in areas):
        return ""
    number = await house_number(call)
    letters = dict.fromkeys(
        normalised(area.letter) for area in areas if area.letter and str(area.first) == number
    )
    return await with_letter(call, city, number, letters)


async def house_number(call: Call) -> str:
    return (await call.digits(said.ASK_HOUSE, most=LONGEST_HOUSE) or "").replace("*", "")


async def with_letter(call: Call, city: FlowPorts, number: str, letters: Iterable[str]) -> str:
    """Ask for a letter that no key has, of those that houses of this number have."""
    for letter in letters:
        if await yes_or_no(call, city.understanding, said.is_it_house(number, letter)) == YES:
            return number + letter
    return number
