"""Forms to enter and to change an outage: the user loses nothing, whatever others do meanwhile."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.frame.forms import new_key
from cti_server.frame.language import language_of
from cti_server.frame.listening import heard
from cti_server.frame.moments import moment_typed
from cti_server.keys import USER
from cti_server.outages.register.audience import Audience
from cti_server.outages.register.checking import NOTHING, Warned, look
from cti_server.outages.register.history import HistoryLine, done_since
from cti_server.outages.register.showing import show
from cti_server.outages.register.sources import OUTAGES, as_read
from cti_server.outages.register.typed import (
    NO_FAULTS,
    Faults,
    TypedOutage,
    as_typed,
    outage_of,
    read_typed,
)
from hotline.city.area_notation import AreaFault
from hotline.errors import ForbiddenTransition, Outdated
from hotline.outages.outage import NewOutage, Outage, OutageKind, draft, says_the_same
from hotline.voice.speech import Language, Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNotes:
    """Notes around the form: faults, findings, and acts of others meanwhile."""

    faults: Faults = NO_FAULTS
    warned: Warned = NOTHING
    since: Sequence[HistoryLine] = ()
    over: bool = False


async def new_page(request: web.Request, audience: Audience) -> web.Response:
    """Show an empty form, or one filled in by the address: a proposed outage links to it."""
    sources = request.app[OUTAGES]
    asked = read_typed(request.query)
    starts = asked.starts or moment_typed(sources.clock.now(), sources.timezone)
    typed = replace(asked, starts=starts, kind=asked.kind or OutageKind.UNPLANNED, idempotency_key=new_key())
    return await _form(request, audience, None, typed, FormNotes())


async def edit_page(request: web.Request, audience: Audience) -> web.Response:
    was, zone = await audience.asked_for(request), request.app[OUTAGES].timezone
    typed = as_typed(was, zone, version=was.version)
    return await _form(request, audience, was, typed, FormNotes(over=was.over))


async def enter(request: web.Request, audience: Audience) -> web.Response:
    """Enter the outage, unless the form has faults or findings to be seen first."""
    sources, typed = request.app[OUTAGES], read_typed(await request.post())
    new, faults = await _read(request, audience, typed)
    if new is None:
        return await _form(request, audience, None, typed, FormNotes(faults=faults), status=422)
    earlier = await sources.outages.by_idempotency_key(_name_of(request, typed))
    if earlier is not None and not says_the_same(new, earlier):  # somebody went back, and typed another one
        earlier, typed = None, replace(typed, idempotency_key=new_key())
    if earlier is None:
        warned = await look(sources.outages, new, sources.clock.now())
        if warned.digest != typed.shown and warned.digest:
            return await _form(request, audience, None, typed, FormNotes(warned=warned))
    entered = await sources.outages.enter(new, audience.by(request), idempotency_key=_name_of(request, typed))
    await audit(request, Action.ADD, f"outage:{entered.id}", f"{entered.kind} {entered.utility}")
    return to_card(audience, entered.id, "entered")


async def change(request: web.Request, audience: Audience) -> web.Response:
    """Keep the change, on the version that was seen; else show what others did, and all that was typed."""
    sources, typed = request.app[OUTAGES], read_typed(await request.post())
    was = await audience.asked_for(request)
    now, faults = await _read(request, audience, typed, was)
    if was.version != typed.version or was.over:
        return await _overtaken(request, audience, was, typed, faults)
    if now is None:
        return await _form(request, audience, was, typed, FormNotes(faults=faults), status=422)
    warned = await look(sources.outages, now, sources.clock.now(), was)
    if warned.digest != typed.shown and warned.digest:
        return await _form(request, audience, was, typed, FormNotes(warned=warned))
    try:
        await sources.outages.change(was, now, audience.by(request), typed.note)
    except (Outdated, ForbiddenTransition):  # in this very moment
        return await _overtaken(request, audience, await audience.asked_for(request), typed, faults)
    await audit(request, Action.CHANGE, f"outage:{was.id}")
    return to_card(audience, was.id, "changed")


async def preview(request: web.Request, audience: Audience) -> web.Response:
    """Say what callers will hear, while it is being typed."""
    typed = read_typed(await request.post())
    new, faults = await _read(request, audience, typed)
    context = {"heard": _as_read(request, new), "wrong_so_far": _so_far(typed, faults)}
    return await show(request, audience, "heard", context)


async def listen(request: web.Request, audience: Audience) -> web.Response:
    """Play the whole of it, as somebody hears it who lives in all of its areas."""
    new, _ = await _read(request, audience, read_typed(await request.post()))
    phrases = _phrases(request, new) if new else ()
    return await heard(request, phrases, Language(language_of(request)))


async def streets(request: web.Request, audience: Audience) -> web.Response:
    """`?line=` as typed so far: streets and quarters that it may become."""
    found = await request.app[OUTAGES].streets.find(request.query.get("line", "")[:100], limit=6)
    return await show(request, audience, "streets", {"found": found})


def to_card(audience: Audience, outage_id: int, done: str = "") -> web.Response:
    """Go to the outage's page, with a line on the act."""
    address = f"{audience.path}/{outage_id}" + (f"?done={done}" if done else "")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})


