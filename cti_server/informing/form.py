"""An order is prepared, and changed while it is a draft."""

from collections import defaultdict
from dataclasses import replace
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_form
from cti_server.frame.moments import day_typed
from cti_server.frame.pages import render
from cti_server.informing.sources import INFORMING
from cti_server.informing.typed import NO_FAULTS, TAKEN, Faults, TypedOrder, as_typed, order_of
from cti_server.informing.words import CONTEXT
from cti_server.keys import SMS_PREFIXES, USER
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, Outdated
from hotline.informing.orders import InformingOrder, NewOrder, PaperTaken
from hotline.people.benefits import benefits

PATH = "/informing"


@allowed(Permission.PREPARE_INFORMING)
async def new_page(request: web.Request) -> web.Response:
    sources = request.app[INFORMING]
    now = sources.clock.now()
    return _show(request, TypedOrder(dated=day_typed(now.astimezone(sources.timezone).date())), NO_FAULTS)


@allowed(Permission.PREPARE_INFORMING)
async def add(request: web.Request) -> web.Response:
    """Keep it as a draft."""
    sources, typed = request.app[INFORMING], read_form(TypedOrder, await request.post())
    new, faults = await _read(request, typed)
    if new is None:
        return _show(request, typed, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        order = await sources.orders.add(new, request[USER].id, sources.clock.now(), once=not typed.again)
    except PaperTaken as taken:
        return _show(request, typed, _taken(taken), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    await audit(request, Action.ADD, f"informing:{order.id}")
    return to_order(order.id)


@allowed(Permission.PREPARE_INFORMING)
async def edit_page(request: web.Request) -> web.Response:
    sources, was = request.app[INFORMING], await asked_for(request)
    if not was.may_be_changed_by(request[USER].id):
        return to_order(was.id)
    await audit(request, Action.VIEW, f"informing:{was.id}")
    return _show(request, as_typed(was, sources.timezone, version=was.version), NO_FAULTS, was)


@allowed(Permission.PREPARE_INFORMING)
async def change(request: web.Request) -> web.Response:
    """Change one's own draft; a change in another window is shown, and the typed form stays."""
    sources, was = request.app[INFORMING], await asked_for(request)
    typed = read_form(TypedOrder, await request.post())
    new, faults = await _read(request, typed, was)
    if new is None:
        return _show(request, typed, faults, was, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    seen, now = replace(was, version=typed.version), sources.clock.now()
    try:
        await sources.orders.change(seen, new, now, user_id=request[USER].id, once=not typed.again)
    except PaperTaken as taken:
        return _show(request, typed, _taken(taken), was, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (Outdated, ForbiddenTransition):
        compared = replace(typed, version=was.version)  # a user who has compared may save
        return _show(request, compared, NO_FAULTS, was, stale=True, status=HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"informing:{was.id}")
    return to_order(was.id)


async def asked_for(request: web.Request) -> InformingOrder:
    """Read the order of the address; raises NotFound."""
    return await request.app[INFORMING].orders.get(int(request.match_info["id"]))


def to_order(order_id: int) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{PATH}/{order_id}"})


async def _read(
    request: web.Request, typed: TypedOrder, was: InformingOrder | None = None
) -> tuple[NewOrder | None, Faults]:
    """Make the order that was typed; or None, and the faults."""
    sources = request.app[INFORMING]
    gazetteer = await sources.streets.gazetteer()
    return order_of(
        typed,
        sources.timezone,
        gazetteer,
        sources.rules,
        sources.clock.now(),
        sms_prefixes=request.app[SMS_PREFIXES],
        was=was,
    )


def _taken(error: PaperTaken) -> Faults:
    return Faults(fields={"number": TAKEN}, same=error.same)


def _show(
    request: web.Request,
    typed: TypedOrder,
    faults: Faults,
    was: InformingOrder | None = None,
    *,
    stale: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:
    return render(
        request,
        "informing/form.html.jinja2",
        status=status,
        typed=typed,
        faults=defaultdict(str, faults.fields),
        lines=faults.lines,
        same=faults.same,
        was=was,
        stale=stale,
        benefits=benefits().values(),
        **CONTEXT,
    )
