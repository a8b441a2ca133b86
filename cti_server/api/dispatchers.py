"""Dispatchers and their presence; a roster of shifts may change it."""

from enum import StrEnum
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.messages import Wish, wish_of
from cti_server.api.operation import operation
from cti_server.api.paging import Moment, Page
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.errors import Engaged, ForbiddenTransition
from hotline.events import LineChanged
from hotline.line import line
from hotline.line.pauses import pauses
from hotline.line.phones import require_phone
from hotline.line.presence_states import Presence

_REASON = N_("A pause has one of these reasons: {0}.")


class DispatcherAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a dispatcher."""

    id: Annotated[int, Meta(ge=1, le=2**31)]


class ChosenPresence(StrEnum):
    """Presences that may be chosen; the others follow from calls."""

    READY = "ready"
    PAUSED = "paused"
    AWAY = "away"


class PresenceChange(Input, kw_only=True):
    """The new presence of a dispatcher."""

    presence: ChosenPresence
    reason: Annotated[str, Meta(max_length=40, description="Of a pause: a code of the city's.")] | None = None


class Dispatcher(msgspec.Struct, kw_only=True):
    """A dispatcher."""

    id: int
    extension: str
    name: str
    presence: Presence
    reason: str
    since: Moment
    wish: Wish | None
    skills: list[str]


class DispatcherPage(Page, kw_only=True):
    """All dispatchers, by extension; `next` is always null."""

    items: list[Dispatcher]


@operation("GET", "/dispatchers", Permission.SEE_LINE, scopes=(Scope.LINE,), summary=N_("List dispatchers"))
async def list_dispatchers(request: web.Request) -> DispatcherPage:
    """Everyone who answers, and what they do now."""
    return DispatcherPage(items=[_shown(one) for one in await request.app[API].dispatchers.all()])


@operation(
    "GET", "/dispatchers/{id}", Permission.SEE_LINE, scopes=(Scope.LINE,), summary=N_("Read a dispatcher")
)
async def read_dispatcher(request: web.Request, path: DispatcherAsked) -> Dispatcher:
    """One dispatcher and what they do now."""
    return _shown(await request.app[API].dispatchers.get(path.id))


@operation(
    "PUT",
    "/dispatchers/{id}/presence",
    Permission.SET_PRESENCE,
    scopes=(Scope.PRESENCE,),
    summary=N_("Change a dispatcher's presence"),
    problems=frozenset({409}),
)
async def set_presence(request: web.Request, path: DispatcherAsked, body: PresenceChange) -> Dispatcher:
    """Make a dispatcher ready, paused or away; 409 where the present state does not allow it.

    An engaged dispatcher goes on: paused and away become their `wish` for afterwards, ready withdraws it (409
    when there is none, as they become ready by themselves then). Nobody becomes ready without a phone that
    can ring (409 `no-phone`).
    """
    sources, presence, reason = request.app[API], Presence(body.presence), body.reason or ""
    if presence is Presence.PAUSED and reason not in pauses():
        raise Invalid(Fault("body.reason", _REASON, (", ".join(pauses()),)))
    now = sources.clock.now()
    reason = reason if presence is Presence.PAUSED else ""
    if presence is Presence.READY:
        await require_phone(await sources.dispatchers.get(path.id), sources.can_ring)
    try:
        changed = await sources.dispatchers.set_presence(path.id, presence, now, reason)
    except Engaged as engaged:  # programs know it by the name of all such refusals
        raise ForbiddenTransition(str(engaged)) from engaged
    await audit(request, Action.CHANGE, f"dispatcher:{path.id}", f"{presence} {reason}".strip())
    sources.events.tell(LineChanged(at=now))
    return _shown(changed)


def _shown(one: line.Dispatcher) -> Dispatcher:
    return Dispatcher(
        id=one.id,
        extension=one.extension,
        name=one.name,
        presence=one.presence,
        reason=one.reason,
        since=one.since,
        wish=wish_of(one),
        skills=sorted(one.skills),
    )
