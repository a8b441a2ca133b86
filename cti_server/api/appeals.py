"""Appeals: the list, one of them, and registering one for another system, once however often it is sent."""

import math
from dataclasses import replace
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.addresses import Latitude, Longitude
from cti_server.api.appeal import (
    SEES,
    Appeal,
    AppealAsked,
    AppealNumber,
    HistoryLine,
    own_executor,
    seen,
    shown,
    shown_line,
    shown_with_names,
)
from cti_server.api.errors import Fault, Invalid, NoHouseNear, PersonalData
from cti_server.api.masking import sees_personal
from cti_server.api.operation import operation
from cti_server.api.paging import Cursor, Limit, Moment, Page, PageCursor, next_cursor, read_cursor, within
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.appeals.form.inputs import LONGEST_LINE, RegistrationInput
from cti_server.appeals.form.reply import Reply, of_interpreters
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Category
from cti_server.frame.language import N_
from cti_server.frame.pages import PAGES
from cti_server.keys import SMS_PREFIXES, TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.appeals.appeal import AppealKind, AppealState, Receipt, Sign
from hotline.appeals.lists import AppealFilter, Due, ListedAppeal, Order, Position, term
from hotline.appeals.registering import NewAppeal
from hotline.calls.interpreters import Interpreters
from hotline.city.classifier import Urgency
from hotline.city.house_places import FARTHEST_METRES
from hotline.errors import NotFound
from hotline.events import AppealRegistered

_UNKNOWN = N_("There is no such person or appeal: check the ids.")
_WHERE = N_("Send `address`, or `lat` and `long`.")
_BOTH = N_("Send either `address` or `lat` and `long`.")
_TOGETHER = N_("`lat` and `long` go together.")
_NO_MAP = N_("The city's map has no houses.")
_TOO_FAR = N_("The nearest house, {0}, is {1} m away; it is taken up to {2} m.")
_SIGN = N_("A sign other than `first` names the earlier appeal in `earlier`.")


ExternalId = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


class AppealsAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a list of appeals."""

    state: AppealState | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    kind: AppealKind | None = None
    executor: Annotated[int, Meta(ge=1, le=2**31 - 1, description="The enterprise that has it.")] | None = (
        None
    )
    due: Annotated[Due | None, Meta(description="How the term stands of what is still owed.")] = None
    text: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    since: Annotated[Moment | None, Meta(description="Registered at this moment or later.")] = None
    until: Annotated[Moment | None, Meta(description="Registered before this moment.")] = None
    limit: Limit = 50
    external_id: Annotated[
        ExternalId | None, Meta(description="This token's own id; it leaves all other filters aside.")
    ] = None
    cursor: Cursor | None = None


class AppealPage(Page, kw_only=True):
    """Appeals, the newest first."""

    items: list[Appeal]


class NewAppealInput(RegistrationInput, kw_only=True):
    """An appeal to be registered, with what the other system knows of its place and of an earlier one."""

    address: Annotated[
        str,
        Meta(
            max_length=LONGEST_LINE,
            description="Where it is, or the applicant's; left out where `lat` and `long` say it.",
        ),
    ] = ""
    lat: Annotated[
        Latitude | None,
        Meta(description="With `long`, in the place of `address`: the house of the map that is nearest."),
    ] = None
    long: Longitude | None = None

    sign: Sign = Sign.FIRST
    earlier: AppealNumber | None = None
    external_id: Annotated[
        ExternalId | None,
        Meta(description="The sender's own id: one appeal belongs to it, whatever key it is sent with."),
    ] = None


class AppealHistory(Page, kw_only=True):
    """The history of an appeal, the earliest entry first; `next` is always null."""

    items: list[HistoryLine]


@operation("GET", "/appeals", *SEES, scopes=(Scope.APPEALS_READ,), summary=N_("List appeals"))
async def list_appeals(request: web.Request, query: AppealsAsked) -> AppealPage:
    """Appeals that match all filters, the newest first. `text` finds words in any form, as personal data.

    An executor's token finds those that its enterprise has now, and no others.
    """
    sources, own = request.app[API], own_executor(request)
    if query.external_id is not None:
        return await _by_external_id(request, query.external_id)
    if own is not None and query.executor not in {None, own}:
        return AppealPage(items=[])
    if query.text is not None and not sees_personal(request):
        raise PersonalData("Texts are personal data, and so is what is found by them.")
    wanted = AppealFilter(
        states=frozenset({query.state} if query.state else ()),
        executor_id=query.executor if own is None else own,
        term=term(query.due, sources.clock.now(), sources.timezone) if query.due else None,
        text=query.text or "",
        category=query.category or "",
        urgency=query.urgency,
        kind=query.kind,
        since=within(query.since),
        until=within(query.until),
    )
    behind = read_cursor(query.cursor)
    found = await sources.appeal_lists.find(
        wanted,
        order=Order.NEWEST,
        limit=query.limit + 1,
        behind=Position(at=behind.at, number=behind.id) if behind else None,
    )
    if sees_personal(request):
        await audit(request, Action.VIEW, "appeals", request.query_string)
    places = await sources.places.now()
    return AppealPage(
        items=[shown(request, one, places) for one in found[: query.limit]],
        next=next_cursor(found, query.limit, _place),
    )


async def _by_external_id(request: web.Request, external_id: str) -> AppealPage:
    found = await request.app[API].registry.by_idempotency_key(_external_key(request, external_id))
    if found is None or own_executor(request) not in {None, found.executor_id}:
        return AppealPage(items=[])
    if sees_personal(request):
        await audit(request, Action.VIEW, f"appeal:{found.number}")
    return AppealPage(items=[await shown_with_names(request, found)])


def _external_key(request: web.Request, external_id: str) -> str:
    """Name a registration by the sender's own id: ids of different tokens are different."""
    return f"api-external:{request[TOKEN].id}:{external_id}"


