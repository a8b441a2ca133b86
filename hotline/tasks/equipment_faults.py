"""Tasks of faults of equipment: one for each; its end is noted there, and a person closes it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define

from hotline.access.permissions import Role
from hotline.access.users import User, Users
from hotline.equipment.catalogue import advice, name_of, sentence, words
from hotline.equipment.items import Equipment, Fault, Item
from hotline.tasks.parties import Party, enterprise_party, user_party
from hotline.tasks.rights import may_be_responsible
from hotline.tasks.task import NewTask, Task, TaskAct, TaskFilter, TaskKind, Tasks, TaskSource
from hotline.tasks.task_states import ENDED, TaskEvent, TaskState
from hotline.voice.speech import Language

log = logging.getLogger(__name__)

TERM, URGENT_TERM = timedelta(days=1), timedelta(hours=4)
_OPEN = frozenset(TaskState) - ENDED
_UK = Language.UKRAINIAN


@define(eq=False, repr=False, kw_only=True)
class EquipmentFaultTasks:
    """Implements `hotline.equipment.following.FaultTasks`."""

    _tasks: Tasks
    _equipment: Equipment
    _users: Users
    _zone: ZoneInfo

    async def owe(self, item: Item, fault: Fault, at: datetime) -> None:
        """Give it to whom the item calls, else to the head, who controls it; nothing without a head."""
        users = await self._users.all()
        head = next((one for one in users if one.role is Role.HEAD and may_be_responsible(one)), None)
        if head is None:
            log.warning("fault of equipment is no task: there is no head item=%d fault=%d", item.id, fault.id)
            return
        name, look = name_of(item, _UK), (await self._equipment.now())[item.id].look
        said = words(_UK).tasks["given"].format(name=name, says=sentence(look, _UK), advice=advice(look, _UK))
        new = NewTask(
            once=f"equipment-fault-{fault.id}",
            source=TaskSource(kind=TaskKind.FAULT, record=_record(item), title=name),
            text=said.strip(),
            responsible=_responsible(item, users, head),
            controller=head.id,
            due_at=at + (URGENT_TERM if item.calls.urgent else TERM),
        )
        given = await self._tasks.give(new, None, at)
        log.info("fault of equipment is a task item=%d fault=%d task=%d", item.id, fault.id, given.id)

    async def ended(self, item: Item, fault: Fault, at: datetime, *, removed: bool) -> None:
        for task in await self._open(item):
            if task.given_at >= fault.began_at:
                said = words(_UK).tasks["removed" if removed else "over"]
                local = at.astimezone(self._zone)
                note = TaskAct(
                    event=TaskEvent.NOTE, by=None, at=at, said=said.format(name=name_of(item, _UK), at=local)
                )
                await self._tasks.act(task.id, task.version, note)

    async def _open(self, item: Item) -> Sequence[Task]:
        wanted = TaskFilter(kind=TaskKind.FAULT, record=_record(item), states=_OPEN)
        return await self._tasks.find(wanted, limit=10)


def _record(item: Item) -> str:
    return f"equipment:{item.id}"


def _responsible(item: Item, users: Sequence[User], head: User) -> Party:
    kind, _, given = item.calls.whom.partition(":")
    if kind == "executor":
        return enterprise_party(int(given))
    called = next((one for one in users if kind == "user" and one.id == int(given)), head)
    return user_party(called.id if may_be_responsible(called) else head.id)
