"""Follows faults of equipment: tells whom they concern, makes them tasks, and says when they are over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.access.users import Users
from hotline.delivery.outbox import Outbox
from hotline.enterprises.executors import Executors
from hotline.equipment.items import Equipment, Fault, Item
from hotline.equipment.telling import People, due, due_as_task, notices, over
from hotline.isolation import run_isolated


class FaultTasks(Protocol):
    """Tasks that faults become; one for a fault, however often it is asked for."""

    async def owe(self, item: Item, fault: Fault, at: datetime) -> None: ...

    async def ended(self, item: Item, fault: Fault, at: datetime, *, removed: bool) -> None:
        """Note on its task, if it has one, that the fault is over, or the item off the board."""
        ...


@define(eq=False, repr=False, kw_only=True)
class Following:
    """Keeps in mind which faults go on, so that a round in which nothing is new reads but them."""

    _equipment: Equipment
    _outbox: Outbox
    _users: Users
    _executors: Executors
    _zone: ZoneInfo
    _tasks: FaultTasks | None = None
    _going_on: dict[int, tuple[Item, Fault]] = field(factory=dict, init=False)
    _told: set[int] = field(factory=set, init=False)
    _owed: set[int] = field(factory=set, init=False)

    async def follow(self, items: Mapping[int, Item], bad: Sequence[int], now: datetime) -> None:
        """Look at the faults of those items of the register that are not in order."""
        faults = await self._equipment.faults(bad)
        for item, fault in list(self._going_on.values()):
            goes_on = faults.get(item.id)
            if goes_on is None or goes_on.id != fault.id:
                end = partial(self._over, item, replace(fault, ended_at=now), removed=item.id not in items)
                if await run_isolated(end, f"end of a fault of equipment not told item={item.id}"):
                    del self._going_on[item.id]
        for item_id, fault in faults.items():
            self._going_on.setdefault(item_id, (items[item_id], fault))
            tell = partial(self._tell, items[item_id], fault, now)
            await run_isolated(tell, f"fault of equipment not told item={item_id}")

    async def _tell(self, item: Item, fault: Fault, now: datetime) -> None:
        if item.calls.whom and fault.id not in self._told and due(item, fault, now):
            if await self._equipment.told(fault.id):
                self._told.add(fault.id)
            else:  # one chosen late, or corrected, is told yet
                new = notices(item, fault, await self._people(), now.astimezone(self._zone))
                await self._outbox.owe(new, now)
        if self._tasks is not None and fault.id not in self._owed and due_as_task(item, fault, now):
            await self._tasks.owe(item, fault, now)
            self._owed.add(fault.id)

    async def _over(self, item: Item, fault: Fault, *, removed: bool) -> None:
        ended_at = fault.ended_at or fault.began_at
        told = () if removed else await self._equipment.told(fault.id)
        await self._outbox.owe(over(item, fault, told), ended_at)
        if self._tasks is not None:
            await self._tasks.ended(item, fault, ended_at, removed=removed)
        self._told.discard(fault.id)
        self._owed.discard(fault.id)

    async def _people(self) -> People:
        return People(
            users={one.id: one for one in await self._users.all()},
            executors={one.id: one for one in await self._executors.all()},
        )
