"""The rights to act on one task: by permission, and by being responsible for it or its controller."""

from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.tasks.parties import parties_of
from hotline.tasks.task import Task
from hotline.tasks.task_states import TASK, TaskEvent

_OF_THE_GIVER = frozenset({TaskEvent.CHANGE, TaskEvent.PASS_ON, TaskEvent.WITHDRAW})
_OF_THE_CONTROLLER = frozenset({TaskEvent.RETURN, TaskEvent.TAKE_OFF, TaskEvent.REOPEN})


def may_see(user: User, task: Task) -> bool:
    """The centre and those above it see all tasks; an enterprise's people see what concerns them."""
    return user.may(Permission.SEE_TASKS) or not task.parties.isdisjoint(parties_of(user))


def controls(user: User, task: Task) -> bool:
    """The named controller does, and the head, who answers for everything (regulation 6.1)."""
    return user.may(Permission.GIVE_TASKS) or (
        user.id == task.controller and user.may(Permission.SEE_TASKS) and user.may(Permission.DO_TASKS)
    )


def may_act(user: User, task: Task, event: TaskEvent) -> bool:
    """Tell whether the user may do this to the task as it is now."""
    return TASK.allows(task.state, event) and _has_the_part(user, task, event)


def _has_the_part(user: User, task: Task, event: TaskEvent) -> bool:
    if event in _OF_THE_GIVER:
        return user.may(Permission.GIVE_TASKS)
    if event in _OF_THE_CONTROLLER:
        return controls(user, task)
    own = parties_of(user) if user.may(Permission.DO_TASKS) else frozenset()
    if event is TaskEvent.NOTE:
        return controls(user, task) or not own.isdisjoint(task.parties)
    return task.responsible in own


def may_be_responsible(user: User) -> bool:
    return user.active and user.may(Permission.DO_TASKS)


def may_control(user: User) -> bool:
    """A dispatcher or a head may be named as the controller of a task."""
    return may_be_responsible(user) and user.may(Permission.SEE_TASKS)
