"""Addresses of the register: found as one types, and by coordinates."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.operation import operation
from cti_server.api.paging import Page
from cti_server.api.sources import API
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.city.address_search import Unknown, offered_addresses
from hotline.city.addresses import Address as Known
from hotline.city.house_places import Place, PlacedHouses

_MAY = (Permission.SEE_APPEALS, Permission.WORK_ON_APPEALS)
_SCOPES = (Scope.APPEALS_READ, Scope.APPEALS_REGISTER)
Latitude = Annotated[float, Meta(ge=-90, le=90, description="Degrees of WGS 84.")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="Degrees of WGS 84.")]


class AddressesAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The beginning of an address."""

    q: Annotated[str, Meta(min_length=1, max_length=200, description="In any spelling; old names are known.")]


class NearestAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A place, and how many houses are wanted."""

    lat: Latitude
    long: Longitude
    limit: Annotated[int, Meta(ge=1, le=20)] = 5


class Address(msgspec.Struct, kw_only=True):
    """A street, or a house in it; as the register writes it."""

    address: str
    street: str
    house: Annotated[str | None, Meta(description="null for a whole street or quarter.")]
    lat: Annotated[float | None, Meta(description="Where the city's map has the house; else null.")]
    long: float | None
    metres: Annotated[float | None, Meta(description="From the place that was asked for; else null.")] = None


class AddressPage(Page, kw_only=True):
    """Addresses; `next` is always null."""

    items: list[Address]
    unknown: Annotated[
        Unknown | None,
        Meta(description="What the register does not have of it; it may be sent all the same."),
    ] = None


@operation("GET", "/addresses", *_MAY, scopes=_SCOPES, summary=N_("Find addresses"))
async def find_addresses(request: web.Request, query: AddressesAsked) -> AddressPage:
    """Streets that may be meant, or the houses of the one that is: what a dispatcher is offered as well."""
    sources = request.app[API]
    found, places = await offered_addresses(sources.streets, query.q), await sources.places.now()
    streets = [
        Address(address=one.name, street=one.name, house=None, lat=None, long=None) for one in found.streets
    ]
    return AddressPage(
        items=[*streets, *(_house(places, one) for one in found.houses)], unknown=found.unknown
    )


@operation("GET", "/addresses/nearest", *_MAY, scopes=_SCOPES, summary=N_("Find houses near a place"))
async def nearest_addresses(request: web.Request, query: NearestAsked) -> AddressPage:
    """The houses nearest to coordinates, with how far each is; none where the city's map has no houses."""
    places = await request.app[API].places.now()
    found = places.nearest(query.lat, query.long, query.limit)
    return AddressPage(items=[_shown(one, one.metres_to(query.lat, query.long)) for one in found])


def _house(places: PlacedHouses, one: Known) -> Address:
    place = places.of(one.text)
    if place is not None:
        return _shown(place)
    return Address(address=one.text, street=one.street, house=one.house, lat=None, long=None)


def _shown(place: Place, metres: float | None = None) -> Address:
    return Address(
        address=place.address.text,
        street=place.address.street,
        house=place.address.house,
        lat=round(place.latitude, 6),
        long=round(place.longitude, 6),
        metres=None if metres is None else round(metres, 1),
    )
