"""Facts about the caller by their number, read once a call, during the greeting."""

from collections.abc import Sequence

from hotline.calls.conversation import Call
from hotline.city.addresses import Address
from hotline.informing.orders import Way
from hotline.informing.standing_orders import for_part
from ivr_flows.ports import FlowPorts


async def look_ahead(call: Call, city: FlowPorts) -> None:
    """Find out whether they know the menu, and their addresses if something holds in a part of the city.

    In a blackout all ask at once.
    """
    now = city.clock.now()
    if call.number is not None:
        call.knows_menu = await city.heard_menu(call.number, now - city.rules.menu_known_for)
    outages, orders = await city.outages.now(now), await city.orders.by(Way.IVR, now)
    if any(not one.city_wide for one in outages) or any(map(for_part, orders)):
        await known_addresses(call, city)


async def known_addresses(call: Call, city: FlowPorts) -> Sequence[Address]:
    """Give the addresses that are known of their number by now."""
    if call.addresses is None:
        call.addresses = await city.known_places.addresses_of(call.number)
    return call.addresses
