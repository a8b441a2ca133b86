"""Executors: the enterprises that an appeal can be given to."""

import msgspec
from aiohttp import web

from cti_server.api.operation import operation
from cti_server.api.paging import Page
from cti_server.api.sources import API
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope


class Executor(msgspec.Struct, kw_only=True):
    """An enterprise that does the work."""

    id: int
    name: str
    short: str
    active: bool


class ExecutorPage(Page, kw_only=True):
    """All executors, by their short names; `next` is always null."""

    items: list[Executor]


@operation(
    "GET",
    "/executors",
    Permission.SEE_APPEALS,
    scopes=(Scope.APPEALS_READ, Scope.APPEALS_ACT),
    summary=N_("List the executors"),
)
async def list_executors(request: web.Request) -> ExecutorPage:
    """Everyone who ever had appeals; those that are not active get none any more."""
    found = await request.app[API].executors.all()
    return ExecutorPage(
        items=[Executor(id=one.id, name=one.name, short=one.short, active=one.active) for one in found]
    )
