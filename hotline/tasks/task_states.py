"""The machine of a task: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class TaskState(StrEnum):
    """The state of a task."""

    GIVEN = "given"
    """The responsible one has not accepted it."""
    ACCEPTED = "accepted"
    REPORTED = "reported"
    """The responsible one says that it is done: the controller decides."""
    RETURNED = "returned"
    """The controller is not content: there is more to do."""
    OFF_CONTROL = "off-control"
    WITHDRAWN = "withdrawn"
    """It need not be done any more."""


class TaskEvent(StrEnum):
    """Events of a task."""

    ACCEPT = "accept"
    NOTE = "note"
    """Words of those who work on it or control it."""
    REPORT = "report"
    RETURN = "return"
    TAKE_OFF = "take-off"
    """Taken off control, with a word: with a report or without one, such as by a word of mouth."""
    REOPEN = "reopen"
    """Put under control again."""
    CHANGE = "change"
    """Its text, term, co-executors or controller."""
    PASS_ON = "pass-on"  # noqa: S105 - the name of an event
    """Another is responsible from now on, who has yet to accept it."""
    WITHDRAW = "withdraw"


_WHILE_OPEN = {
    TaskEvent.PASS_ON: TaskState.GIVEN,
    TaskEvent.TAKE_OFF: TaskState.OFF_CONTROL,
    TaskEvent.WITHDRAW: TaskState.WITHDRAWN,
}
TASK = Transitions(
    subject="The task",
    initial=frozenset({TaskState.GIVEN}),
    table={
        TaskState.GIVEN: {
            TaskEvent.ACCEPT: TaskState.ACCEPTED,
            TaskEvent.REPORT: TaskState.REPORTED,
            TaskEvent.NOTE: TaskState.GIVEN,
            TaskEvent.CHANGE: TaskState.GIVEN,
            **_WHILE_OPEN,
        },
        TaskState.ACCEPTED: {
            TaskEvent.REPORT: TaskState.REPORTED,
            TaskEvent.NOTE: TaskState.ACCEPTED,
            TaskEvent.CHANGE: TaskState.ACCEPTED,
            **_WHILE_OPEN,
        },
        TaskState.REPORTED: {
            TaskEvent.RETURN: TaskState.RETURNED,
            TaskEvent.NOTE: TaskState.REPORTED,
            TaskEvent.CHANGE: TaskState.REPORTED,
            **_WHILE_OPEN,
        },
        TaskState.RETURNED: {
            TaskEvent.REPORT: TaskState.REPORTED,
            TaskEvent.NOTE: TaskState.RETURNED,
            TaskEvent.CHANGE: TaskState.RETURNED,
            **_WHILE_OPEN,
        },
        TaskState.OFF_CONTROL: {TaskEvent.REOPEN: TaskState.RETURNED},
        TaskState.WITHDRAWN: {},
    },
)
ENDED = frozenset({TaskState.OFF_CONTROL, TaskState.WITHDRAWN})
OWED = frozenset({TaskState.GIVEN, TaskState.ACCEPTED, TaskState.RETURNED})
"""States in which the responsible one has to act."""
