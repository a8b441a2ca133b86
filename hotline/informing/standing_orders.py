"""Standing orders: they inform callers of the hotline and readers of the public page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hotline.city.addresses import Address
from hotline.informing.orders import InformingOrder, Way


class StandingOrders(Protocol):
    """Orders told by one of `hotline.informing.orders.STANDING`."""

    async def by(self, way: Way, at: datetime) -> Sequence[InformingOrder]:
        """Give those that this way tells at this moment, in the order in which they began.

        Every call asks: the answer is quick.
        """
        ...

    async def stopped(self, way: Way, since: datetime) -> Sequence[InformingOrder]:
        """Give those that this way told until somebody stopped them since then, the latest first."""
        ...

    async def ahead(self) -> Sequence[InformingOrder]:
        """Give all that callers hear, or will hear once it is time."""
        ...


def for_part(order: InformingOrder) -> bool:
    """Tell whether it is for some streets alone. Categories and lists only say who is looked up."""
    return bool(order.audience.areas)


def concerns(order: InformingOrder, addresses: Sequence[Address]) -> bool:
    """Tell whether it is for somebody who lives there; of whom nothing is known hears what is for all."""
    areas = order.audience.areas
    return not areas or any(area.covers(address) for area in areas for address in addresses)
