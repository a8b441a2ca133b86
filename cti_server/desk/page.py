"""The shell page, which is never left during a shift, and what its buttons and notes do."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.desk.around import read_around
from cti_server.desk.parts import part
from cti_server.desk.sources import DESK, Sources
from cti_server.desk.state import IN_HAND_FOR, LONGEST_NOTES, fragments, read_state
from cti_server.desk.story import find_story
from cti_server.frame.homes import is_there
from cti_server.frame.language import language_of
from cti_server.frame.pages import PAGES, render
from cti_server.keys import USER
from cti_server.shifts.duty import note_arrival
from hotline.access.permissions import Permission
from hotline.errors import Engaged, ForbiddenTransition, NoDesk, NotFound, OffDuty, TelephonyError
from hotline.events import LineChanged
from hotline.line.line import Dispatcher
from hotline.line.pauses import pauses
from hotline.line.phones import require_phone
from hotline.line.presence_states import Presence

CHOSEN = {
    Presence.READY.value: Presence.READY,
    Presence.PAUSED.value: Presence.PAUSED,
    Presence.AWAY.value: Presence.AWAY,
}
"""Presences that a dispatcher may choose; the others follow from calls."""


@allowed(Permission.ANSWER_CALLS)
async def shell(request: web.Request) -> web.Response:
    state = await read_state(request.app[DESK].sources, request[USER], _dispatcher_id(request))
    for story in state.stories:
        await audit(request, Action.VIEW, f"call:{story.call_id}", "desk")
    around = await read_around(request.app[DESK].sources)
    articles = is_there(request.app, "/knowledge/beside") and request[USER].may(Permission.WRITE_KNOWLEDGE)
    shift = is_there(request.app, "/shifts/now") and request[USER].may(Permission.SEE_OWN_SHIFTS)
    return render(
        request, "desk/shell.html.jinja2", around=around, articles=articles, shift=shift, **state.context
    )


@allowed(Permission.ANSWER_CALLS)
async def presence(request: web.Request) -> web.Response:
    """`presence` is ready, paused or away, afterwards for who is engaged; a pause has a `reason`."""
    sources, form = request.app[DESK].sources, await request.post()
    presence, reason = CHOSEN.get(str(form.get("presence"))), str(form.get("reason", ""))
    chosen = {one.code for one in pauses().values() if one.chosen}
    if presence is None or (presence is Presence.PAUSED and reason not in chosen):
        raise web.HTTPBadRequest
    now = sources.clock.now()
    reason = reason if presence is Presence.PAUSED else ""
    if presence is Presence.READY:
        me = await sources.dispatchers.get(_dispatcher_id(request))
        await require_phone(me, request.app[DESK].can_ring)
        if me.presence is Presence.AWAY:
            await note_arrival(request)
    me = await sources.dispatchers.set_presence(_dispatcher_id(request), presence, now, reason)
    request.app[DESK].events.tell(LineChanged(at=now))
    return _presence(request, me)


@allowed(Permission.ANSWER_CALLS)
async def more_time(request: web.Request) -> web.Response:
    """Lengthen the work after a call; 409 when it is over already."""
    desk = request.app[DESK]
    now = desk.sources.clock.now()
    me = await desk.sources.dispatchers.more_time(_dispatcher_id(request), now, desk.more_time)
    return _presence(request, me)


@allowed(Permission.ANSWER_CALLS)
async def pick(request: web.Request) -> web.Response:
    """Take a waiting caller out of turn; 409 when somebody else was faster, or this dispatcher cannot."""
    sources, call_id = request.app[DESK].sources, request.match_info["call"]
    offer = await sources.line.pick(call_id, _dispatcher_id(request), sources.clock.now())
    if offer is None:
        raise await _why_not(sources, _dispatcher_id(request), call_id)
    await audit(request, Action.CHANGE, f"call:{call_id}", "picked")
    await request.app[DESK].ring(offer)
    return _presence(request, offer.dispatcher)


async def _why_not(sources: Sources, dispatcher_id: int, call_id: str) -> ForbiddenTransition:
    """Tell why a waiting caller was not given to this dispatcher."""
    match (await sources.dispatchers.get(dispatcher_id)).presence:
        case Presence.AWAY:
            return OffDuty(f"Dispatcher {dispatcher_id} is away.")
        case Presence.OFFERED | Presence.TALKING:
            return Engaged(f"Dispatcher {dispatcher_id} has a caller already.")
        case _:
            return ForbiddenTransition(f"Call {call_id} waits no more.")


@allowed(Permission.ANSWER_CALLS)
async def notes(request: web.Request) -> web.Response:
    """Keep what is typed, as typed."""
    sources, call_id = request.app[DESK].sources, request.match_info["call"]
    text = str((await request.post()).get("text", ""))
    if len(text) > LONGEST_NOTES:
        raise web.HTTPRequestEntityTooLarge(LONGEST_NOTES, len(text))
    await _require_call(sources, call_id)
    await sources.drafts.save(request[USER].id, call_id, text, sources.clock.now())
    return web.Response(status=204)


@allowed(Permission.ANSWER_CALLS)
async def done(request: web.Request) -> web.Response:
    """Finish the call; its notes stay with it."""
    sources, call_id, language = request.app[DESK].sources, request.match_info["call"], language_of(request)
    await _require_call(sources, call_id)
    await sources.drafts.put_aside(request[USER].id, call_id, sources.clock.now())
    sources.live.forget(call_id, _dispatcher_id(request))
    state = await read_state(sources, request[USER], _dispatcher_id(request))
    return web.Response(text=fragments(request.app[PAGES], language, state), content_type="text/html")


@allowed(Permission.ANSWER_CALLS)
async def recording(request: web.Request) -> web.Response:
    """`act` is pause or resume: what is said meanwhile is not in the recording of this desk's talk.

    409 without a talk that is recorded, 503 while the exchange is away.
    """
    desk, call_id = request.app[DESK], request.match_info["call"]
    act = str((await request.post()).get("act", ""))
    await _require_call(desk.sources, call_id)
    wanted = {"pause": desk.recording.pause_recording, "resume": desk.recording.resume_recording}.get(act)
    if wanted is None:
        raise web.HTTPBadRequest
    try:
        await wanted(_dispatcher_id(request))
    except TelephonyError as error:
        raise web.HTTPServiceUnavailable from error
    await audit(request, Action.CHANGE, f"call:{call_id}", f"recording {act}")
    story = await find_story(desk.sources, call_id)
    text = part(request.app[PAGES], language_of(request), "facts", story=story, talking=True)
    return web.Response(text=text, content_type="text/html")


@allowed(Permission.ANSWER_CALLS)
async def who(request: web.Request) -> web.Response:
    """Show the person of a call in hand, or of a form half filled in; 204 of any other."""
    sources, call_id, user_id = request.app[DESK].sources, request.match_info["call"], request[USER].id
    since = sources.clock.now() - IN_HAND_FOR
    in_hand = {one.call_id for one in await sources.drafts.in_hand(user_id, _dispatcher_id(request), since)}
    if call_id not in in_hand and call_id not in await sources.forms.saved(user_id, since):
        return web.Response(status=204)
    await audit(request, Action.VIEW, f"call:{call_id}", "desk")
    story = await find_story(sources, call_id)
    text = part(request.app[PAGES], language_of(request), "who", story=story)
    return web.Response(text=text, content_type="text/html")


async def _require_call(sources: Sources, call_id: str) -> None:
    if await sources.line.entry(call_id) is None:
        raise NotFound(f"Call {call_id} never stood in the line.")


def _presence(request: web.Request, me: Dispatcher) -> web.Response:
    text = part(request.app[PAGES], language_of(request), "presence", me=me)
    return web.Response(text=text, content_type="text/html")


def _dispatcher_id(request: web.Request) -> int:
    user = request[USER]
    if user.dispatcher_id is None:
        raise NoDesk(f"User {user.id} has no desk.")
    return user.dispatcher_id
