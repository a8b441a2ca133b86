"""The set-up of a new city in the database: one row, from its first code on."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, exists, func, or_, select, update

from hotline.new_city.setup import CitySetup, NotReady, SetupStep
from storage.core.database import Database
from storage.tables import appeals, city_setup, users

_ROW = select(city_setup)
_TO_CHANGE = _ROW.with_for_update()
_INHABITED = select(
    or_(exists().where(users.c.id.is_not(None)), exists().where(appeals.c.number.is_not(None)))
)
"""A city at work is no new one, even if its accounts were lost."""
_OPEN = (
    update(city_setup)
    .where(city_setup.c.code_hash == bindparam("code"), city_setup.c.finished_at.is_(None))
    .values(
        code_hash=None,
        session_hash=bindparam("session"),
        begun_at=func.coalesce(city_setup.c.begun_at, bindparam("at", type_=city_setup.c.begun_at.type)),
    )
)
_SET = update(city_setup)


class StoredCitySetup:
    """`hotline.new_city.setup.CitySetups` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._add = database.insert(city_setup)

    async def needed(self) -> bool:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ROW)).mappings().first()
            if row and row["finished_at"]:
                return False
            begun = row is not None and row["begun_at"] is not None
            return begun or not (await connection.execute(_INHABITED)).scalar_one()

    async def get(self) -> CitySetup:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ROW)).mappings().first()
        return _read(row) if row else CitySetup()

    async def offer(self, code_hash: str) -> None:
        values = {"id": 1, "code_hash": code_hash, "done": []}
        offered = self._add.on_conflict_do_update(
            index_elements=[city_setup.c.id],
            set_={"code_hash": code_hash},
            where=city_setup.c.finished_at.is_(None),
        )
        async with self._database.writing() as connection:
            await connection.execute(offered, values)

    async def open(self, code_hash: str, session_hash: str, at: datetime) -> bool:
        given = {"code": code_hash, "session": session_hash, "at": at}
        async with self._database.writing() as connection:
            return bool((await connection.execute(_OPEN, given)).rowcount)

    async def note(self, step: SetupStep, *, undoing: Collection[SetupStep] = ()) -> None:
        async with self._database.writing() as connection:
            row = (await connection.execute(_TO_CHANGE)).mappings().one()
            done = {*row["done"], step.value} - {one.value for one in undoing}
            kept = [one.value for one in SetupStep if one.value in done]
            await connection.execute(_SET.values(done=kept))

    async def finish(self, at: datetime) -> None:
        async with self._database.writing() as connection:
            row = (await connection.execute(_TO_CHANGE)).mappings().one()
            if missing := _read(row).missing:
                raise NotReady(f"Not done yet: {', '.join(missing)}.")
            await connection.execute(_SET.values(**_over(at)))

    async def give_up(self, at: datetime) -> None:
        over = _over(at)
        closed = self._add.on_conflict_do_update(index_elements=[city_setup.c.id], set_=over)
        async with self._database.writing() as connection:
            await connection.execute(closed, {"id": 1, "done": [], **over})


def _over(at: datetime) -> dict[str, Any]:
    return {"finished_at": at, "code_hash": None, "session_hash": None}


def _read(row: RowMapping) -> CitySetup:
    return CitySetup(
        code_hash=row["code_hash"],
        session_hash=row["session_hash"],
        done=[SetupStep(one) for one in row["done"]],
        begun_at=row["begun_at"],
        finished_at=row["finished_at"],
    )
