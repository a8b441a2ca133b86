"""Access to routes, declared beside the handler.

    @allowed(Permission.SEE_AUDIT)
    async def page(request: web.Request) -> web.Response: ...

A handler without a declaration stops the application from starting.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from hotline.access.permissions import Permission
from hotline.access.scopes import Scope

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_DECLARED = "hotline_access"


class Principal(Protocol):
    """The principal: a signed-in user, or a program by its token."""

    def may(self, permission: Permission) -> bool: ...


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call the route: anybody, signed-in users with all the permissions, or tokens with them."""

    permissions: frozenset[Permission] = frozenset()
    anybody: bool = False
    by_token: bool = False
    scopes: tuple[Scope, ...] = ()
    """Of a route for tokens: any of them opens it."""
    one_is_enough: bool = False
    """Any of the permissions will do."""
    from_outside: bool = False
    unasked: bool = False
    """Nobody asks who it is, not even by a session: the answer is the same for all."""
    settles: bool = False
    """Open also to users who owe us a password of their own or a one-time code: here they settle it."""
    streams: bool = False
    """The handler reads the form itself, part by part: see `cti_server.auth.gate.PARTS`."""

    def admits(self, actor: Principal) -> bool:
        has = (actor.may(permission) for permission in self.permissions)
        return any(has) if self.one_is_enough else all(has)


def allowed(
    *permissions: Permission, streams: bool = False, settles: bool = False, one_is_enough: bool = False
) -> Callable[[Handler], Handler]:
    """Declare that the user needs all these permissions; none: being signed in is enough.

    `settles`, `one_is_enough`: see `Access`. `streams`: the gate does not read a form with files into
    memory; the handler continues where the gate stopped.
    """

    def declare(handler: Handler) -> Handler:
        vars(handler)[_DECLARED] = Access(
            frozenset(permissions), streams=streams, settles=settles, one_is_enough=one_is_enough
        )
        return handler

    return declare


def public(handler: Handler) -> Handler:
    """Declare that anybody may call this; POSTs are still taken from our own pages only."""
    vars(handler)[_DECLARED] = Access(anybody=True)
    return handler


def public_with_files(handler: Handler) -> Handler:
    """Declare a public form that may bring files: the handler reads them itself, see `allowed(streams=…)`."""
    vars(handler)[_DECLARED] = Access(anybody=True, streams=True)
    return handler


def open_to_all(handler: Handler) -> Handler:
    """Declare that anybody may read this, and gets the same: no session is looked for. GET only."""
    vars(handler)[_DECLARED] = Access(anybody=True, unasked=True)
    return handler


def from_outside(handler: Handler) -> Handler:
    """Declare that another system calls this, from no page of ours: the handler asks for its secret."""
    vars(handler)[_DECLARED] = Access(anybody=True, from_outside=True)
    return handler


def with_token(*permissions: Permission, scopes: Sequence[Scope]) -> Callable[[Handler], Handler]:
    """Declare that a program's token needs any of these permissions, and any of these scopes.

    Who is signed in does not matter.
    """

    def declare(handler: Handler) -> Handler:
        vars(handler)[_DECLARED] = Access(
            frozenset(permissions), by_token=True, scopes=tuple(scopes), one_is_enough=True
        )
        return handler

    return declare


def access_of(handler: object) -> Access | None:
    """Tell what the handler asks for; None when nothing was declared."""
    declared = getattr(handler, _DECLARED, None)
    return declared if isinstance(declared, Access) else None


async def require_declared(app: web.Application) -> None:
    """Raise TypeError for a route whose handler has no declaration; connected to `on_startup`."""
    for route in app.router.routes():
        if access_of(route.handler) is None:
            raise TypeError(f"{route.method} {route} says not who may call it: use @allowed or @public.")
