"""Addresses offered while one types: streets of the register, then the houses of the one that is meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.city.addresses import Address, FoundStreet, Streets
from hotline.city.search_terms import normalised

MOST_HOUSES = 12
_SHORTEST = 2
"""Letters before anything is said to be unknown."""


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


async def offered_addresses(streets: Streets, typed: str) -> OfferedAddresses:
    """Offer what the register has for this beginning of an address, old names included."""
    if not normalised(typed):
        return OfferedAddresses()
    located = (await streets.gazetteer()).locate(typed)
    found = await streets.find(typed)
    if located is None or (not located.house and len(found) > 1):
        unknown = (
            Unknown.STREET if not found and located is None and len(typed.strip()) >= _SHORTEST else None
        )
        return OfferedAddresses(streets=found, unknown=unknown)
    there = await streets.houses(located.street)
    if not located.house:
        return OfferedAddresses(houses=_first(located.street, there))
    begun = [one for one in there if normalised(one).startswith(located.house)]
    if there and not begun and not _names_one(typed, located.house, there):
        return OfferedAddresses(unknown=Unknown.HOUSE)
    ended = normalised(typed).replace(" ", "").endswith(located.house)  # else a flat follows, and stays
    return OfferedAddresses(houses=_first(located.street, begun) if ended else ())


def _first(street: str, houses: Sequence[str]) -> Sequence[Address]:
    return [Address(street=street, house=one) for one in houses[:MOST_HOUSES]]


def _names_one(typed: str, house: str, there: Sequence[str]) -> bool:
    """Whether one of the houses stands in the text: as it was located, or with all of its parts (`12/1`)."""
    said = f" {normalised(typed)} "
    return any(normalised(one) == house or f" {normalised(one)} " in said for one in there)
