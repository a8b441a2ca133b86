"""Tasks given and changed by the head: an instruction, a part of another task, a change of what was given."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import new_key
from cti_server.frame.language import words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.tasks.acting import OVERTAKEN
from cti_server.tasks.card import task_of
from cti_server.tasks.filters import PATH
from cti_server.tasks.people import people_of
from cti_server.tasks.sources import TASKS
from cti_server.tasks.typed import (
    TypedTask,
    as_typed,
    change_of,
    faults_of,
    new_task,
    read_typed,
)
from cti_server.tasks.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, Outdated
from hotline.tasks.rights import may_act
from hotline.tasks.task import LONGEST_TEXT, LONGEST_WORD, BeyondTheWhole, Task, TaskKind, TaskSource
from hotline.tasks.task_states import TaskEvent

_GIVES = allowed(Permission.GIVE_TASKS)
_INSTRUCTION = TaskSource(kind=TaskKind.INSTRUCTION)


@_GIVES
async def new(request: web.Request) -> web.Response:
    """The form of a new task; `?parent=` makes it a part, `?order=` a point of an order."""
    whole_of, me = await _whole(request), str(request[USER].id)
    typed = TypedTask(key=new_key(), controller=str(whole_of.controller) if whole_of else me)
    return await _show(request, typed, whole_of=whole_of)


@_GIVES
async def give(request: web.Request) -> web.Response:
    """Give the task that was typed; a form sent twice gives one."""
    sources, whole_of = request.app[TASKS], await _whole(request)
    typed, now = read_typed(await request.post()), sources.clock.now()
    faults = faults_of(typed, await people_of(request), now, sources.timezone, whole_of=whole_of)
    if faults:
        return await _show(request, typed, whole_of=whole_of, faults=faults)
    source = whole_of.source if whole_of else await _source(request)
    parent = whole_of.id if whole_of else None
    wanted = new_task(typed, sources.timezone, source, parent=parent)
    try:
        task = await sources.tasks.give(wanted, request[USER].id, now)
    except (BeyondTheWhole, ForbiddenTransition):
        return await _show(request, typed, whole_of=whole_of, overtaken=True)
    await audit(request, Action.ADD, f"task:{task.id}")
    return noted_at(f"{PATH}/{task.id}", Noted.TASK_GIVEN)


@_GIVES
async def form(request: web.Request) -> web.Response:
    """The form of a task that was given."""
    task = await _changeable(request)
    return await _show(request, as_typed(task, request.app[TASKS].timezone), was=task)


@_GIVES
async def change(request: web.Request) -> web.Response:
    """Change it, on the version that was seen; another responsible one has yet to accept it."""
    sources, task = request.app[TASKS], await _changeable(request)
    typed, now, whole_of = (
        read_typed(await request.post()),
        sources.clock.now(),
        await _whole_of(request, task),
    )
    faults = faults_of(typed, await people_of(request), now, sources.timezone, was=task, whole_of=whole_of)
    if faults:
        return await _show(request, typed, was=task, faults=faults)
    act = change_of(typed, sources.timezone, task, by=request[USER].id, at=now)
    try:
        await sources.tasks.act(task.id, typed.version, act)
    except (BeyondTheWhole, ForbiddenTransition, Outdated):
        return await _show(request, typed, was=task, overtaken=True)
    await audit(request, Action.CHANGE, f"task:{task.id}", act.event)
    return noted_at(f"{PATH}/{task.id}", Noted.TASK_CHANGED)


async def _whole(request: web.Request) -> Task | None:
    """Read the task of which a part is given."""
    parent = whole(request.query.get("parent", ""))
    return None if parent is None else await request.app[TASKS].tasks.get(parent)


async def _source(request: web.Request) -> TaskSource:
    """Read the order whose point is given; without one it is an instruction."""
    order = whole(request.query.get("order", ""))
    return _INSTRUCTION if order is None else (await request.app[TASKS].directives.get(order)).source


async def _whole_of(request: web.Request, task: Task) -> Task | None:
    return None if task.parent is None else await request.app[TASKS].tasks.get(task.parent)


async def _changeable(request: web.Request) -> Task:
    task = await task_of(request)
    if not may_act(request[USER], task, TaskEvent.CHANGE):
        raise ForbiddenTransition(f"Task {task.id} is ended: it changes no more.")
    return task


async def _show(
    request: web.Request,
    typed: TypedTask,
    *,
    was: Task | None = None,
    whole_of: Task | None = None,
    faults: Mapping[str, tuple[str, Mapping[str, object]]] | None = None,
    overtaken: bool = False,
) -> web.Response:
    gettext, people = words_of(request).gettext, await people_of(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return render(
        request,
        "tasks/form.html.jinja2",
        status=HTTPStatus.CONFLICT if overtaken else status,
        **CONTEXT,
        typed=typed,
        one=was,
        whole=whole_of,
        source=None if was or whole_of else await _source(request),
        people=people,
        faults={name: gettext(text) % values for name, (text, values) in (faults or {}).items()},
        overtaken=gettext(OVERTAKEN) if overtaken else "",
        longest={"text": LONGEST_TEXT, "said": LONGEST_WORD},
    )
