"""Desks that call back one person after another by themselves, on a database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, select, update

from hotline.line.progressive import Working
from storage.core.database import Database
from storage.tables import progressive_desks as table

_OF = table.c.dispatcher_id == bindparam("desk")
_ALL = select(table).order_by(table.c.dispatcher_id)
_ONE = select(table).where(_OF)
_LOCKED = _ONE.with_for_update()
_SHOW = (
    update(table)
    .where(_OF, table.c.reference == "")
    .values(reference=bindparam("shown"), shown_at=bindparam("now"))
)
_PUT_ASIDE = update(table).where(_OF, table.c.reference == bindparam("shown"))
_TURN_OFF = delete(table).where(_OF).returning(table.c.reference)


class StoredProgressiveDesks:
    """`hotline.line.progressive.ProgressiveDesks` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.insert(table).on_conflict_do_nothing()

    async def working(self) -> Sequence[Working]:
        async with self._database.reading() as connection:
            return [_working(row) for row in (await connection.execute(_ALL)).mappings()]

    async def of(self, dispatcher_id: int) -> Working | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"desk": dispatcher_id})).mappings().first()
        return None if row is None else _working(row)

    async def turn_on(self, dispatcher_id: int, user_id: int) -> None:
        new = {"dispatcher_id": dispatcher_id, "user_id": user_id, "reference": "", "left_out": {}}
        async with self._database.writing() as connection:
            await connection.execute(self._insert, new)

    async def turn_off(self, dispatcher_id: int) -> str:
        async with self._database.writing() as connection:
            return (await connection.execute(_TURN_OFF, {"desk": dispatcher_id})).scalar() or ""

    async def show(self, dispatcher_id: int, reference: str, at: datetime) -> bool:
        asked = {"desk": dispatcher_id, "shown": reference, "now": at}
        async with self._database.writing() as connection:
            return (await connection.execute(_SHOW, asked)).rowcount > 0

    async def put_aside(self, dispatcher_id: int, reference: str, until: datetime) -> bool:
        asked = {"desk": dispatcher_id, "shown": reference}
        async with self._database.writing() as connection:
            row = (await connection.execute(_LOCKED, asked)).mappings().first()
            if row is None:
                return False
            others = {one: end for one, end in row["left_out"].items() if one != reference}
            left_out = _latest({**others, reference: until.isoformat()})
            aside = _PUT_ASIDE.values(reference="", shown_at=None, left_out=left_out)
            return (await connection.execute(aside, asked)).rowcount > 0


_MOST_LEFT_OUT = 200


def _latest(left_out: Mapping[str, str]) -> Mapping[str, str]:
    """Leave those away who were left out longest ago: an evening's work fits."""
    return dict(list(left_out.items())[-_MOST_LEFT_OUT:])


def _working(row: RowMapping) -> Working:
    return Working(
        dispatcher_id=row["dispatcher_id"],
        user_id=row["user_id"],
        reference=row["reference"],
        shown_at=row["shown_at"],
        left_out={one: datetime.fromisoformat(until) for one, until in row["left_out"].items()},
    )
