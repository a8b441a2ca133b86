"""Acts of the board: to listen, whisper, join, take over, leave; each stands in the audit log.

Answers are JSON for the board's script, with the words it shows in the reader's language.
"""

from enum import StrEnum
from typing import TypeVar

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.keys import USER
from cti_server.supervision.sources import SUPERVISION
from cti_server.supervision.watch import WATCH_OF_BOARD, whose
from cti_server.supervision.words import refusal
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, NoDesk, TelephonyError
from hotline.foreign_text import tidied
from hotline.supervision.listening import Ground, Listener, Mode

_Named = TypeVar("_Named", bound=StrEnum)


@allowed(Permission.SUPERVISE)
async def listen_in(request: web.Request) -> web.Response:
    """Ring the supervisor's own telephone for `call`; `mode` and `ground` are those of `listening`."""
    form = await request.post()
    mode, ground = _named(Mode, form.get("mode")), _named(Ground, form.get("ground"))
    call_id, desk = tidied(str(form.get("call", ""))), _desk(request)
    sources = request.app[SUPERVISION]
    try:
        await sources.listening.listen_in(desk, call_id, mode)
    except (ForbiddenTransition, TelephonyError) as error:
        return _refused(request, error)
    own = _own(request)
    await audit(request, Action.SUPERVISE, f"call:{call_id}", f"{mode} {ground}{whose(own)}")
    return web.Response(status=204)


@allowed(Permission.SUPERVISE)
async def set_mode(request: web.Request) -> web.Response:
    """Listen, whisper or join from now on: `mode`."""
    mode, listening = _named(Mode, (await request.post()).get("mode")), request.app[SUPERVISION].listening
    try:
        await listening.set_mode(_desk(request), mode)
    except (ForbiddenTransition, TelephonyError) as error:
        return _refused(request, error)
    await _written_down(request, mode)
    return web.Response(status=204)


@allowed(Permission.SUPERVISE)
async def take_over(request: web.Request) -> web.Response:
    """Become the dispatcher of the talk."""
    before, listening = _own(request), request.app[SUPERVISION].listening
    try:
        await listening.take_over(_desk(request))
    except (ForbiddenTransition, TelephonyError) as error:
        return _refused(request, error)
    request.app[WATCH_OF_BOARD].written_down(_desk(request))
    if before is not None:
        await audit(request, Action.SUPERVISE, f"call:{before.call_id}", f"take-over{whose(before)}")
    return web.Response(status=204)


@allowed(Permission.SUPERVISE)
async def leave(request: web.Request) -> web.Response:
    """Hang up; the talk goes on."""
    await _written_down(request, "left")
    request.app[WATCH_OF_BOARD].written_down(_desk(request))
    try:
        await request.app[SUPERVISION].listening.stop_listening(_desk(request))
    except TelephonyError as error:
        return _refused(request, error)
    return web.Response(status=204)


@allowed(Permission.SUPERVISE)
async def threat_seen(request: web.Request) -> web.Response:
    """Take note of a threat: `call`."""
    call_id = tidied(str((await request.post()).get("call", "")))
    await request.app[SUPERVISION].threats.see(call_id, by=request[USER].id)
    await audit(request, Action.SUPERVISE, f"call:{call_id}", "threat seen")
    return web.Response(status=204)


async def _written_down(request: web.Request, act: str) -> None:
    if (one := _own(request)) is not None:
        await audit(request, Action.SUPERVISE, f"call:{one.call_id}", f"{act}{whose(one)}")


def _own(request: web.Request) -> Listener | None:
    listeners, desk = request.app[SUPERVISION].listening.listeners(), request[USER].dispatcher_id
    return next((one for one in listeners if one.supervisor_id == desk), None)


def _desk(request: web.Request) -> int:
    desk = request[USER].dispatcher_id
    if desk is None:
        raise NoDesk(f"User {request[USER].id} has no desk.")
    return desk


def _named(kind: type[_Named], given: object) -> _Named:
    try:
        return kind(str(given))
    except ValueError:
        raise web.HTTPBadRequest from None


def _refused(request: web.Request, error: ForbiddenTransition | TelephonyError) -> web.Response:
    status = 409 if isinstance(error, ForbiddenTransition) else 503
    return web.json_response({"message": words_of(request).gettext(refusal(error))}, status=status)
