"""Files of tasks, and of orders of the city: brought along, and handed out by right."""

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.keys import USER
from cti_server.tasks.card import task_of
from cti_server.tasks.directives import PATH as ORDERS
from cti_server.tasks.filters import PATH
from cti_server.tasks.record_files import bring, hand_out, show_small
from cti_server.tasks.sources import TASKS
from hotline.access.permissions import Permission
from hotline.tasks.rights import may_act
from hotline.tasks.task_states import TaskEvent

_KNOWS = allowed(Permission.DO_TASKS)
_KNOWS_ORDERS = allowed(Permission.DO_TASKS, Permission.SEE_TASKS)


@allowed(Permission.DO_TASKS, streams=True)
async def bring_to_task(request: web.Request) -> web.Response:
    """Keep files with the task; who may write a note on it adds them."""
    task = await task_of(request)
    may_add = may_act(request[USER], task, TaskEvent.NOTE)
    return await bring(request, f"task:{task.id}", f"{PATH}/{task.id}", may_add=may_add)


@_KNOWS
async def of_task(request: web.Request) -> web.StreamResponse:
    return await hand_out(request, f"task:{(await task_of(request)).id}")


@_KNOWS
async def small_of_task(request: web.Request) -> web.StreamResponse:
    return await show_small(request, f"task:{(await task_of(request)).id}")


@allowed(Permission.GIVE_TASKS, streams=True)
async def bring_to_order(request: web.Request) -> web.Response:
    """Keep files with the order: its own text, and what belongs to it."""
    return await bring(request, await _order(request), f"{ORDERS}/{request.match_info['id']}", may_add=True)


@_KNOWS_ORDERS
async def of_order(request: web.Request) -> web.StreamResponse:
    return await hand_out(request, await _order(request))


@_KNOWS_ORDERS
async def small_of_order(request: web.Request) -> web.StreamResponse:
    return await show_small(request, await _order(request))


async def _order(request: web.Request) -> str:
    one = await request.app[TASKS].directives.get(int(request.match_info["id"]))
    return one.source.record
