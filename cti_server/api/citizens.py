"""Citizens: found by number or name, read, entered, changed. All of it is personal data."""

from typing import Annotated

import msgspec
from aiohttp import hdrs, web
from msgspec import Meta, field

from cti_server.api.errors import ConditionNeeded, Fault, Invalid
from cti_server.api.operation import etag_of, operation
from cti_server.api.paging import Page
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.inputs import CitizenId, Input, Number
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.contact.numbers import e164
from hotline.errors import Outdated
from hotline.people.citizens import CitizenCard

Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S")]
Address = Annotated[str, Meta(max_length=300)]
_ONE_OF = N_("Give either `number` or `name`.")
_NO_NUMBER = N_("This is no telephone number.")
MOST = 50


class CitizensAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of citizens: by `number` or by `name`."""

    number: Number | None = None
    name: Annotated[str, Meta(min_length=1, max_length=300, description="Beginnings of words.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST, description="How many at most.")] = 20


class CitizenAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a citizen."""

    id: CitizenId


class GivenCitizen(Input, kw_only=True):
    """A citizen as another system knows them."""

    name: Line
    address: Address = ""
    numbers: Annotated[list[Number], Meta(max_length=10)] = msgspec.field(default_factory=list)


class Citizen(msgspec.Struct, kw_only=True):
    """A citizen."""

    id: int
    name: str
    address: str
    numbers: list[str]


class CitizenPage(Page, kw_only=True):
    """Citizens; `next` is always null: a search gives its best matches only."""

    items: list[Citizen]


Etag = Annotated[
    str,
    Meta(
        max_length=100,
        description="The ETag of what was read.",
        extra_json_schema={"x-needed": "without it 428, and nothing is changed"},
    ),
]


class Condition(msgspec.Struct, kw_only=True):
    """The state that is to be changed."""

    if_match: Etag | None = field(name="If-Match", default=None)


@operation(
    "GET",
    "/citizens",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.CITIZENS,),
    summary=N_("Find citizens"),
    personal=True,
)
async def find_citizens(request: web.Request, query: CitizensAsked) -> CitizenPage:
    """Everyone known under a number, or those whose names have words that begin so: send one of the two."""
    if (query.number is None) is (query.name is None):
        raise Invalid(Fault("query", _ONE_OF))
    sources = request.app[API]
    if query.number is not None:
        found = await sources.citizens.calling_from(query.number)
    else:
        found = await sources.citizens.find(query.name or "", query.limit)
    await audit(request, Action.SEARCH, "citizens", request.query_string)
    cards = await sources.cards.of([one.id for one in found[: query.limit]])
    return CitizenPage(items=[_shown(card) for card in cards])


@operation(
    "GET",
    "/citizens/{id}",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.CITIZENS,),
    summary=N_("Read a citizen"),
    personal=True,
    etag=True,
)
async def read_citizen(request: web.Request, path: CitizenAsked) -> Citizen:
    """One citizen with all their numbers."""
    card = await request.app[API].cards.get(path.id)
    await audit(request, Action.VIEW, f"citizen:{card.id}")
    return _shown(card)


@operation(
    "POST",
    "/citizens",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.CITIZENS,),
    summary=N_("Enter a citizen"),
    status=201,
    personal=True,
    etag=True,
    location=lambda one: f"/citizens/{one.id}",
)
async def add_citizen(request: web.Request, headers: KeyedRequest, body: GivenCitizen) -> Citizen:
    """Enter a new citizen. The same key again gives the citizen of then, as they are now."""
    card = await request.app[API].cards.enter(
        key_of(request, headers), name=body.name.strip(), address=body.address.strip(), numbers=_numbers(body)
    )
    await audit(request, Action.ADD, f"citizen:{card.id}")
    return _shown(card)


@operation(
    "PUT",
    "/citizens/{id}",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.CITIZENS,),
    summary=N_("Change a citizen"),
    personal=True,
    etag=True,
    problems=frozenset({412, 428}),
)
async def change_citizen(
    request: web.Request, path: CitizenAsked, headers: Condition, body: GivenCitizen
) -> Citizen:
    """Replace name, address and numbers, if they still are as they were read."""
    if headers.if_match is None:
        raise ConditionNeeded(f"A change needs {hdrs.IF_MATCH}.")
    cards = request.app[API].cards
    was = await cards.get(path.id)
    if headers.if_match != etag_of(_shown(was)):
        raise Outdated(f"Citizen {path.id} was changed.")
    now = CitizenCard(
        id=path.id, name=body.name.strip(), address=body.address.strip(), numbers=_numbers(body)
    )
    await cards.change(was, now, by=request[TOKEN].user_id, at=request.app[API].clock.now())
    await audit(request, Action.CHANGE, f"citizen:{now.id}")
    return _shown(now)


def _numbers(body: GivenCitizen) -> tuple[str, ...]:
    """Return the numbers in E.164, each once, in order; raises Invalid for text that is no number."""
    read = [e164(one) for one in body.numbers]
    wrong = [Fault(f"body.numbers[{at}]", _NO_NUMBER) for at, one in enumerate(read) if one is None]
    if wrong:
        raise Invalid(*wrong)
    return tuple(sorted({one for one in read if one}))


def _shown(card: CitizenCard) -> Citizen:
    return Citizen(id=card.id, name=card.name, address=card.address, numbers=list(card.numbers))
