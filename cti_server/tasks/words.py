"""Words of the pages of tasks for what the code names."""

from collections.abc import Mapping

from cti_server.appeals.acts.words import ACTS, DRAWN_IN
from cti_server.appeals.list.words import SIGNS_OF_TERM
from cti_server.frame.language import N_
from hotline.access.permissions import Role
from hotline.delivery.outbox import StepKind
from hotline.tasks.task import GIVEN, TaskKind
from hotline.tasks.task_states import TaskEvent, TaskState

KINDS: Mapping[str, str] = {
    TaskKind.COUNCIL: N_("Order of the council"),
    TaskKind.COMMITTEE: N_("Order of the executive committee"),
    TaskKind.MAYOR: N_("Order of the mayor"),
    TaskKind.INSTRUCTION: N_("Instruction of the head"),
    TaskKind.MEETING: N_("Meeting"),
    TaskKind.PROPOSAL: N_("Proposal of the centre"),
    TaskKind.FAULT: N_("Fault of equipment"),
}
RECORDS: Mapping[str, str] = {
    "directive": "/tasks/orders/{}",
    "meeting": "/meetings/{}",
    "memo": "/memos/{}",
    "equipment": "/equipment/{}",
}
"""The pages of the records from which tasks come, by the beginning of `TaskSource.record`."""
STATES: Mapping[str, str] = {
    TaskState.GIVEN: N_("Not accepted yet"),
    TaskState.ACCEPTED: N_("In work"),
    TaskState.REPORTED: N_("Reported as done"),
    TaskState.RETURNED: N_("Returned for more work"),
    TaskState.OFF_CONTROL: N_("Off control"),
    TaskState.WITHDRAWN: N_("Withdrawn"),
}
MARKS_OF: Mapping[str, str] = {
    TaskState.GIVEN: "registered",
    TaskState.ACCEPTED: "in-work",
    TaskState.REPORTED: "done",
    TaskState.RETURNED: "disputed",
    TaskState.OFF_CONTROL: "closed",
    TaskState.WITHDRAWN: "withdrawn",
}
EVENTS: Mapping[str, str] = {
    GIVEN: N_("Given"),
    TaskEvent.ACCEPT: N_("Accepted"),
    TaskEvent.NOTE: N_("Note"),
    TaskEvent.REPORT: N_("Reported as done"),
    TaskEvent.RETURN: N_("Returned for more work"),
    TaskEvent.TAKE_OFF: N_("Taken off control"),
    TaskEvent.REOPEN: N_("Put under control again"),
    TaskEvent.CHANGE: N_("Changed"),
    TaskEvent.PASS_ON: N_("Given to another"),
    TaskEvent.WITHDRAW: N_("Withdrawn"),
    "draw-in": ACTS["draw-in"],
    **{f"draw-in-{step}": text for step, text in DRAWN_IN.items()},
    StepKind.REMINDER: N_("Reminded of the term"),
    StepKind.OVERDUE: N_("The term has passed: all who take part and the head were told"),
}
ROLES: Mapping[Role, str] = {
    Role.HEAD: N_("The head"),
    Role.DISPATCHER: N_("A dispatcher"),
    Role.ADMINISTRATOR: N_("The administrator"),
    Role.EXECUTOR: N_("An enterprise"),
    Role.OBSERVER: N_("An observer"),
}
"""How people are called for readers who see no personal data."""
FIELDS: Mapping[str, str] = {
    "text": N_("What is to be done"),
    "responsible": N_("Responsible"),
    "helpers": N_("Co-executors"),
    "controller": N_("Controls"),
    "due_at": N_("Term"),
}


def record_address(record: str) -> str:
    """Give the address of the page of `meeting:5`; empty where there is none."""
    kind, _, number = record.partition(":")
    return RECORDS[kind].format(number) if kind in RECORDS else ""


CONTEXT: Mapping[str, object] = {
    "KINDS": KINDS,
    "STATES": STATES,
    "MARKS_OF": MARKS_OF,
    "EVENTS": EVENTS,
    "FIELDS": FIELDS,
    "SIGNS_OF_TERM": SIGNS_OF_TERM,
    "record_address": record_address,
}
"""What all templates of tasks have."""
