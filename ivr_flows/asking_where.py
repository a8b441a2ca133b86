"""Asks a caller without a known address for their street, by keys among the streets with an outage now."""

from collections.abc import Mapping, Sequence
from enum import Enum

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.city.addresses import Address, Area
from hotline.city.search_terms import normalised
from hotline.outages.outage import Outage
from ivr_flows import outage_phrases as said
from ivr_flows import prompts
from ivr_flows.ports import FlowPorts

KEYS = "12345678"
MORE, DISPATCHER, NOT_AMONG = "9", "0", "*"
YES, NO = "1", "2"
LONGEST_HOUSE = 4
MISTAKES_BORNE = 3


class Elsewhere(Enum):
    """They are at none of these places."""

    NOT_HERE = "not-here"


def affected_streets(holding: Sequence[Outage]) -> Sequence[str]:
    """Give the streets and quarters where something is off, each once, as the outages come."""
    return list(dict.fromkeys(area.street for one in holding for area in one.areas))


def lists_of_streets(holding: Sequence[Outage]) -> Sequence[Mapping[str, str]]:
    """Give the short lists that are read one after the other: key → street."""
    streets = affected_streets(holding)
    begins = range(0, len(streets), len(KEYS))
    return [dict(zip(KEYS, streets[begin:], strict=False)) for begin in begins]


async def ask_where(call: Call, city: FlowPorts, holding: Sequence[Outage]) -> Address | Elsewhere | Next:
    """Find the caller's address and store it for their next call; a lost caller gets a dispatcher."""
    match await _street(call, lists_of_streets(holding)):
        case Next() | Elsewhere() as other:
            return other
        case street:
            there = Address(street=street, house=await _house(call, _on(street, holding)))
    await call.note(Step.PLACE_SAID, place=there.text)
    if call.number is not None:
        await city.known_places.remember(call.number, there, call_id=call.id, at=city.clock.now())
        call.addresses = None
    return there


async def _street(call: Call, lists: Sequence[Mapping[str, str]]) -> str | Elsewhere | Next:
    shown = mistakes = 0
    while mistakes < MISTAKES_BORNE:
        by_key = lists[shown]
        more = MORE if len(lists) > 1 else ""
        asked = said.where_choices(by_key, more=bool(more))
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


async def _house(call: Call, areas: Sequence[Area]) -> str:
    """Ask for the house where it matters; empty when it does not, or when they key none in."""
    if all(area.whole for area in areas):
        return ""
    number = (await call.digits(said.ASK_HOUSE, most=LONGEST_HOUSE) or "").replace("*", "")
    letters = dict.fromkeys(
        normalised(area.letter) for area in areas if area.letter and str(area.first) == number
    )
    for letter in letters:
        if await call.choose(said.is_it_house(number, letter), keys=f"{YES}{NO}") == YES:
            return number + letter
    return number
