"""Registering an appeal while the citizen is on the telephone; an emergency in two keystrokes."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.calling import Calling, call_in_hand, read_calling
from cti_server.appeals.filled import ANONYMOUS, FIELDS, LONGEST_TEXT, UNRELATED, Filled
from cti_server.appeals.lookups import alike
from cti_server.appeals.showing import show
from cti_server.appeals.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.keys import USER
from hotline.appeals import Appeal, AppealKind, Likeness, Similar, Urgency
from hotline.classifier import classifier
from hotline.errors import NotFound
from hotline.events import AppealRegistered
from hotline.users import Permission

_REGISTER = allowed(Permission.REGISTER_APPEALS)
_MOST_KEPT = 20_000


@_REGISTER
async def page(request: web.Request) -> web.Response:
    """The form for the call `?call=`, or for the call in hand, as it was left."""
    call_id = request.query.get("call") or await call_in_hand(request)
    calling = await read_calling(request, call_id)
    typed = await request.app[APPEALS].forms.find(request[USER].id, call_id)
    await audit(request, Action.VIEW, f"call:{call_id}", "appeal-form")
    return await _form(request, calling, Filled(typed or _empty(calling)))


@_REGISTER
async def save(request: web.Request) -> web.Response:
    """Keep the form as it is being typed."""
    typed = await _typed(request)
    if sum(map(len, typed.values())) > _MOST_KEPT:
        raise web.HTTPRequestEntityTooLarge(_MOST_KEPT, 0)
    sources = request.app[APPEALS]
    if await sources.registry.of_form(typed["sheet"]):
        return web.Response(status=204)  # sent before it was registered, and overtaken
    await sources.forms.save(request[USER].id, typed["call"], typed, sources.clock.now())
    return web.Response(status=204)


@_REGISTER
async def register(request: web.Request) -> web.Response:
    """Register the form, or show what is wrong with it; `do=consultation` only writes down a question."""
    filled = Filled(await _typed(request))
    calling = await read_calling(request, filled["call"])
    if (await request.post()).get("do") == "consultation":
        return await _consultation(request, calling, filled)
    if entered := await request.app[APPEALS].registry.of_form(filled["sheet"]):
        return _registered(request, entered)  # the answer was lost on its way, or Enter was pressed twice
    faults = filled.faults()
    found = await alike(request, filled)
    own = [one for one in found if one.likeness is not Likeness.ADDRESS]
    if not faults and own and not filled["earlier"]:
        faults["earlier"] = N_("Say whether this is about the same as before.")
    if faults:
        return await _form(request, calling, filled, faults, found)
    earlier = next((one for one in found if one.appeal.number == filled["earlier"]), None)
    return await _enter(request, calling, filled, earlier)


@_REGISTER
async def emergency_page(request: web.Request) -> web.Response:
    """The first keystroke: what will be registered is shown, and the second one does it."""
    call_id = request.query.get("call") or await call_in_hand(request)
    calling = await read_calling(request, call_id)
    await audit(request, Action.VIEW, f"call:{call_id}", "emergency-form")
    return _answer(request, "emergency", calling=calling, form=secrets.token_urlsafe(12))


@_REGISTER
async def register_emergency(request: web.Request) -> web.Response:
    """Register an emergency of which no more is known than the call and the notes on it. It is anonymous."""
    typed = await _typed(request)
    calling = await read_calling(request, typed["call"])
    text = calling.notes.strip()[:LONGEST_TEXT]
    filled = Filled(
        typed
        | {
            "text": text or words_of(request).gettext("Emergency reported by telephone; details to follow."),
            "category": classifier().emergency,
            "address": calling.home,
            "kind": AppealKind.REPORT.value,
            "urgency": Urgency.EMERGENCY.value,
            "applicant": ANONYMOUS,
        }
    )
    return await _enter(request, calling, filled, None)


async def _enter(
    request: web.Request, calling: Calling, filled: Filled, earlier: Similar | None
) -> web.Response:
    sources = request.app[APPEALS]
    new = filled.appeal(
        address=await sources.streets.present(filled["address"].strip()),
        number=calling.number,
        earlier=earlier,
        user_id=request[USER].id,
        now=sources.clock.now(),
        zone=sources.timezone,
    )
    try:
        appeal = await sources.registry.enter(new)
    except NotFound:
        return await _form(request, calling, filled, {"applicant": N_("Choose who it is from.")})
    await audit(request, Action.ADD, f"appeal:{appeal.number}", appeal.kind)
    sources.events.tell(AppealRegistered(appeal=appeal))
    await sources.forms.drop(request[USER].id, calling.call_id)
    return _registered(request, appeal)


async def _consultation(request: web.Request, calling: Calling, filled: Filled) -> web.Response:
    sources, text = request.app[APPEALS], filled["text"].strip()
    if not text or len(text) > LONGEST_TEXT:
        return await _form(request, calling, filled, {"text": N_("Write what was asked and answered.")})
    await sources.registry.consulted(
        call_id=calling.call_id or None, user_id=request[USER].id, text=text, at=sources.clock.now()
    )
    await audit(request, Action.ADD, f"call:{calling.call_id}", "consultation")
    await sources.forms.drop(request[USER].id, calling.call_id)
    return _answer(request, "consulted")


def _registered(request: web.Request, appeal: Appeal) -> web.Response:
    return _answer(request, "registered", appeal=appeal)


async def _form(
    request: web.Request,
    calling: Calling,
    filled: Filled,
    faults: Mapping[str, str] | None = None,
    similar: object = (),
) -> web.Response:
    chosen = classifier().categories.get(filled["category"])
    person = await _chosen_person(request, calling, filled)
    return _answer(
        request,
        "form",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        calling=calling,
        filled=filled,
        faults=faults or {},
        categories=[chosen] if chosen else [],
        people=[*calling.candidates, *person],
        similar=similar,
        unrelated=UNRELATED,
    )


async def _chosen_person(request: web.Request, calling: Calling, filled: Filled) -> list[object]:
    """Find whoever was chosen by name, so that they are among those to choose from again."""
    citizen_id = filled.citizen_id
    if citizen_id is None or citizen_id in {one.id for one in calling.candidates}:
        return []
    try:
        return [await request.app[APPEALS].citizens.get(citizen_id)]
    except NotFound:
        return []


def _answer(request: web.Request, name: str, status: int = HTTPStatus.OK, **context: object) -> web.Response:
    """Answer htmx with the part alone, and a browser without it with a page around the part."""
    part = {"part": f"appeals/{name}.html.jinja2"}
    return show(request, name if request.headers.get("HX-Request") else "page", part | context, status)


def _empty(calling: Calling) -> Mapping[str, str]:
    return {
        "call": calling.call_id,
        "sheet": secrets.token_urlsafe(12),
        "text": calling.notes,
        "address": calling.home,
        "kind": AppealKind.APPLICATION.value,
    }


async def _typed(request: web.Request) -> dict[str, str]:
    form = await request.post()
    return {field: str(form.get(field, "")) for field in FIELDS}
