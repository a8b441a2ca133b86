"""Tasks in a person's calendar (RFC 5545): each as the half-hour before its term ends."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.frame.icalendar import escaped, utc
from cti_server.frame.language import words
from cti_server.hosts import own_origin
from cti_server.tasks.sources import TASKS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.tasks.parties import parties_of
from hotline.tasks.task import Task, TaskFilter
from hotline.tasks.task_states import OWED

MOST = 200
_LANGUAGE = "uk"
_LASTS = timedelta(minutes=30)
_LONGEST_SUMMARY = 120


async def tasks_of(request: web.Request, user: User) -> Sequence[Task]:
    """Read the tasks that the user owes or helps with, by their terms."""
    if TASKS not in request.app or not user.may(Permission.DO_TASKS):
        return ()
    wanted = TaskFilter(parties=parties_of(user), states=OWED)
    return await request.app[TASKS].tasks.find(wanted, limit=MOST)


def task_event(request: web.Request, task: Task, now: datetime) -> Iterator[str]:
    """Write the lines of one task."""
    origin = own_origin(request)
    host = origin.partition("://")[2].partition(":")[0]
    summary = f"{words(_LANGUAGE).gettext('Task')} № {task.id}: {task.text}"
    if len(summary) > _LONGEST_SUMMARY:
        summary = summary[:_LONGEST_SUMMARY].rstrip() + "…"
    yield "BEGIN:VEVENT"
    yield f"UID:task-{task.id}@{host}"
    yield f"DTSTAMP:{utc(now)}"
    yield f"SEQUENCE:{task.version}"
    yield f"DTSTART:{utc(task.due_at - _LASTS)}"
    yield f"DTEND:{utc(task.due_at)}"
    yield f"SUMMARY:{escaped(' '.join(summary.split()))}"
    yield f"URL:{origin}/tasks/{task.id}"
    yield "END:VEVENT"
