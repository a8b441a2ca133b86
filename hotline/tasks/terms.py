"""Terms of tasks: reminders and what follows when one has passed, by the clocks of the terms of appeals."""

from collections.abc import Sequence
from datetime import datetime

from hotline.appeals.escalation_steps import Clocks, reminders
from hotline.delivery.outbox import StepKind
from hotline.tasks.task import Task

Step = tuple[datetime, StepKind]
_CLOCKS = Clocks()


def steps_of(task: Task) -> Sequence[Step]:
    """List the steps of the task's term, the earliest first; none while nobody has to act."""
    if not task.owed:
        return ()
    before = [(at, StepKind.REMINDER) for at in reminders(task.given_at, task.due_at, _CLOCKS)]
    return sorted([*before, (task.due_at, StepKind.OVERDUE)])


def next_step(task: Task, told_until: datetime) -> datetime | None:
    """Give the moment of the first step after those that were taken."""
    return next((at for at, _ in steps_of(task) if at > told_until), None)


def due_step(task: Task, told_until: datetime, now: datetime) -> Step | None:
    """Give the step to take now: of several that were missed the last."""
    passed = [step for step in steps_of(task) if told_until < step[0] <= now]
    return passed[-1] if passed else None
