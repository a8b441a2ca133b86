"""A reader's query: a language, a theme, an address as they wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.frame.language import LANGUAGES, language_of
from cti_server.frame.pages import THEME_COOKIE, THEMES
from cti_server.outages.public.published import Key
from hotline.city.addresses import Address, FoundStreet, Streets
from hotline.outages.bulletin import Bulletin

LONGEST_ADDRESS = 120
_LIKE_IT = 6
"""How many streets are named where an address is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressQuery:
    """One query. `address` is as typed, cut at the longest address; empty: the whole city."""

    language: str
    theme: str
    address: str

    def key(self, name: str) -> Key:
        return (name, self.language, self.theme, self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressOutages:
    """The address found, and its outages; unknown without `address`."""

    typed: str
    bulletin: Bulletin
    address: Address | None = None
    alike: Sequence[FoundStreet] = ()
    """Streets that may have been meant."""

    @property
    def unknown(self) -> bool:
        return bool(self.typed) and self.address is None


def asked_of(request: web.Request, *, looks: bool = True) -> AddressQuery:
    """Read the request; what does not follow the reader's own choice `looks` at nothing but its address."""
    query = request.query
    chosen = query.get("lang", "")
    if chosen not in LANGUAGES:
        chosen = language_of(request) if looks else "uk"
    theme = query.get("theme") or (request.cookies.get(THEME_COOKIE, "") if looks else "")
    return AddressQuery(
        language=chosen,
        theme=theme if theme in THEMES else "auto",
        address=" ".join(query.get("address", "").split())[:LONGEST_ADDRESS],
    )


async def place_of(asked: AddressQuery, bulletin: Bulletin, streets: Streets) -> AddressOutages:
    """Find the address; all of the city where none was given."""
    if not asked.address:
        return AddressOutages(typed="", bulletin=bulletin)
    address = (await streets.gazetteer()).locate(asked.address)
    if address is None:
        alike = await streets.find(asked.address, _LIKE_IT)
        return AddressOutages(typed=asked.address, bulletin=bulletin, alike=alike)
    return AddressOutages(typed=asked.address, bulletin=bulletin.concerning(address), address=address)
