"""The register of equipment and its history."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, and_, bindparam, case, func, insert, select, text, update

from hotline.contact.channel import Channel
from hotline.equipment.history import PAUSE, Fill, Watch
from hotline.equipment.items import Calls, Change, Fault, Item, Kind, Maintenance, NewItem, Way
from hotline.equipment.states import Look, State
from hotline.equipment.telling import matter_of
from hotline.errors import NotFound, Outdated
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import (
    Moment,
    equipment_changes,
    equipment_items,
    equipment_measures,
    equipment_watches,
    notices,
)

_IN_PLACE = equipment_items.c.removed_at.is_(None)
_PLACES = {kind.value: place for place, kind in enumerate(Kind)}
_ALL = (
    select(equipment_items)
    .where(_IN_PLACE)
    .order_by(
        case((equipment_items.c.way == Way.BUILT_IN.value, 0), else_=1),
        case(_PLACES, value=equipment_items.c.kind),
        equipment_items.c.id,
    )
)
_THIS = equipment_items.c.id == bindparam("item")
_ONE = select(equipment_items).where(_THIS, _IN_PLACE)
_REMOVE = (
    update(equipment_items)
    .where(_THIS, _IN_PLACE, equipment_items.c.way != Way.BUILT_IN.value)
    .values(removed_at=bindparam("at"), whom="")
)
_LATEST_IDS = select(func.max(equipment_changes.c.id)).group_by(equipment_changes.c.item_id)
_NOW = select(equipment_changes).where(equipment_changes.c.id.in_(_LATEST_IDS))
_SINCE = bindparam("since", type_=Moment)
_BEFORE = (
    select(func.max(equipment_changes.c.id))
    .where(equipment_changes.c.began_at <= _SINCE)
    .group_by(equipment_changes.c.item_id)
)
_CHANGES = (
    select(equipment_changes)
    .where((equipment_changes.c.began_at > _SINCE) | equipment_changes.c.id.in_(_BEFORE))
    .order_by(equipment_changes.c.item_id, equipment_changes.c.id)
)
_LAST_OF = (
    select(equipment_changes.c.began_at)
    .where(equipment_changes.c.item_id == bindparam("item"))
    .order_by(equipment_changes.c.id.desc())
    .limit(1)
)
_WELL = equipment_changes.alias("well")
_LAST_WELL = (
    select(func.coalesce(func.max(_WELL.c.id), 0))
    .where(_WELL.c.item_id == equipment_changes.c.item_id, _WELL.c.state == State.IN_ORDER.value)
    .correlate(equipment_changes)
    .scalar_subquery()
)
_FAULT_IDS = (
    select(func.min(equipment_changes.c.id))
    .where(
        equipment_changes.c.item_id.in_(bindparam("items", expanding=True)),
        equipment_changes.c.state == State.OUT_OF_ORDER.value,
        equipment_changes.c.id > _LAST_WELL,
    )
    .group_by(equipment_changes.c.item_id)
)
_FAULTS = select(equipment_changes).where(equipment_changes.c.id.in_(_FAULT_IDS))
_LAST_WATCH = select(equipment_watches).order_by(equipment_watches.c.id.desc()).limit(1)
_WATCHED = (
    update(equipment_watches)
    .where(equipment_watches.c.id == bindparam("watch"))
    .values(looked_at=bindparam("at"))
)
_WATCHES = (
    select(equipment_watches.c.began_at, equipment_watches.c.looked_at)
    .where(equipment_watches.c.looked_at >= _SINCE)
    .order_by(equipment_watches.c.id)
)

_TOLD = select(notices.c.channel, notices.c.address).where(
    notices.c.matter == bindparam("matter"),
    text("matter <> ''"),  # as the index has it
)

MEASURED_EVERY = timedelta(hours=6)
_LAST_MEASURE = select(func.max(equipment_measures.c.measured_at))
_FIRST_MEASURE = (
    select(equipment_measures.c.measured_at, equipment_measures.c.free_bytes)
    .where(equipment_measures.c.measured_at >= _SINCE)
    .order_by(equipment_measures.c.measured_at)
    .limit(1)
)


@define(eq=False, repr=False)
class StoredEquipment:
    """`hotline.equipment.items.Equipment` on a database."""

    _database: Database

    async def all(self) -> Sequence[Item]:
        async with self._database.reading() as connection:
            return [_item(row) for row in (await connection.execute(_ALL)).mappings()]

    async def get(self, item_id: int) -> Item:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"item": item_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no equipment {item_id}.")
        return _item(row)

    async def add(self, new: NewItem) -> Item:
        async with self._database.writing() as connection:
            made = insert(equipment_items).values(item_values(new)).returning(*equipment_items.c)
            return _item((await connection.execute(made)).mappings().one())

    async def provide(self, kinds: Mapping[Kind, NewItem]) -> None:
        there = {one.kind for one in await self.all() if one.way is Way.BUILT_IN} - {Kind.CAMERA}
        if there == set(kinds):
            return
        built_in = and_(
            equipment_items.c.way == Way.BUILT_IN.value,
            equipment_items.c.kind != Kind.CAMERA.value,  # those come and go with the register of cameras
        )
        async with self._database.writing() as connection:
            gone = update(equipment_items).where(built_in, equipment_items.c.kind.not_in(list(kinds)))
            await connection.execute(gone.values(removed_at=func.now()))
            back = update(equipment_items).where(built_in, equipment_items.c.kind.in_(list(kinds)))
            await connection.execute(back.values(removed_at=None))
            once = self._database.insert(equipment_items).on_conflict_do_nothing()
            await connection.execute(once, [item_values(one) for one in kinds.values()])

    async def update(self, item: Item, *, seen: int) -> Item:
        kept = item.maintenance
        values = item_values(item) | {
            "maintained_since": kept.since if kept else None,
            "maintained_until": kept.until if kept else None,
            "maintained_for": kept.reason if kept else "",
            "version": seen + 1,
        }
        changed = (
            update(equipment_items)
            .where(_THIS, _IN_PLACE, equipment_items.c.version == bindparam("seen"))
            .values(values)
            .returning(*equipment_items.c)
        )
        async with self._database.writing() as connection:
            row = (await connection.execute(changed, {"item": item.id, "seen": seen})).mappings().first()
        if row is None:
            await self.get(item.id)
            raise Outdated("Somebody has changed this equipment meanwhile: look at it again.")
        return _item(row)

    async def remove(self, item_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_REMOVE, {"item": item_id, "at": at})

    async def now(self) -> Mapping[int, Change]:
        async with self._database.reading() as connection:
            found = [_change(row) for row in (await connection.execute(_NOW)).mappings()]
        return {one.item_id: one for one in found}

    async def change(self, change: Change) -> Change:
        async with self._database.writing() as connection:
            last = (await connection.execute(_LAST_OF, {"item": change.item_id})).scalar()
            values = {
                "item_id": change.item_id,
                "state": change.look.state.value,
                "said": change.look.said,
                "facts": dict(change.look.values),
                "began_at": change.began_at if last is None else max(last, change.began_at),
            }
            made = insert(equipment_changes).values(values).returning(*equipment_changes.c)
            return _change((await connection.execute(made)).mappings().one())

    async def changes(self, since: datetime, item_id: int | None = None) -> Sequence[Change]:
        wanted = _CHANGES if item_id is None else _CHANGES.where(equipment_changes.c.item_id == item_id)
        async with self._database.reading() as connection:
            found = await connection.execute(wanted, {"since": since})
            return [_change(row) for row in found.mappings()]

    async def faults(self, item_ids: Sequence[int]) -> Mapping[int, Fault]:
        if not item_ids:
            return {}
        async with self._database.reading() as connection:
            found = (await connection.execute(_FAULTS, {"items": list(item_ids)})).mappings()
            faults = [row_to(Fault, row, ended_at=None) for row in found]
        return {one.item_id: one for one in faults}

    async def watched(self, at: datetime) -> None:
        async with self._database.writing() as connection:
            last = (await connection.execute(_LAST_WATCH)).mappings().first()
            if last is not None and timedelta() <= at - last["looked_at"] <= PAUSE:
                await connection.execute(_WATCHED, {"watch": last["id"], "at": at})
            elif last is None or at > last["looked_at"]:
                await connection.execute(insert(equipment_watches).values(began_at=at, looked_at=at))

    async def watches(self, since: datetime) -> Sequence[Watch]:
        async with self._database.reading() as connection:
            return [(row[0], row[1]) for row in await connection.execute(_WATCHES, {"since": since})]

    async def told(self, fault_id: int) -> Sequence[tuple[Channel, str]]:
        async with self._database.reading() as connection:
            found = await connection.execute(_TOLD, {"matter": matter_of(fault_id)})
            return [(Channel(row.channel), row.address) for row in found]

    async def measure(self, free_bytes: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            last = (await connection.execute(_LAST_MEASURE)).scalar()
            if last is None or abs(at - last) >= MEASURED_EVERY:
                new = insert(equipment_measures).values(free_bytes=free_bytes, measured_at=at)
                await connection.execute(new)

    async def measured_first(self, since: datetime) -> Fill | None:
        async with self._database.reading() as connection:
            found = (await connection.execute(_FIRST_MEASURE, {"since": since})).first()
        return None if found is None else (found.measured_at, found.free_bytes)

    async def database_bytes(self) -> int:
        if self._database.shared:
            async with self._database.reading() as connection:
                size = await connection.execute(select(func.pg_database_size(func.current_database())))
                return int(size.scalar_one())
        return await asyncio.to_thread(os.path.getsize, self._database.file)


def item_values(new: NewItem) -> dict[str, Any]:
    """Give the columns of an item's row."""
    calls = new.calls
    return {
        "name": new.name,
        "kind": new.kind.value,
        "way": new.way.value,
        "host": new.host,
        "port": new.port,
        "path": new.path,
        "interval_seconds": new.interval_seconds,
        "timeout_seconds": new.timeout_seconds,
        "failures": new.failures,
        "whom": calls.whom,
        "after_minutes": calls.after_minutes,
        "urgent": calls.urgent,
        "task_after_minutes": calls.task_after_minutes,
    }


def _item(row: RowMapping) -> Item:
    kept = None
    if row["maintained_since"] is not None:
        kept = Maintenance(
            since=row["maintained_since"], until=row["maintained_until"], reason=row["maintained_for"]
        )
    return row_to(Item, row, calls=row_to(Calls, row), maintenance=kept)


def _change(row: RowMapping) -> Change:
    look = Look(state=State(row["state"]), said=row["said"], values=row["facts"])
    return row_to(Change, row, look=look)
