"""An address typed into a list's one box, told from other words."""

import re

from hotline.city.addresses import Address, Streets

_UP_TO_A_HOUSE = re.compile(r".*\d+\s*\w?")


async def place_of(text: str, streets: Streets) -> Address | None:
    """Find the street or the house that the whole text names; None for other words."""
    if not text:
        return None
    gazetteer = await streets.gazetteer()
    if street := gazetteer.street(text):
        return Address(street=street)
    found = gazetteer.locate(text) if _UP_TO_A_HOUSE.fullmatch(text) else None
    return found if found and found.house else None
