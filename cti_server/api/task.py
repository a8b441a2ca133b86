"""A task as programs see it, and a program as one who acts on tasks."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.masking import text_for
from cti_server.api.paging import Moment
from cti_server.keys import TOKEN
from cti_server.tasks.inputs import INPUTS
from cti_server.tasks.sources import TASKS
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.access.tokens import Token
from hotline.access.users import User
from hotline.errors import NotFound
from hotline.tasks import task as tasks
from hotline.tasks.rights import may_act, may_see
from hotline.tasks.task import TaskKind
from hotline.tasks.task_states import TaskEvent, TaskState

SEES = (Permission.SEE_TASKS, Permission.DO_TASKS)
PARTY = r"^(user|executor):[1-9][0-9]{0,8}$"
Party = Annotated[str, Meta(pattern=PARTY, description="`executor:3` an enterprise, `user:7` a person.")]
Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class TaskAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a task."""

    id: Id


class Task(msgspec.Struct, kw_only=True):
    """A task. `result` is null without personal data, and for who does no tasks."""

    id: int
    version: Annotated[int, Meta(description="Grows with each act: send it with the next one.")]
    state: TaskState
    kind: Annotated[TaskKind, Meta(description="Where it comes from.")]
    record: Annotated[str, Meta(description="What it comes from, such as `directive:3`; empty for none.")]
    title: Annotated[str, Meta(description="What people call that.")]
    text: str
    responsible: Party
    helpers: list[Party]
    controller: Annotated[int, Meta(description="The user who takes it off control.")]
    given_at: Moment
    due_at: Moment
    overdue: bool
    parent: Annotated[int | None, Meta(description="The task of which it is a part.")]
    result: str | None
    ended_at: Moment | None
    acts: Annotated[list[TaskEvent], Meta(description="What this token may do with it in its present state.")]


def bearer(request: web.Request) -> User:
    """Give the token as one who acts on tasks: its role and its enterprise, and nobody's own work."""
    token: Token = request[TOKEN]
    return User(
        id=0,
        login="",
        name=token.name,
        role=token.role,
        password_hash="",
        executor_id=token.executor_id,
        sees_people=token.personal,
    )


async def seen(request: web.Request, task_id: int) -> tasks.Task:
    """Find a task that the token may see; raises NotFound."""
    task = await request.app[TASKS].tasks.get(task_id)
    if not may_see(bearer(request), task):
        raise NotFound(f"There is no task {task_id}.")
    return task


def shown(request: web.Request, task: tasks.Task) -> Task:
    """Show it to the token that asks."""
    user, token = bearer(request), request[TOKEN]
    offered = (*INPUTS, TaskEvent.CHANGE) if token.opens(Scope.TASKS_ACT) else ()
    return Task(
        id=task.id,
        version=task.version,
        state=task.state,
        kind=task.source.kind,
        record=task.source.record,
        title=task.source.title,
        text=task.text,
        responsible=task.responsible,
        helpers=list(task.helpers),
        controller=task.controller,
        given_at=task.given_at,
        due_at=task.due_at,
        overdue=task.overdue(request.app[TASKS].clock.now()),
        parent=task.parent,
        result=word_for(request, task.result),
        ended_at=task.ended_at,
        acts=[event for event in offered if may_act(user, task, event)],
    )


def word_for(request: web.Request, said: str) -> str | None:
    """Give what somebody said, to who does tasks and sees personal data."""
    token: Token = request[TOKEN]
    return text_for(token, said) if token.may(Permission.DO_TASKS) else None


class TaskLine(msgspec.Struct, kw_only=True):
    """Something that was done with a task. `said` is null where `result` is."""

    at: Moment
    event: Annotated[str, Meta(description="`give`, an act, or `reminder` and `overdue` of the service.")]
    user_id: Annotated[int | None, Meta(description="Who did it, or answers for the program; null: nobody.")]
    token_id: Annotated[int | None, Meta(description="The program that did it.")]
    said: str | None
    changes: Annotated[dict[str, list[Any]], Meta(description="Fields: what each was, and what it is then.")]
