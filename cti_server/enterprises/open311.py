"""An enterprise's own Open311 on a page: where its appeals go, as which services, and how much of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import web
from multidict import MultiMapping

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprises.sources import EXECUTORS
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.city.classifier import classifier
from hotline.enterprises.executors import Executor
from hotline.enterprises.open311 import Open311Endpoint, Shared, endpoint_address
from hotline.errors import Outdated

SHARED: Mapping[Shared, str] = {
    Shared.MATTER: N_("Number, category, address, urgency and term"),
    Shared.TEXT: N_("And what the citizen said"),
    Shared.APPLICANT: N_("And the applicant's name and telephone"),
}
MOST_ROWS = 200
SPARE = 3
_LONGEST_CODE = 100
_LONGEST_KEY = 300
_KEY_ANEW = N_(
    "The kept key is for the address of before: write the key for this one. If it needs none, remove the"
    " entry first."
)
_MANAGE = allowed(Permission.MANAGE_EXECUTORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedService:
    """One row: a category of ours and the service code there."""

    category: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedEndpoint:
    """The form as typed; an empty `key` keeps the one that there is."""

    address: str = ""
    key: str = ""
    jurisdiction: str = ""
    shared: str = Shared.MATTER
    repeatable: bool = False
    other: str = ""
    rows: Sequence[TypedService] = ()
    seen: str = ""
    """The address that was in force when the form was shown."""


@_MANAGE
async def page(request: web.Request) -> web.Response:
    executor = await _asked_for(request)
    await audit(request, Action.VIEW, f"executor:{executor.id}")
    return await _show(request, executor, as_typed(executor.open311))


@_MANAGE
async def save(request: web.Request) -> web.Response:
    """Keep where its appeals go; from the next one on they do."""
    executor, typed = await _asked_for(request), read_typed(await request.post())
    faults = dict(_faults(typed))
    if await _wants_key(request, executor, typed):
        faults["key"] = _KEY_ANEW
    if faults:
        return await _show(request, executor, typed, faults)
    present = executor.open311
    if typed.seen != _seen(present):
        return await _show(request, executor, typed, overtaken=True)
    try:
        await request.app[EXECUTORS].endpoints.set(
            executor.id, endpoint_of(typed), key=typed.key or None, seen=present
        )
    except Outdated:
        return await _show(request, await _asked_for(request), typed, overtaken=True)
    await audit(request, Action.CHANGE, f"executor:{executor.id}", "open311 set")
    return noted_at(f"/executors/{executor.id}/open311", Noted.ENTERPRISE_SAVED)


@_MANAGE
async def remove(request: web.Request) -> web.Response:
    """Send nothing there any more, and forget the key."""
    executor = await _asked_for(request)
    try:
        await request.app[EXECUTORS].endpoints.set(executor.id, None, key=None, seen=executor.open311)
    except Outdated:
        return await _show(request, await _asked_for(request), as_typed(executor.open311), overtaken=True)
    await audit(request, Action.CHANGE, f"executor:{executor.id}", "open311 removed")
    return noted_at(f"/executors/{executor.id}", Noted.ENTERPRISE_SAVED)


def read_typed(form: MultiMapping[object]) -> TypedEndpoint:
    """Take the form as a browser sends it."""
    rows = sum(f"row-{row}-code" in form for row in range(MOST_ROWS))
    read = [read_form(TypedService, form, before=f"row-{row}-", one_line=True) for row in range(rows)]
    typed = read_form(TypedEndpoint, form, one_line=True)
    return replace(typed, rows=[one for one in read if one.category or one.code])


def as_typed(endpoint: Open311Endpoint | None) -> TypedEndpoint:
    """Write an endpoint as the form shows it; its key is never shown."""
    if endpoint is None:
        return TypedEndpoint()
    return TypedEndpoint(
        address=endpoint.address,
        jurisdiction=endpoint.jurisdiction,
        shared=endpoint.shared,
        repeatable=endpoint.repeatable,
        other=endpoint.other,
        rows=[TypedService(category=one, code=code) for one, code in endpoint.services.items()],
        seen=_seen(endpoint),
    )


def endpoint_of(typed: TypedEndpoint) -> Open311Endpoint:
    """Make the endpoint of a form without faults."""
    return Open311Endpoint(
        address=endpoint_address(typed.address) or "",
        jurisdiction=typed.jurisdiction,
        shared=Shared(typed.shared),
        repeatable=typed.repeatable,
        services={one.category: one.code for one in typed.rows},
        other=typed.other,
    )


def _faults(typed: TypedEndpoint) -> Iterator[tuple[str, str]]:
    known = classifier().categories
    if endpoint_address(typed.address) is None:
        yield (
            "address",
            N_("Write an address that begins with https://; http:// is for the own network alone."),
        )
    if len(typed.key) > _LONGEST_KEY:
        yield "key", N_("This is too long.")
    if typed.shared not in set(Shared):
        yield "shared", N_("Choose how much of an appeal goes there.")
    if max(len(typed.other), len(typed.jurisdiction)) > _LONGEST_CODE:
        yield "other", N_("This is too long.")
    if not typed.rows and not typed.other:
        yield "other", N_("Give at least one service code: else nothing goes there.")
    for row, one in enumerate(typed.rows):
        if one.category not in known or not 0 < len(one.code) <= _LONGEST_CODE:
            yield f"row-{row}-code", N_("Choose a category, and write the service code there.")


async def _wants_key(request: web.Request, executor: Executor, typed: TypedEndpoint) -> bool:
    """Tell whether the address is another than the one that the kept key is for, and none came with it."""
    present = executor.open311
    if typed.key or present is None or endpoint_address(typed.address) in {None, present.address}:
        return False
    return await request.app[EXECUTORS].endpoints.has_key(executor.id)


def _seen(endpoint: Open311Endpoint | None) -> str:
    """Name the state of the entry that an editor saw."""
    return "" if endpoint is None else endpoint.revision


async def _asked_for(request: web.Request) -> Executor:
    return await request.app[EXECUTORS].executors.get(int(request.match_info["id"]))


async def _show(
    request: web.Request,
    executor: Executor,
    typed: TypedEndpoint,
    faults: Mapping[str, str] | None = None,
    *,
    overtaken: bool = False,
) -> web.Response:
    sources, gettext, language = request.app[EXECUTORS], words_of(request).gettext, language_of(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    names = {code: one.name(language) for code, one in classifier().categories.items()}
    return render(
        request,
        "enterprises/open311.html.jinja2",
        status=HTTPStatus.CONFLICT if overtaken else status,
        executor=executor,
        typed=typed,
        seen=_seen(executor.open311),
        rows=[*typed.rows, *[TypedService()] * SPARE],
        faults=defaultdict(str, {name: gettext(text) for name, text in (faults or {}).items()}),
        overtaken=overtaken,
        shared=[(one.value, gettext(text)) for one, text in SHARED.items()],
        categories=[("", gettext("—")), *names.items()],
        has_key=await sources.endpoints.has_key(executor.id),
        handed=await sources.endpoints.handed(executor.id),
        timezone=sources.timezone,
    )
