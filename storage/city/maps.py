"""The city's map as kept: versions, of which the newest is shown."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from hotline.city.city_map import CityMap, KeptMap
from hotline.errors import Outdated
from storage.city.map_shapes import map_of
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.tables import city_map_drafts, city_maps

_NEWEST = select(func.max(city_maps.c.id))
_ADD = insert(city_maps).returning(city_maps)
_DRAFT = select(city_map_drafts).order_by(city_map_drafts.c.id.desc()).limit(1)
_BRING = insert(city_map_drafts).returning(city_map_drafts)
_FORGET = delete(city_map_drafts)
_TAKE = delete(city_map_drafts).where(city_map_drafts.c.id == bindparam("draft")).returning(city_map_drafts)
_OVERTAKEN = "The draft of the map is another by now, or there is none: look at it again."


class StoredCityMaps:
    """`hotline.city.city_map.CityMaps` on a database; another process's map is there a second later."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: Fresh[int | None] = Fresh(self._read_newest, writes=database.writes, of=[city_maps])
        self._read: KeptMap | None = None

    async def newest(self) -> KeptMap | None:
        wanted = await self._newest.get()
        if wanted is None:
            return None
        if self._read is None or self._read.id != wanted:
            async with self._database.reading() as connection:
                this = select(city_maps).where(city_maps.c.id == wanted)
                row = (await connection.execute(this)).mappings().one()
            self._read = await asyncio.to_thread(_kept, row)
        return self._read

    async def put(self, new: CityMap, *, source: str, at: datetime) -> KeptMap:
        values = {"made_at": at, "source": source, "shapes": asdict(new)}
        async with self._newest.changing(), self._database.writing() as connection:
            return _kept((await connection.execute(_ADD, values)).mappings().one())

    async def draft(self) -> KeptMap | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_DRAFT)).mappings().first()
        return None if row is None else await asyncio.to_thread(_kept, row)

    async def bring(self, new: CityMap, *, source: str, at: datetime) -> KeptMap:
        async with self._database.writing() as connection:
            await connection.execute(_FORGET)
            values = {"made_at": at, "source": source, "shapes": asdict(new)}
            return _kept((await connection.execute(_BRING, values)).mappings().one())

    async def put_draft(self, draft_id: int, at: datetime) -> KeptMap:
        async with self._newest.changing(), self._database.writing() as connection:
            taken = (await connection.execute(_TAKE, {"draft": draft_id})).mappings().first()
            if taken is None:
                raise Outdated(_OVERTAKEN)
            values = {"made_at": at, "source": taken["source"], "shapes": taken["shapes"]}
            return _kept((await connection.execute(_ADD, values)).mappings().one())

    async def drop_draft(self, draft_id: int) -> None:
        async with self._database.writing() as connection:
            if (await connection.execute(_TAKE, {"draft": draft_id})).first() is None:
                raise Outdated(_OVERTAKEN)

    async def _read_newest(self) -> int | None:
        async with self._database.read_inline() as connection:
            newest: int | None = await connection.scalar(_NEWEST)
        return newest


def _kept(row: Mapping[Any, Any]) -> KeptMap:
    return KeptMap(id=row["id"], made_at=row["made_at"], source=row["source"], map=map_of(row["shapes"]))
