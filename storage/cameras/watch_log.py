"""The watch log on a database: rows that grow, not a row for each look."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, insert, select, update

from hotline.cameras.watch_log import SHORT, Watched
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import camera_watches as table

_LAST = (
    select(table.c.id)
    .where(
        table.c.camera_id == bindparam("camera"),
        table.c.user_id == bindparam("person"),
        table.c.until >= bindparam("not_before"),
    )
    .order_by(table.c.until.desc())
    .limit(1)
)
_EXTEND = (
    update(table)
    .where(table.c.id.in_(bindparam("rows", expanding=True)), table.c.until < bindparam("at"))
    .values(until=bindparam("at"))
)
_BETWEEN = (
    select(table)
    .where(table.c.until > bindparam("begins"), table.c.since < bindparam("ends"))
    .order_by(table.c.since, table.c.id)
)


@define(eq=False, repr=False)
class StoredWatchLog:
    """`hotline.cameras.watch_log.WatchLog` on a database."""

    _database: Database

    async def begin(self, camera_id: int, user_id: int, at: datetime) -> int:
        wanted = {"camera": camera_id, "person": user_id, "not_before": at - SHORT}
        new = {"camera_id": camera_id, "user_id": user_id, "since": at, "until": at}
        async with self._database.writing() as connection:
            row: int | None = (await connection.execute(_LAST, wanted)).scalar()
            if row is None:
                row = (await connection.execute(insert(table).values(new).returning(table.c.id))).scalar_one()
        return row

    async def extend(self, ids: Sequence[int], at: datetime) -> None:
        if ids:
            async with self._database.writing() as connection:
                await connection.execute(_EXTEND, {"rows": list(ids), "at": at})

    async def between(self, since: datetime, until: datetime) -> Sequence[Watched]:
        async with self._database.reading() as connection:
            found = await connection.execute(_BETWEEN, {"begins": since, "ends": until})
            return [row_to(Watched, row) for row in found.mappings()]
