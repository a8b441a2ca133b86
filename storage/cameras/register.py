"""The register of cameras. Addresses and passwords leave it for what opens streams and looks at them alone.

Each camera is an item of the board of equipment, written in the same transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, insert, select, update

from hotline.cameras.camera import Camera, CameraSource, NewCamera
from hotline.equipment.items import Kind, NewItem, Way
from hotline.errors import NotFound
from storage.core.database import Database
from storage.core.rows import row_to
from storage.equipment.register import item_values
from storage.tables import cameras as table
from storage.tables import equipment_items

_SECRET = frozenset({"url", "user", "password", "removed_at"})
_SHOWN = [column for column in table.c if column.name not in _SECRET]
_STANDS = table.c.removed_at.is_(None)
_ALL = select(*_SHOWN).where(_STANDS).order_by(table.c.group, table.c.name, table.c.id)
_ONE = select(*_SHOWN).where(_STANDS, table.c.id == bindparam("camera"))
_SOURCE = select(table.c.kind, table.c.url, table.c.user, table.c.password).where(
    _STANDS, table.c.id == bindparam("camera")
)
_ITEM = update(equipment_items).where(
    equipment_items.c.kind == Kind.CAMERA.value,
    equipment_items.c.way == Way.BUILT_IN.value,
    equipment_items.c.path == bindparam("of"),
)
_CHANGE = update(table).where(_STANDS, table.c.id == bindparam("camera")).returning(*_SHOWN)


@define(eq=False, repr=False)
class StoredCameras:
    """`hotline.cameras.camera.Cameras` on a database."""

    _database: Database

    async def all(self) -> Sequence[Camera]:
        async with self._database.reading() as connection:
            return [row_to(Camera, row) for row in (await connection.execute(_ALL)).mappings()]

    async def get(self, camera_id: int) -> Camera:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"camera": camera_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no camera {camera_id}.")
        return row_to(Camera, row)

    async def source(self, camera_id: int) -> CameraSource:
        async with self._database.reading() as connection:
            row = (await connection.execute(_SOURCE, {"camera": camera_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no camera {camera_id}.")
        return row_to(CameraSource, row)

    async def add(self, new: NewCamera, source: CameraSource, *, by: int, at: datetime) -> Camera:
        values = {**_entered(new), **_of(source, at), "changed_by": by, "changed_at": at, "out_because": ""}
        async with self._database.writing() as connection:
            made = await connection.execute(insert(table).values(values).returning(*_SHOWN))
            camera = row_to(Camera, made.mappings().one())
            await connection.execute(insert(equipment_items).values(_item(camera)))
        return camera

    async def change(
        self, camera_id: int, new: NewCamera, source: CameraSource | None, *, by: int, at: datetime
    ) -> Camera:
        whence = {} if source is None else _of(source, at)
        renamed = {"name": new.name}
        return await self._change(camera_id, {**_entered(new), **whence}, by, at, item=renamed)

    async def set_out(self, camera_id: int, because: str | None, *, by: int, at: datetime) -> Camera:
        out = {"out_since": None if because is None else at, "out_because": because or ""}
        return await self._change(camera_id, out, by, at)

    async def remove(self, camera_id: int, *, by: int, at: datetime) -> None:
        gone = {"url": "", "user": "", "password": "", "removed_at": at}
        await self._change(camera_id, gone, by, at, item={"removed_at": at, "whom": ""})

    async def _change(
        self,
        camera_id: int,
        values: Mapping[str, Any],
        by: int,
        at: datetime,
        *,
        item: Mapping[str, Any] | None = None,
    ) -> Camera:
        change = _CHANGE.values({**values, "changed_by": by, "changed_at": at})
        async with self._database.writing() as connection:
            row = (await connection.execute(change, {"camera": camera_id})).mappings().first()
            if row is not None and item is not None:
                await connection.execute(_ITEM.values(item), {"of": str(camera_id)})
        if row is None:
            raise NotFound(f"There is no camera {camera_id}.")
        return row_to(Camera, row)


def _item(camera: Camera) -> Mapping[str, Any]:
    """Give the row of the board: nobody is called until somebody is chosen there."""
    return item_values(NewItem(name=camera.name, kind=Kind.CAMERA, way=Way.BUILT_IN, path=str(camera.id)))


def _entered(new: NewCamera) -> Mapping[str, Any]:
    return {"name": new.name, "place": new.place, "group": new.group}


def _of(source: CameraSource, at: datetime) -> Mapping[str, Any]:
    return {
        "kind": source.kind.value,
        "url": source.url,
        "user": source.user,
        "password": source.password,
        "source_at": at,
    }
