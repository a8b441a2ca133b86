"""A fault becomes one task for whom the item calls; its end is noted there, and a person closes it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.equipment.items import Calls, Change, Fault, Item, Kind, NewItem, Way
from hotline.equipment.states import Look, State
from hotline.tasks.equipment_faults import EquipmentFaultTasks
from hotline.tasks.task import TaskFilter, TaskKind
from hotline.tasks.task_states import TaskState
from storage.store import Storage
from tests.cti_server.conftest import KYIV
from tests.fakes.clock import NOON

LATER = NOON + timedelta(hours=1)


async def user(storage: Storage, login: str, role: Role) -> int:
    made = await storage.users.add(login=login, name=login, role=role, password_hash="x")
    return made.id


@pytest.fixture
async def item(storage: Storage) -> Item:
    new = NewItem(name="ДБЖ", kind=Kind.UPS, way=Way.NUT, host="10.0.0.5", path="ups")
    made = await storage.equipment.add(new)
    look = Look(state=State.OUT_OF_ORDER, said="ups-low")
    await storage.equipment.change(Change(item_id=made.id, look=look, began_at=NOON))
    return made


@pytest.fixture
def tasks(storage: Storage) -> EquipmentFaultTasks:
    return EquipmentFaultTasks(
        tasks=storage.tasks, equipment=storage.equipment, users=storage.users, zone=KYIV
    )


async def test_one_fault_is_one_task_and_its_end_is_noted_there(
    storage: Storage, item: Item, tasks: EquipmentFaultTasks
) -> None:
    head = await user(storage, "head", Role.HEAD)
    olena = await user(storage, "olena", Role.DISPATCHER)
    called = replace(item, calls=Calls(whom=f"user:{olena}", urgent=True))
    (fault,) = (await storage.equipment.faults([item.id])).values()
    for hours in range(3):
        await tasks.owe(called, fault, LATER + timedelta(hours=hours))
    (task,) = await storage.tasks.find(TaskFilter(kind=TaskKind.FAULT), limit=10)
    assert (task.responsible, task.controller, task.due_at) == (
        f"user:{olena}",
        head,
        LATER + timedelta(hours=4),
    )
    assert task.text.startswith("Усунути несправність: ДБЖ. Батарея майже розряджена. Увімкніть генератор")
    await tasks.ended(item, fault, LATER + timedelta(hours=2), removed=False)
    (noted, given) = await storage.tasks.history(task.id)
    assert "знову працює з 01.12.2026 15:00" in noted.said
    assert (noted.user_id, given.user_id) == (None, None)
    assert (await storage.tasks.get(task.id)).state is TaskState.GIVEN, "a person closes it"


@pytest.mark.parametrize("whom", ["", "mail:a@example.org", "user:99"])
async def test_where_nobody_can_be_given_a_task_it_is_the_heads(
    storage: Storage, item: Item, tasks: EquipmentFaultTasks, whom: str
) -> None:
    fault = Fault(id=1, item_id=item.id, began_at=NOON)
    await tasks.owe(replace(item, calls=Calls(whom=whom)), fault, LATER)
    assert not await storage.tasks.find(TaskFilter(), limit=10), "there is no head yet"
    head = await user(storage, "head", Role.HEAD)
    await tasks.owe(replace(item, calls=Calls(whom=whom)), fault, LATER)
    (task,) = await storage.tasks.find(TaskFilter(), limit=10)
    assert task.responsible == f"user:{head}"