@operation("GET", "/appeals/{number}", *SEES, scopes=(Scope.APPEALS_READ,), summary=N_("Read an appeal"))
async def read_appeal(request: web.Request, path: AppealAsked) -> Appeal:
    """One appeal as it stands now; an executor's token reads those that its enterprise has."""
    return await shown_with_names(request, await seen(request, path.number))


@operation(
    "GET",
    "/appeals/{number}/history",
    *SEES,
    scopes=(Scope.APPEALS_READ,),
    summary=N_("Read an appeal's history"),
)
async def read_history(request: web.Request, path: AppealAsked) -> AppealHistory:
    """What was done with it, as far as the applicant may see: without internal notes and corrections."""
    appeal = await seen(request, path.number)
    lines = await request.app[API].handling.history(appeal.number, hidden=False)
    return AppealHistory(items=[shown_line(request[TOKEN], one) for one in lines])


@operation(
    "POST",
    "/appeals",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.APPEALS_REGISTER,),
    summary=N_("Register an appeal"),
    status=201,
    location=lambda one: f"/appeals/{one.number}",
)
async def register_appeal(request: web.Request, headers: KeyedRequest, body: NewAppealInput) -> Appeal:
    """Register an appeal. The same key again gives the appeal of then; with another request, 409.

    With `lat` and `long` it is at the nearest house of the city's map; where none is within 150 m, 422
    `no-house-near`. What bears the `external_id` of an earlier one gives that one, as it is now.
    """
    sources, key = request.app[API], key_of(request, headers)
    if body.external_id is not None:
        key = _external_key(request, body.external_id)
    if faults := _faults(body, request.app[PAGES].interpreters):
        raise Invalid(*faults)
    if (entered := await sources.registry.by_idempotency_key(key)) is None:
        new = await _new(request, body, key)
        try:
            entered = await sources.registry.enter(new)
        except NotFound as error:
            raise Invalid(Fault("body", _UNKNOWN)) from error
        await audit(request, Action.ADD, f"appeal:{entered.number}", entered.kind)
        sources.events.tell(AppealRegistered(appeal=entered))
    return await shown_with_names(request, entered)


async def _new(request: web.Request, body: NewAppealInput, key: str) -> NewAppeal:
    """Make the appeal of a body without faults; raises NoHouseNear."""
    sources = request.app[API]
    new = body.appeal(
        address=await _address(request, body),
        idempotency_key=key,
        earlier=None,
        user_id=request[TOKEN].user_id,
        now=sources.clock.now(),
        zone=sources.timezone,
        reply=Reply("", "", body.number, request.app[SMS_PREFIXES]),
    )
    receipt = Receipt.PHONE if body.call_id else Receipt.ONLINE
    return replace(new, sign=body.sign, earlier=body.earlier, receipt=receipt)


async def _address(request: web.Request, body: NewAppealInput) -> str:
    """Give the address in the register's words, or that of the house at the coordinates."""
    sources = request.app[API]
    if body.lat is None or body.long is None:
        return await sources.streets.present(body.address.strip())
    nearest = (await sources.places.now()).nearest(body.lat, body.long, 1)
    if not nearest:
        raise NoHouseNear(Fault("body.lat", _NO_MAP))
    metres = nearest[0].metres_to(body.lat, body.long)
    if metres > FARTHEST_METRES:
        said = (nearest[0].address.text, f"{math.ceil(metres)}", f"{FARTHEST_METRES:.0f}")
        raise NoHouseNear(Fault("body.lat", _TOO_FAR, said))
    return nearest[0].address.text


def _faults(body: NewAppealInput, interpreters: Interpreters) -> list[Fault]:
    wrong = body.faults() | of_interpreters("number", body.number, interpreters)
    found = [Fault(f"body.{field}", reason) for field, reason in wrong.items()]
    coordinates = (body.lat, body.long)
    if body.address.strip():
        if coordinates != (None, None):
            found.append(Fault("body.lat", _BOTH))
    elif coordinates == (None, None):
        found.append(Fault("body.address", _WHERE))
    elif None in coordinates:
        found.append(Fault("body.lat" if body.lat is None else "body.long", _TOGETHER))
    if body.sign is not Sign.FIRST and body.earlier is None:
        found.append(Fault("body.sign", _SIGN))
    return found


def _place(listed: ListedAppeal) -> PageCursor:
    return PageCursor(listed.appeal.registered_at, listed.appeal.number)
