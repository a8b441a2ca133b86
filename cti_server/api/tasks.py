"""Tasks of other systems: an enterprise's own, and those that the head gives and controls."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import acts_on, operation
from cti_server.api.paging import Limit, Moment, Page, within
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.task import (
    SEES,
    Id,
    Party,
    Task,
    TaskAsked,
    TaskLine,
    bearer,
    seen,
    shown,
    word_for,
)
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from cti_server.frame.moments import moment_typed
from cti_server.keys import TOKEN
from cti_server.tasks.acting import PARTS_OPEN
from cti_server.tasks.inputs import TaskSeen, TaskWord, said_in
from cti_server.tasks.people import people_for
from cti_server.tasks.sources import TASKS
from cti_server.tasks.typed import TypedTask, change_of, faults_of, new_task
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.errors import ForbiddenTransition, Outdated
from hotline.tasks import parties
from hotline.tasks import task as tasks
from hotline.tasks.rights import may_act
from hotline.tasks.task import (
    CHANGEABLE,
    LONGEST_TEXT,
    LONGEST_WORD,
    BeyondTheWhole,
    PartsOpen,
    TaskAct,
    TaskEntry,
    TaskFilter,
    TaskKind,
    TaskSource,
)
from hotline.tasks.task_states import TaskEvent, TaskState

_BEYOND = N_("A part cannot end after the whole.")
_TWO = N_("A part belongs to the order of its whole: send `parent` or `directive`.")
_ACTS = (Scope.TASKS_ACT,)


class TasksAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a list of tasks."""

    state: TaskState | None = None
    kind: TaskKind | None = None
    record: Annotated[str, Meta(max_length=60, description="What it comes from: `directive:3`.")] = ""
    party: Annotated[Party | None, Meta(description="Responsible for it, or helps.")] = None
    due_before: Moment | None = None
    limit: Limit = 50
    cursor: Annotated[str, Meta(pattern=r"^[0-9]{1,7}$", description="`next` of the page before.")] | None = (
        None
    )


class TaskPage(Page, kw_only=True):
    """Tasks: those that are not ended first, by their terms."""

    items: list[Task]


class TaskHistory(Page, kw_only=True):
    """The history of a task, the latest line first; `next` is always null."""

    items: list[TaskLine]


class TaskParty(msgspec.Struct, kw_only=True):
    """Somebody who may be responsible for a task."""

    party: Party
    name: str
    controls: Annotated[bool, Meta(description="A user who may take tasks off control.")]


class TaskPartyPage(Page, kw_only=True):
    """People and enterprises; `next` is always null."""

    items: list[TaskParty]


class GivenTask(Input, kw_only=True):
    """The text of a task, who does it, who controls it, and its term to the minute."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
    responsible: Party
    helpers: Annotated[list[Party], Meta(max_length=50)] = msgspec.field(default_factory=list)
    controller: Annotated[Id, Meta(description="The user who takes it off control: `/tasks/parties`.")]
    due_at: Moment


class NewTask(GivenTask, kw_only=True):
    """A task to be given: an instruction, a point of an order, or a part of another task."""

    parent: Annotated[Id | None, Meta(description="The task of which it is a part.")] = None
    directive: Annotated[Id | None, Meta(description="The order of which it is a point.")] = None


class ChangedTask(GivenTask, kw_only=True):
    """A task as it is to be from now on; another responsible one has yet to accept it."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    said: Annotated[str, Meta(max_length=LONGEST_WORD, description="Why, for the history.")] = ""


_act = acts_on("/tasks/{id}", scopes=_ACTS)


@operation("GET", "/tasks", *SEES, scopes=(Scope.TASKS_READ,), summary=N_("List tasks"))
async def list_tasks(request: web.Request, query: TasksAsked) -> TaskPage:
    """Tasks that match all filters. An enterprise's token finds those of the enterprise as a whole."""
    token, skip = request[TOKEN], int(query.cursor or "0")
    theirs = frozenset({parties.Party(query.party)} if query.party else ())
    if not token.may(Permission.SEE_TASKS):
        own = frozenset({parties.enterprise_party(token.executor_id or 0)})
        if theirs and theirs != own:
            return TaskPage(items=[])
        theirs = own
    wanted = TaskFilter(
        parties=theirs,
        states=frozenset({query.state}) if query.state else None,
        kind=query.kind,
        record=query.record,
        due_before=within(query.due_before),
    )
    found = await request.app[TASKS].tasks.find(wanted, limit=query.limit + 1, skip=skip)
    if token.personal:
        await audit(request, Action.VIEW, "tasks", request.query_string)
    more = len(found) > query.limit
    return TaskPage(
        items=[shown(request, one) for one in found[: query.limit]],
        next=str(skip + query.limit) if more else None,
    )


