"""Known addresses of a telephone number: of the citizens registered with it, and those it once keyed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hotline.city.addresses import Address


def exact_ones(addresses: Sequence[Address]) -> Sequence[Address]:
    """Leave out repetitions, and a street without a house where one of its houses is known as well."""
    with_house = {one.street for one in addresses if one.house}
    return [one for one in dict.fromkeys(addresses) if one.house or one.street not in with_house]


class KnownPlaces(Protocol):
    """The addresses known of a number."""

    async def addresses_of(self, number: str | None) -> Sequence[Address]:
        """Give those of an E.164 number, the citizens' own before those that were keyed in; of None, none.

        What the register of streets does not know is left out.
        """
        ...

    async def remember(self, number: str, address: Address, *, call_id: str, at: datetime) -> None:
        """Keep what a caller answered by keys; said again, it was said at that later moment."""
        ...
