"""Stills and incidents on a database; what came of an incident is read off its appeal's history."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import RowMapping, ScalarSelect, bindparam, func, insert, select, update

from hotline.appeals.appeal import AppealState
from hotline.appeals.attachments import StoredFile
from hotline.cameras.camera import Camera
from hotline.cameras.incidents import Incident, Still
from hotline.errors import NotFound
from storage.core.database import Database
from storage.tables import appeal_history, appeals, executors
from storage.tables import camera_stills as table

_ONE = select(table).where(table.c.id == bindparam("still"))
_HAND_OVER = (
    update(table)
    .where(table.c.id == bindparam("still"))
    .values(number=bindparam("appeal"), category=bindparam("kind"))
)
_LATELY = (
    select(table)
    .where(
        table.c.camera_id == bindparam("of"),
        table.c.category == bindparam("kind"),
        table.c.number.is_not(None),
        table.c.taken_at >= bindparam("not_before"),
    )
    .order_by(table.c.taken_at.desc())
    .limit(1)
)


def _first(state: AppealState) -> ScalarSelect[datetime]:
    return (
        select(func.min(appeal_history.c.at))
        .where(appeal_history.c.number == table.c.number, appeal_history.c.state_after == state.value)
        .scalar_subquery()
    )


_BETWEEN = (
    select(
        table,
        appeals.c.registered_at,
        _first(AppealState.ASSIGNED).label("handed_at"),
        _first(AppealState.ACCEPTED).label("accepted_at"),
        func.coalesce(executors.c.name, "").label("executor"),
    )
    .join(appeals, appeals.c.number == table.c.number)
    .outerjoin(executors, executors.c.id == appeals.c.executor_id)
    .where(
        table.c.category != "", table.c.taken_at >= bindparam("begins"), table.c.taken_at < bindparam("ends")
    )
    .order_by(table.c.taken_at.desc(), table.c.id.desc())
)


@define(eq=False, repr=False)
class StoredIncidents:
    """`hotline.cameras.incidents.Incidents` on a database."""

    _database: Database

    async def keep(self, camera: Camera, file: StoredFile, *, by: int, at: datetime) -> Still:
        values = {
            "camera_id": camera.id,
            "camera": camera.name,
            "place": camera.place,
            "taken_at": at,
            "taken_by": by,
            "key": file.key,
            "media_type": file.media_type,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "category": "",
        }
        async with self._database.writing() as connection:
            made = await connection.execute(insert(table).values(values).returning(table))
            return _still(made.mappings().one())

    async def get(self, still_id: int) -> Still:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"still": still_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no still {still_id}.")
        return _still(row)

    async def hand_over(self, still_id: int, number: str, category: str = "") -> None:
        async with self._database.writing() as connection:
            await connection.execute(_HAND_OVER, {"still": still_id, "appeal": number, "kind": category})

    async def lately(self, camera_id: int, category: str, since: datetime) -> Still | None:
        wanted = {"of": camera_id, "kind": category, "not_before": since}
        async with self._database.reading() as connection:
            row = (await connection.execute(_LATELY, wanted)).mappings().first()
        return None if row is None else _still(row)

    async def between(self, since: datetime, until: datetime) -> Sequence[Incident]:
        async with self._database.reading() as connection:
            found = await connection.execute(_BETWEEN, {"begins": since, "ends": until})
            return [_incident(row) for row in found.mappings()]


def _incident(row: RowMapping) -> Incident:
    return Incident(
        still=_still(row),
        registered_at=row["registered_at"],
        handed_at=row["handed_at"],
        accepted_at=row["accepted_at"],
        executor=row["executor"],
    )


def _still(row: RowMapping) -> Still:
    return Still(
        id=row["id"],
        camera_id=row["camera_id"],
        camera=row["camera"],
        place=row["place"],
        taken_at=row["taken_at"],
        taken_by=row["taken_by"],
        file=StoredFile(
            key=row["key"], media_type=row["media_type"], bytes=row["bytes"], sha256=row["sha256"]
        ),
        number=row["number"],
        category=row["category"],
    )
