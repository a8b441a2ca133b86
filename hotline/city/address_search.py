"""Addresses offered while one types: streets of the register, then the houses of the one that is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.city.addresses import Address, FoundStreet, Streets
from hotline.city.search_terms import normalised

MOST_HOUSES = 12
_SHORTEST = 2
"""Letters before anything is said to be unknown."""
_LAST_WORD = re.compile(r"\b\w++\W*+$")
_BEHIND = re.compile(r"[\s,](\d.*)", re.DOTALL)
_LETTER_APART = re.compile(r"^(\d+) ([^\W\d])(?!\w)")


class Unknown(StrEnum):
    """What the register does not have of a typed address; it may be written down all the same."""

    STREET = "street"
    HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedAddresses:
    """Streets that may be meant, or houses of the one that is."""

    streets: Sequence[FoundStreet] = ()
    houses: Sequence[Address] = ()
    unknown: Unknown | None = None
    behind: str = ""
    """The house, and whatever follows, that was typed behind a street that is only begun: it stays."""


async def offered_addresses(streets: Streets, typed: str) -> OfferedAddresses:
    """Offer what the register has for this beginning of an address, old names included."""
    if not normalised(typed):
        return OfferedAddresses()
    gazetteer, found = await streets.gazetteer(), await streets.find(typed)
    located = gazetteer.locate(typed)
    if located is None or (not located.house and len(found) > 1):
        unknown = (
            Unknown.STREET if not found and located is None and len(typed.strip()) >= _SHORTEST else None
        )
        return OfferedAddresses(streets=found, unknown=unknown, behind=_behind(typed, found))
    there = await streets.houses(located.street)
    if not located.house:
        return OfferedAddresses(houses=_first(located.street, there))
    begun = [one for one in there if _as_located(one).startswith(located.house)]
    if there and not begun:
        return OfferedAddresses(unknown=Unknown.HOUSE)
    before = gazetteer.locate(_LAST_WORD.sub("", typed))
    goes_on = before is not None and before.house == located.house  # with a flat, which stays
    return OfferedAddresses(houses=() if goes_on else _first(located.street, begun))


def _first(street: str, houses: Sequence[str]) -> Sequence[Address]:
    return [Address(street=street, house=one) for one in houses[:MOST_HOUSES]]


def _behind(typed: str, found: Sequence[FoundStreet]) -> str:
    """Take what was typed from the first number on, where no street that is meant has one in its name."""
    numbered = any(one.isdigit() for street in found for one in street.name + street.alias)
    behind = None if numbered else _BEHIND.search(typed.strip())
    return behind[1] if behind else ""


def _as_located(house: str) -> str:
    """Write a house of the register as `Gazetteer.locate` finds one: `7-а` → `7а`, `12/1` → `12 1`."""
    return _LETTER_APART.sub(r"\1\2", normalised(house))
