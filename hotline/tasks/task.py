"""Tasks (regulation 4.6, 6.6): given from a source, accepted, reported, returned, taken off control."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from hotline.city.search_terms import Terms
from hotline.delivery.outbox import StepKind
from hotline.errors import HotlineError
from hotline.tasks.parties import Party
from hotline.tasks.task_states import ENDED, OWED, TASK, TaskEvent, TaskState

LONGEST_TEXT = 4000
LONGEST_WORD = 2000


class TaskKind(StrEnum):
    """The source from which a task comes."""

    COUNCIL = "council"
    """An order of the council."""
    COMMITTEE = "committee"
    """An order of the council's executive committee."""
    MAYOR = "mayor"
    """An order of the mayor."""
    INSTRUCTION = "instruction"
    """Given by the head of the centre (regulation 6.6)."""
    MEETING = "meeting"
    PROPOSAL = "proposal"
    FAULT = "fault"
    """Of the centre's equipment."""


GIVEN = "give"
CHANGEABLE = ("text", "responsible", "helpers", "controller", "due_at")
OF_ORDERS = frozenset({TaskKind.COUNCIL, TaskKind.COMMITTEE, TaskKind.MAYOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSource:
    """The source: its kind, the record of it such as `meeting:5`, and how people call that record.

    An instruction has neither record nor title.
    """

    kind: TaskKind
    record: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be given.

    `once` names what gives it, such as `meeting-5-decision-2` or a form's key: under one name one task is
    given, and giving it again returns that one.
    """

    once: str
    source: TaskSource
    text: str
    responsible: Party
    helpers: tuple[Party, ...] = ()
    """Co-executors."""
    controller: int
    """The user who takes it off control."""
    due_at: datetime
    parent: int | None = None
    """The task of which it is a part; a part has no parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task as it is now."""

    id: int
    version: int
    state: TaskState
    source: TaskSource
    text: str
    responsible: Party
    helpers: tuple[Party, ...] = ()
    controller: int
    given_by: int | None
    """None: by the service itself."""
    given_at: datetime
    due_at: datetime
    parent: int | None = None
    result: str = ""
    """Of the last report."""
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def owed(self) -> bool:
        """The responsible one has to act."""
        return self.state in OWED

    def overdue(self, now: datetime) -> bool:
        """Reported in time, it is not: then it waits for the controller."""
        return self.owed and self.due_at <= now

    @property
    def parties(self) -> frozenset[Party]:
        return frozenset({self.responsible, *self.helpers})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAct:
    """One act on a task. A field of None changes nothing; `helpers` are all that there are from now on."""

    event: TaskEvent
    by: int | None
    """The user, or who answers for the program; None: the service itself."""
    token: int | None = None
    """The token of the program that does it."""
    at: datetime
    said: str = ""
    text: str | None = None
    responsible: Party | None = None
    helpers: tuple[Party, ...] | None = None
    controller: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    """A line of a task's history; `changes` are fields with what they were and what they are then.

    `event` is GIVEN in the first line, a StepKind where the service told of the term, else a TaskEvent.
    """

    id: int
    at: datetime
    user_id: int | None
    token_id: int | None = None
    """Of the program that did it, for which the user answers."""
    event: str
    said: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)


class PartsOpen(HotlineError):  # noqa: N818 - reads as what is the matter
    """Parts of the task are not ended: end them first."""

    code = "task-parts-open"


class BeyondTheWhole(HotlineError):  # noqa: N818 - reads as what is the matter
    """A part would end later than the whole: change one of the two terms."""

    code = "task-beyond-the-whole"


def acted(task: Task, act: TaskAct) -> Task:
    """Give the task after the act; raises ForbiddenTransition in a state that does not allow it."""
    state = TASK.after(task.state, act.event)
    changed = {name: value for name in CHANGEABLE if (value := getattr(act, name)) is not None}
    if act.event is TaskEvent.REPORT:
        changed["result"] = act.said
    then = replace(
        task,
        version=task.version + 1,
        state=state,
        ended_at=act.at if state in ENDED else None,
        **changed,
    )
    helpers = sorted(set(then.helpers) - {then.responsible})
    return replace(then, helpers=tuple(helpers))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """A filter of tasks; a field of None or empty does not filter."""

    parties: frozenset[Party] = frozenset()
    """One of them is responsible for it or helps."""
    responsible: frozenset[Party] | None = None
    """One of them is responsible for it; empty: nothing is found."""
    controller: int | None = None
    states: frozenset[TaskState] | None = None
    """It is in one of them; empty: nothing is found."""
    kind: TaskKind | None = None
    record: str = ""
    due_since: datetime | None = None
    due_before: datetime | None = None
    terms: Terms = ()
    """Words that stand in the task, its result or its source's title."""


class Tasks(Protocol):
    """The tasks. Acts raise NotFound, and Outdated where the task has another version than was seen."""

    async def give(self, new: NewTask, by: int | None, at: datetime, *, token: int | None = None) -> Task:
        """Give it, by a program with its token.

        Raises BeyondTheWhole, and ForbiddenTransition for a part of what is ended or a part.
        """
        ...

    async def act(self, task_id: int, seen: int, act: TaskAct) -> Task:
        """Carry the act out on the version that was seen.

        Raises ForbiddenTransition; PartsOpen for a report, or for taking off, of a whole with open parts;
        BeyondTheWhole. Open parts are withdrawn with the whole.
        """
        ...

    async def get(self, task_id: int) -> Task: ...

    async def find(self, wanted: TaskFilter, *, limit: int, skip: int = 0) -> Sequence[Task]:
        """Find tasks: those that are not ended first, by their terms."""
        ...

    async def count(self, wanted: TaskFilter, most: int) -> int: ...

    async def parts(self, task_id: int) -> Sequence[Task]:
        """List the parts of a task, by their terms."""
        ...

    async def history(self, task_id: int) -> Sequence[TaskEntry]:
        """List what was done, the latest first."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[Task, datetime]]:
        """List the tasks with a step of their term due, each with the moment up to which steps were taken."""
        ...

    async def told(self, task_id: int, until: datetime, step: StepKind | None) -> None:
        """Note that the steps up to then were taken, the last of them in its history; None: none was."""
        ...