@operation(
    "GET",
    "/tasks/parties",
    Permission.GIVE_TASKS,
    scopes=_ACTS,
    summary=N_("List who may be responsible"),
    personal=True,
)
async def list_parties(request: web.Request) -> TaskPartyPage:
    """People of the centre, enterprises and their people, to whom a task can be given."""
    people = await people_for(request, known=True)
    controls = {f"user:{one.value}" for one in people.controllers()}
    found = [
        TaskParty(party=one.value, name=one.name, controls=one.value in controls) for one in people.parties()
    ]
    return TaskPartyPage(items=found)


@operation("GET", "/tasks/{id}", *SEES, scopes=(Scope.TASKS_READ,), summary=N_("Read a task"))
async def read_task(request: web.Request, path: TaskAsked) -> Task:
    """Give a task with its state, its term and what this token may do with it."""
    task = await seen(request, path.id)
    if request[TOKEN].personal:
        await audit(request, Action.VIEW, f"task:{task.id}")
    return shown(request, task)


@operation(
    "GET",
    "/tasks/{id}/history",
    Permission.DO_TASKS,
    scopes=(Scope.TASKS_READ,),
    summary=N_("Read a task's history"),
)
async def read_task_history(request: web.Request, path: TaskAsked) -> TaskHistory:
    """Who did what with it, and what was changed."""
    task = await seen(request, path.id)
    if request[TOKEN].personal:
        await audit(request, Action.VIEW, f"task:{task.id}")
    return TaskHistory(
        items=[
            TaskLine(
                at=one.at,
                event=one.event,
                user_id=one.user_id,
                token_id=one.token_id,
                said=word_for(request, one.said),
                changes=one.changes,
            )
            for one in await request.app[TASKS].tasks.history(task.id)
        ]
    )


@operation(
    "POST",
    "/tasks",
    Permission.GIVE_TASKS,
    scopes=_ACTS,
    summary=N_("Give a task"),
    status=201,
    location=lambda one: f"/tasks/{one.id}",
    problems=frozenset({404}),
)
async def give_task(request: web.Request, headers: KeyedRequest, body: NewTask) -> Task:
    """Give a task. The same key again gives the task of then; with another request, 409.

    404 where there is no such `parent` or `directive`.
    """
    sources, token = request.app[TASKS], request[TOKEN]
    if body.parent is not None and body.directive is not None:
        raise Invalid(Fault("body.directive", _TWO))
    whole = None if body.parent is None else await seen(request, body.parent)
    source = whole.source if whole else TaskSource(kind=TaskKind.INSTRUCTION)
    if body.directive is not None:
        source = (await sources.directives.get(body.directive)).source
    typed = await _typed(request, body, whole=whole, key=key_of(request, headers))
    wanted = new_task(typed, sources.timezone, source, parent=body.parent)
    try:
        task = await sources.tasks.give(wanted, token.user_id, sources.clock.now(), token=token.id)
    except BeyondTheWhole as error:
        raise Invalid(Fault("body.due_at", _BEYOND)) from error
    await audit(request, Action.ADD, f"task:{task.id}")
    return shown(request, task)


@_act(TaskEvent.CHANGE, Permission.GIVE_TASKS, summary=N_("Change a task"))
async def change_task(
    request: web.Request, path: TaskAsked, headers: KeyedRequest, body: ChangedTask
) -> Task:
    """Replace what was given: text, people, term."""
    del headers
    sources, token, was = request.app[TASKS], request[TOKEN], await seen(request, path.id)
    whole = None if was.parent is None else await sources.tasks.get(was.parent)
    typed = await _typed(request, body, was=was, whole=whole)
    act = change_of(typed, sources.timezone, was, by=token.user_id, at=sources.clock.now(), token=token.id)
    return await _done(request, was, body.version, act)


@_act(TaskEvent.ACCEPT, Permission.DO_TASKS, summary=N_("Accept a task"))
async def accept_task(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskSeen) -> Task:
    """Say that the enterprise has it: given → accepted."""
    return await _acted(request, path, headers, body, TaskEvent.ACCEPT)


