"""A task as typed: its faults, and the task or the change that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from cti_server.frame.filters import whole
from cti_server.frame.forms import new_key, read_form
from cti_server.frame.language import N_
from cti_server.frame.moments import moment_typed, read_moment
from cti_server.tasks.people import TaskPeople
from hotline.access.permissions import Permission
from hotline.tasks.parties import Party, user_of
from hotline.tasks.task import LONGEST_TEXT, LONGEST_WORD, NewTask, Task, TaskAct, TaskSource
from hotline.tasks.task_states import TaskEvent

Faults = Mapping[str, str]
_TOO_LONG = N_("This is too long: write %(most)s characters at most.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTask:
    """The fields of the form as typed. `key`: a form sent twice gives one task."""

    text: str = ""
    responsible: str = ""
    helpers: tuple[str, ...] = ()
    controller: str = ""
    due: str = ""
    said: str = ""
    """Why it is changed."""
    key: str = ""
    version: int = 0
    """Of the task as it was seen; 0 for a new one."""

    def due_at(self, zone: ZoneInfo, was: Task | None = None) -> datetime | None:
        return read_moment(self.due, zone, was.due_at if was else None)


def read_typed(form: MultiMapping[object]) -> TypedTask:
    """Take the form as a browser sends it."""
    typed = read_form(TypedTask, form)
    return replace(typed, key=typed.key[:40] or new_key())


def as_typed(task: Task, zone: ZoneInfo) -> TypedTask:
    """Write a task as the form shows it."""
    return TypedTask(
        text=task.text,
        responsible=task.responsible,
        helpers=task.helpers,
        controller=str(task.controller),
        due=moment_typed(task.due_at, zone),
        version=task.version,
    )


def faults_of(
    typed: TypedTask,
    people: TaskPeople,
    now: datetime,
    zone: ZoneInfo,
    *,
    was: Task | None = None,
    whole_of: Task | None = None,
) -> Mapping[str, tuple[str, Mapping[str, object]]]:
    """Say what keeps the form from being a task, by field: texts to be translated, with their values."""
    found: dict[str, tuple[str, Mapping[str, object]]] = {}
    if not typed.text:
        found["text"] = (N_("Write what is to be done."), {})
    elif len(typed.text) > LONGEST_TEXT:
        found["text"] = (_TOO_LONG, {"most": LONGEST_TEXT})
    chosen = {one.value for one in people.parties()}
    if was is not None:
        chosen |= was.parties
    if typed.responsible not in chosen:
        found["responsible"] = (N_("Choose who is responsible."), {})
    if not chosen.issuperset(typed.helpers):
        found["helpers"] = (N_("One of them has left: choose again."), {})
    if fault := _controller_fault(typed, people, was):
        found["controller"] = (fault, {})
    if fault_of_due := _due_fault(typed, now, zone, was, whole_of):
        found["due"] = fault_of_due
    if len(typed.said) > LONGEST_WORD:
        found["said"] = (_TOO_LONG, {"most": LONGEST_WORD})
    return found


def _controller_fault(typed: TypedTask, people: TaskPeople, was: Task | None) -> str:
    known = {one.value for one in people.controllers()} | ({str(was.controller)} if was else set())
    if typed.controller not in known:
        return N_("Choose who controls it.")
    user = people.users[int(typed.controller)]
    if user.id == user_of(typed.responsible) and not user.may(Permission.GIVE_TASKS):
        return N_("Nobody controls their own work: choose another.")
    return ""


def _due_fault(
    typed: TypedTask, now: datetime, zone: ZoneInfo, was: Task | None, whole_of: Task | None
) -> tuple[str, Mapping[str, object]] | None:
    due_at = typed.due_at(zone, was)
    if due_at is None:
        return N_("Write the moment as a date and a time."), {}
    if due_at <= now and (was is None or due_at != was.due_at):
        return N_("This moment has passed already."), {}
    if whole_of is not None and due_at > whole_of.due_at:
        return (
            N_("A part cannot end after the whole, which ends %(moment)s."),
            {"moment": moment_typed(whole_of.due_at, zone)},
        )
    return None


def new_task(typed: TypedTask, zone: ZoneInfo, source: TaskSource, *, parent: int | None = None) -> NewTask:
    """Make the task of a form without faults."""
    due_at = typed.due_at(zone)
    assert due_at is not None  # noqa: S101 - `faults_of` has looked
    return NewTask(
        once=f"form-{typed.key}",
        source=source,
        text=typed.text,
        responsible=Party(typed.responsible),
        helpers=_helpers(typed),
        controller=whole(typed.controller) or 0,
        due_at=due_at,
        parent=parent,
    )


def change_of(
    typed: TypedTask, zone: ZoneInfo, was: Task, *, by: int, at: datetime, token: int | None = None
) -> TaskAct:
    """Make the act of a form without faults; another responsible one makes it given to another."""
    passed_on = typed.responsible != was.responsible
    return TaskAct(
        event=TaskEvent.PASS_ON if passed_on else TaskEvent.CHANGE,
        by=by,
        token=token,
        at=at,
        said=typed.said,
        text=typed.text,
        responsible=Party(typed.responsible),
        helpers=_helpers(typed),
        controller=whole(typed.controller),
        due_at=typed.due_at(zone, was),
    )


def _helpers(typed: TypedTask) -> tuple[Party, ...]:
    return tuple(Party(one) for one in sorted(set(typed.helpers)) if one != typed.responsible)
