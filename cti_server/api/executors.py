"""Executors: the enterprises that an appeal can be given to."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import own_executor
from cti_server.api.masking import text_for
from cti_server.api.operation import operation
from cti_server.api.paging import Page
from cti_server.api.sources import API
from cti_server.frame.language import N_
from cti_server.keys import ACCOUNTS, TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope


class Executor(msgspec.Struct, kw_only=True):
    """An enterprise that does the work."""

    id: int
    name: str
    short: str
    active: bool


class Colleague(msgspec.Struct, kw_only=True):
    """Somebody who works at the token's enterprise."""

    id: int
    name: Annotated[str | None, Meta(description="Personal data: else null.")]


class ColleaguePage(Page, kw_only=True):
    """People of one enterprise; `next` is always null."""

    items: list[Colleague]


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


@operation(
    "GET",
    "/colleagues",
    Permission.WORK_ON_APPEALS,
    scopes=(Scope.APPEALS_ACT,),
    summary=N_("List the people of the enterprise"),
)
async def list_colleagues(request: web.Request) -> ColleaguePage:
    """List who has an account of the token's own enterprise: an appeal is passed on to one of them."""
    token, own = request[TOKEN], own_executor(request)
    found = await request.app[ACCOUNTS].users.of_executor(own) if own is not None else ()
    return ColleaguePage(items=[Colleague(id=one.id, name=text_for(token, one.name)) for one in found])
