"""Tasks on the list of what waits: to accept or finish, to decide on, and those whose person has left."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from aiohttp import web
from attrs import field, frozen

from cti_server.appeals.list.words import left_until
from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import TASKS_PART, TodoQuery
from cti_server.frame.language import words_of
from cti_server.keys import USER
from cti_server.tasks.people import TaskPeople, people_of
from cti_server.tasks.sources import TASKS
from cti_server.tasks.words import STATES
from hotline.access.permissions import Permission
from hotline.appeals.lists import SOON_DAYS
from hotline.city.search_terms import saying
from hotline.tasks.parties import parties_of
from hotline.tasks.task import Task, TaskFilter
from hotline.tasks.task_states import ENDED, TaskState

MOST = 50
_TO_ACT = frozenset({TaskState.GIVEN, TaskState.RETURNED})
_REPORTED = frozenset({TaskState.REPORTED})


@frozen(kw_only=True)
class TaskWork:
    """Tasks on which this user acts next; `left` are the words for their terms, by id."""

    tasks: Sequence[Task] = ()
    people: TaskPeople | None = None
    left: Mapping[int, str] = field(factory=dict)
    states: Mapping[str, str] = STATES

    def __bool__(self) -> bool:
        return bool(self.tasks)


async def task_work(request: web.Request, query: TodoQuery) -> TaskWork:
    """Read what waits for this user, by the terms."""
    if TASKS not in request.app or not query.shows(TASKS_PART):
        return TaskWork()
    people, now = await people_of(request), request.app[TASKS].clock.now()
    found = await _waiting(request, people, now)
    said = await saying(found, _text, query.typed, request.app[CONTROL].lemmas)
    return TaskWork(
        tasks=said,
        people=people,
        left={one.id: left_until(one.due_at, now, words_of(request)) for one in said},
    )


async def count_tasks(request: web.Request, _part: str, _most: int) -> int:
    """Count them; they are few."""
    if TASKS not in request.app:
        return 0
    return len(await _waiting(request, await people_of(request), request.app[TASKS].clock.now()))


def _text(task: Task) -> str:
    return f"{task.id} {task.text} {task.source.title}"


async def _waiting(request: web.Request, people: TaskPeople, now: datetime) -> Sequence[Task]:
    """Read them: own ones in work come when their term is near."""
    user, tasks = request[USER], request.app[TASKS].tasks
    own, gives = parties_of(user), user.may(Permission.GIVE_TASKS)
    soon = now + timedelta(days=SOON_DAYS)
    asked = [
        TaskFilter(responsible=own, states=_TO_ACT),
        TaskFilter(responsible=own, states=frozenset({TaskState.ACCEPTED}), due_before=soon),
        TaskFilter(controller=None if gives else user.id, states=_REPORTED),
    ]
    if gives:
        asked.append(TaskFilter(responsible=people.gone(), states=frozenset(TaskState) - ENDED))
    found = {one.id: one for wanted in asked for one in await tasks.find(wanted, limit=MOST)}
    return sorted(found.values(), key=lambda one: (one.due_at, one.id))
