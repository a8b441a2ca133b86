"""Tasks born from the decisions of a meeting, when the head has signed its minutes."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from hotline.city.terms import end_of
from hotline.meetings.meetings import Meeting
from hotline.meetings.minutes import MinutesContent
from hotline.tasks.parties import Party
from hotline.tasks.task import NewTask, TaskKind, TaskSource


def record_of(meeting_id: int) -> str:
    """Name the meeting as the source of a task."""
    return f"meeting:{meeting_id}"


def tasks_of(meeting: Meeting, content: MinutesContent, controller: int, zone: ZoneInfo) -> Sequence[NewTask]:
    """Make a task of each decision; of one that an earlier version had, none is given again."""
    day = meeting.begins_at.astimezone(zone).date()
    return [
        NewTask(
            once=f"meeting-{meeting.id}-decision-{one.key}",
            source=TaskSource(
                kind=TaskKind.MEETING,
                record=record_of(meeting.id),
                title=f"Протокол наради № {meeting.id} від {day:%d.%m.%Y}, питання {number}",
            ),
            text=one.text,
            responsible=Party(one.party),
            controller=controller,
            due_at=end_of(_day(one.due_on), zone).due_at,
        )
        for number, point in enumerate(content.points, 1)
        for one in point.decisions
    ]


def _day(due_on: date | None) -> date:
    """Give the day; minutes in which one is lacking are never presented."""
    if due_on is None:
        raise ValueError("A decision without a day was presented.")
    return due_on