@_act(TaskEvent.REPORT, Permission.DO_TASKS, summary=N_("Report a task done"))
async def report_task(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskWord) -> Task:
    """Say that it is done, and what was done: the controller decides."""
    return await _acted(request, path, headers, body, TaskEvent.REPORT)


@_act(TaskEvent.TAKE_OFF, Permission.GIVE_TASKS, summary=N_("Take a task off control"))
async def take_task_off(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskWord) -> Task:
    """Hold it to be done, with a word."""
    return await _acted(request, path, headers, body, TaskEvent.TAKE_OFF)


@_act(TaskEvent.RETURN, Permission.GIVE_TASKS, summary=N_("Return a task"))
async def return_task(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskWord) -> Task:
    """Say what is missing of what was reported: reported → returned."""
    return await _acted(request, path, headers, body, TaskEvent.RETURN)


@_act(TaskEvent.NOTE, Permission.DO_TASKS, Permission.GIVE_TASKS, summary=N_("Write a note on a task"))
async def note_task(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskWord) -> Task:
    """Add words of those who work on it or control it."""
    return await _acted(request, path, headers, body, TaskEvent.NOTE)


@_act(TaskEvent.REOPEN, Permission.GIVE_TASKS, summary=N_("Put a task under control again"))
async def reopen_task(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskWord) -> Task:
    """Put under control again what was taken off."""
    return await _acted(request, path, headers, body, TaskEvent.REOPEN)


@_act(TaskEvent.WITHDRAW, Permission.GIVE_TASKS, summary=N_("Withdraw a task"))
async def withdraw_task(request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskWord) -> Task:
    """Say why it need not be done any more; its open parts are withdrawn with it."""
    return await _acted(request, path, headers, body, TaskEvent.WITHDRAW)


async def _acted(
    request: web.Request, path: TaskAsked, headers: KeyedRequest, body: TaskSeen, event: TaskEvent
) -> Task:
    del headers  # `once` has looked whether the request came before; `_done` knows what it did then
    token, was = request[TOKEN], await seen(request, path.id)
    now = request.app[TASKS].clock.now()
    act = TaskAct(event=event, by=token.user_id, token=token.id, at=now, said=said_in(body))
    return await _done(request, was, body.version, act)


async def _done(request: web.Request, was: tasks.Task, version: int, act: TaskAct) -> Task:
    """Carry the act out on the version that was seen; what the token has just done is done."""
    sources = request.app[TASKS].tasks
    if was.version == version + 1 and _is_done(was, (await sources.history(was.id))[0], act):
        return shown(request, was)
    if was.version != version:
        raise Outdated(f"Task {was.id} has another version than {version}.")
    if not may_act(bearer(request), was, act.event):
        raise ForbiddenTransition(f"Task {was.id} allows this token no {act.event}.")
    try:
        task = await sources.act(was.id, version, act)
    except PartsOpen as error:
        raise Invalid(Fault("path.id", PARTS_OPEN)) from error
    except BeyondTheWhole as error:
        raise Invalid(Fault("body.due_at", _BEYOND)) from error
    await audit(request, Action.CHANGE, f"task:{task.id}", act.event)
    return shown(request, task)


def _is_done(was: tasks.Task, latest: TaskEntry, act: TaskAct) -> bool:
    """Tell whether the latest line is this very act of the token, which comes once more."""
    events = {act.event, TaskEvent.PASS_ON} if act.event is TaskEvent.CHANGE else {act.event}
    stands = all(getattr(act, field) in {None, getattr(was, field)} for field in CHANGEABLE)
    return latest.event in events and (latest.token_id, latest.said) == (act.token, act.said) and stands


async def _typed(
    request: web.Request,
    body: GivenTask,
    *,
    was: tasks.Task | None = None,
    whole: tasks.Task | None = None,
    key: str = "",
) -> TypedTask:
    """Give the body as the form has it, held against the rules of the form; raises Invalid."""
    sources = request.app[TASKS]
    typed = TypedTask(
        text=body.text,
        responsible=body.responsible,
        helpers=tuple(body.helpers),
        controller=str(body.controller),
        due=moment_typed(within(body.due_at) or body.due_at, sources.timezone),
        said=body.said if isinstance(body, ChangedTask) else "",
        key=key,
    )
    people = await people_for(request, known=True)
    faults = faults_of(typed, people, sources.clock.now(), sources.timezone, was=was, whole_of=whole)
    if faults:
        places = {"due": "due_at"}
        raise Invalid(*(Fault(f"body.{places.get(field, field)}", *fault) for field, fault in faults.items()))
    return typed