async def _read(
    request: web.Request, audience: Audience, typed: TypedOutage, was: NewOutage | None = None
) -> tuple[NewOutage | None, Faults]:
    """Read the form; an enterprise enters for itself, whatever is sent."""
    sources, own = request.app[OUTAGES], audience.executor_of(request)
    if own is not None:
        typed = replace(typed, executor=str(own))
    known = frozenset(one.id for one in await sources.executors.all())
    return outage_of(typed, sources.timezone, await sources.streets.gazetteer(), known, was)


def _name_of(request: web.Request, typed: TypedOutage) -> str:
    """Return the idempotency key, so that a form sent twice is entered once."""
    return f"form:{request[USER].id}:{typed.idempotency_key}"


async def _overtaken(
    request: web.Request, audience: Audience, now: Outage, typed: TypedOutage, faults: Faults
) -> web.Response:
    since = await done_since(request, audience, now, typed.version)
    answer = FormNotes(faults=faults, since=since, over=now.over)
    seen = replace(typed, version=now.version, shown="")
    return await _form(request, audience, now, seen, answer, status=HTTPStatus.CONFLICT)


def _so_far(typed: TypedOutage, faults: Faults) -> Sequence[AreaFault]:
    """Say what of the fields that are filled in cannot be understood; what is still empty is no fault yet."""
    times = [
        AreaFault(line=getattr(typed, name), reason=faults.fields[name])
        for name in ("starts", "ends")
        if getattr(typed, name) and name in faults.fields
    ]
    return [*times, *faults.areas]


def _as_read(request: web.Request, new: NewOutage | None) -> str:
    return as_read(_phrases(request, new), language_of(request)) if new else ""


def _phrases(request: web.Request, new: NewOutage) -> Sequence[Phrase]:
    sources = request.app[OUTAGES]
    now = sources.clock.now()
    return sources.heard(draft(new, now), now=now)


async def _form(
    request: web.Request,
    audience: Audience,
    was: Outage | None,
    typed: TypedOutage,
    answer: FormNotes,
    *,
    status: int = HTTPStatus.OK,
) -> web.Response:
    new, _ = await _read(request, audience, typed)
    context: dict[str, object] = {
        "was": was,
        "typed": typed,
        "faults": defaultdict(str, answer.faults.fields),
        "first": next(iter(answer.faults.fields), ""),
        "area_faults": answer.faults.areas,
        "wrong_so_far": (),
        "warned": answer.warned,
        "since": answer.since,
        "over": answer.over,
        "heard": _as_read(request, new),
    }
    return await show(request, audience, "form", context, status)
