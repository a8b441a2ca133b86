"""Orders of the council and the mayor on a database."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, select

from hotline.errors import NotFound
from hotline.tasks.directives import Directive
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import directives as table

_ONE = select(table).where(table.c.id == bindparam("this"))
_SAME = select(table).where(
    table.c.kind == bindparam("of"), table.c.number == bindparam("named"), table.c.dated == bindparam("day")
)
_LATEST = select(table).order_by(table.c.dated.desc(), table.c.id.desc())


@define(eq=False, repr=False)
class StoredDirectives:
    """`hotline.tasks.directives.Directives` on a database."""

    _database: Database

    async def enter(self, new: Directive, by: int, at: datetime) -> Directive:
        values = {"kind": new.kind.value, "number": new.number, "dated": new.dated, "title": new.title}
        made = self._database.insert(table).values(**values, entered_by=by, entered_at=at)
        same = {"of": new.kind.value, "named": new.number, "day": new.dated}
        async with self._database.writing() as connection:
            await connection.execute(made.on_conflict_do_nothing())
            return row_to(Directive, (await connection.execute(_SAME, same)).mappings().one())

    async def get(self, directive_id: int) -> Directive:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"this": directive_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no order {directive_id}.")
        return row_to(Directive, row)

    async def latest(self, limit: int, skip: int) -> Sequence[Directive]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LATEST.limit(limit).offset(skip))).mappings().all()
        return [row_to(Directive, row) for row in rows]
