"""The page of one task: what it is, its parts, what can be done now, and what was done."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from attrs import frozen

from cti_server.appeals.list.words import left_until
from cti_server.audit import Action, audit
from cti_server.frame.homes import is_there
from cti_server.frame.language import N_, words_of
from cti_server.frame.moments import moment_typed
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.tasks.filters import PATH
from cti_server.tasks.listing import SEES
from cti_server.tasks.people import TaskPeople, people_of
from cti_server.tasks.record_files import files_part
from cti_server.tasks.sources import TASKS
from cti_server.tasks.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.appeals.lists import class_of
from hotline.errors import NotFound
from hotline.tasks.rights import may_act, may_see
from hotline.tasks.task import LONGEST_WORD, Task, TaskEntry
from hotline.tasks.task_states import TaskEvent


@frozen(kw_only=True)
class ActForm:
    """An act as the card offers it: its button, what is asked for beside, and a hint."""

    event: TaskEvent
    text: str
    asks: str = ""
    """The label of the words that belong to it; empty: none are asked for."""
    hint: str = ""
    danger: bool = False


FORMS = (
    ActForm(event=TaskEvent.ACCEPT, text=N_("Accept")),
    ActForm(event=TaskEvent.REPORT, text=N_("Report that it is done"), asks=N_("What was done")),
    ActForm(
        event=TaskEvent.TAKE_OFF,
        text=N_("Take it off control"),
        asks=N_("Your word: why it counts as done"),
    ),
    ActForm(event=TaskEvent.RETURN, text=N_("Return it"), asks=N_("What is missing")),
    ActForm(event=TaskEvent.NOTE, text=N_("Write a note"), asks=N_("Note")),
    ActForm(event=TaskEvent.REOPEN, text=N_("Put it under control again"), asks=N_("Why")),
    ActForm(
        event=TaskEvent.WITHDRAW,
        text=N_("Withdraw the task"),
        asks=N_("Why it need not be done"),
        hint=N_("Its open parts are withdrawn with it."),
        danger=True,
    ),
)


@frozen(kw_only=True)
class Changed:
    """A field that an act changed, with what people read of it before and after."""

    field: str
    before: str
    after: str


@frozen(kw_only=True)
class Line:
    """A line of the history, with the words for its people and changes."""

    entry: TaskEntry
    who: str
    changes: Sequence[Changed]


@frozen(kw_only=True)
class Tried:
    """An act that was not done: its words as typed, and why."""

    event: str
    said: str
    fault: str


@SEES
async def page(request: web.Request) -> web.Response:
    """One task."""
    task = await task_of(request)
    await audit(request, Action.VIEW, f"task:{task.id}")
    return await show(request, task)


async def task_of(request: web.Request) -> Task:
    """Read the task of the address; one that the user may not see is not there."""
    task = await request.app[TASKS].tasks.get(int(request.match_info["id"]))
    if not may_see(request[USER], task):
        raise NotFound(f"There is no task {task.id}.")
    return task


async def show(
    request: web.Request, task: Task, tried: Tried | None = None, status: int = HTTPStatus.OK
) -> web.Response:
    """Show the card, with the act that was not done."""
    sources, user, people = request.app[TASKS], request[USER], await people_of(request)
    now, zone = sources.clock.now(), sources.timezone
    whole = None if task.parent is None else await sources.tasks.get(task.parent)
    parts = await sources.tasks.parts(task.id)
    owed = [one for one in (task, *parts) if one.owed]
    knows = user.may(Permission.DO_TASKS)
    return render(
        request,
        "tasks/card.html.jinja2",
        status=status,
        **CONTEXT,
        one=task,
        whole=whole if whole and may_see(user, whole) else None,
        parts_of_it=[one for one in parts if may_see(user, one)],
        people=people,
        acts=[form for form in FORMS if may_act(user, task, form.event)],
        may_change=may_act(user, task, TaskEvent.CHANGE),
        may_divide=may_act(user, task, TaskEvent.CHANGE) and task.parent is None,
        knows=knows,
        part=await files_part(
            request,
            f"task:{task.id}",
            f"{PATH}/{task.id}/files",
            may_add=may_act(user, task, TaskEvent.NOTE),
        )
        if knows
        else None,
        draws_in=is_there(request.app, "/specialists/new"),
        lines=[_line(one, people, zone) for one in await sources.tasks.history(task.id)] if knows else (),
        due={one.id: class_of(one.due_at, now, zone) for one in owed},
        left={one.id: left_until(one.due_at, now, words_of(request)) for one in owed},
        tried=tried,
        longest=LONGEST_WORD,
    )


def _line(entry: TaskEntry, people: TaskPeople, zone: ZoneInfo) -> Line:
    return Line(
        entry=entry,
        who=people.user(entry.user_id),
        changes=[
            Changed(
                field=name, before=_shown(name, before, people, zone), after=_shown(name, after, people, zone)
            )
            for name, (before, after) in entry.changes.items()
        ],
    )


def _shown(name: str, value: Any, people: TaskPeople, zone: ZoneInfo) -> str:
    """Write a field's value of the history as people read it."""
    match name:
        case "responsible":
            return people.name(value)
        case "helpers":
            return ", ".join(map(people.name, value)) or "—"
        case "controller":
            return people.user(value)
        case "due_at":
            return moment_typed(datetime.fromisoformat(value), zone)
        case _:
            return str(value)
