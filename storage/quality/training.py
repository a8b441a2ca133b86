"""Training records on a database."""

from collections.abc import Sequence
from datetime import date, datetime

from attrs import define
from sqlalchemy import bindparam, insert, select, update

from hotline.errors import NotFound, Outdated
from hotline.quality.training import CoachingNote
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import coaching_notes as table

_OF = (
    select(table)
    .where(table.c.dispatcher_id == bindparam("of"))
    .order_by(table.c.at.desc(), table.c.id.desc())
)
_DUE = (
    select(table)
    .where(table.c.reviewed_at.is_(None), table.c.review_on <= bindparam("today"))
    .order_by(table.c.review_on, table.c.id)
    .limit(bindparam("most"))
)
_ONE = select(table).where(table.c.id == bindparam("this"))


@define(eq=False, repr=False)
class StoredTrainings:
    """`hotline.quality.training.Trainings` on a database."""

    _database: Database

    async def add(
        self,
        dispatcher_id: int,
        user_id: int,
        at: datetime,
        *,
        agreed: str,
        review_on: date | None,
        assessment_id: int | None,
    ) -> CoachingNote:
        values = {
            "dispatcher_id": dispatcher_id,
            "assessment_id": assessment_id,
            "user_id": user_id,
            "at": at,
            "agreed": agreed,
            "review_on": review_on,
            "outcome": "",
        }
        async with self._database.writing() as connection:
            row = (await connection.execute(insert(table).returning(table), values)).mappings().one()
        return row_to(CoachingNote, row)

    async def of(self, dispatcher_id: int) -> Sequence[CoachingNote]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF, {"of": dispatcher_id})).mappings().all()
        return [row_to(CoachingNote, row) for row in rows]

    async def due(self, today: date, limit: int) -> Sequence[CoachingNote]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_DUE, {"today": today, "most": limit})).mappings().all()
        return [row_to(CoachingNote, row) for row in rows]

    async def review(self, note_id: int, user_id: int, at: datetime, outcome: str) -> CoachingNote:
        values = {"reviewed_at": at, "reviewed_by": user_id, "outcome": outcome}
        change = update(table).where(table.c.id == note_id, table.c.reviewed_at.is_(None)).values(values)
        async with self._database.writing() as connection:
            changed = (await connection.execute(change)).rowcount
            row = (await connection.execute(_ONE, {"this": note_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no coaching note {note_id}.")
        if not changed:
            raise Outdated(f"Coaching note {note_id} was reviewed already.")
        return row_to(CoachingNote, row)
