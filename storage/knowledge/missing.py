"""Questions without an answer on a database: noted once, closed once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Update, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import ForbiddenTransition, NotFound
from hotline.knowledge.missing import MissingAnswer
from hotline.knowledge.missing_states import MISSING, MissingEvent, MissingState
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.tables import missing_answers as table

_ONE = select(table).where(table.c.id == bindparam("this"))
_OPEN = (
    select(table)
    .where(table.c.state == MissingState.OPEN.value)
    .order_by(table.c.at, table.c.id)
    .limit(bindparam("most"))
)
_NOTED = (
    select(table)
    .where(table.c.user_id == bindparam("by"))
    .order_by(table.c.at.desc(), table.c.id.desc())
    .limit(bindparam("most"))
)
_UNREAD = _NOTED.where(table.c.state != MissingState.OPEN.value, table.c.read_at.is_(None))
_SAME = select(table).where(
    table.c.state == MissingState.OPEN.value,
    table.c.user_id == bindparam("by"),
    table.c.call_id.is_not_distinct_from(bindparam("call")),
    table.c.question == bindparam("asked"),
)


@define(eq=False, repr=False)
class StoredMissingAnswers:
    """`hotline.knowledge.missing.MissingAnswers` on a database."""

    _database: Database

    async def note(
        self,
        question: str,
        user_id: int,
        at: datetime,
        *,
        call_id: str | None,
        category: str,
        owner_id: int | None,
    ) -> MissingAnswer:
        values = {
            "question": question,
            "user_id": user_id,
            "at": at,
            "call_id": call_id,
            "category": category,
            "owner_id": owner_id,
            "state": MissingState.OPEN.value,
            "reason": "",
        }
        same = {"by": user_id, "call": call_id, "asked": question}
        async with self._database.writing() as connection:
            row = (await connection.execute(_SAME, same)).mappings().first()
            if row is None:
                new = insert(table).values(values).returning(table)
                row = (await connection.execute(new)).mappings().one()
        return row_to(MissingAnswer, row)

    async def get(self, missing_id: int) -> MissingAnswer:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"this": missing_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no question {missing_id} without an answer.")
        return row_to(MissingAnswer, row)

    async def open(self, most: int) -> Sequence[MissingAnswer]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OPEN, {"most": most})).mappings().all()
        return [row_to(MissingAnswer, row) for row in rows]

    async def noted_by(self, user_id: int, most: int, *, unread: bool = False) -> Sequence[MissingAnswer]:
        asked = _UNREAD if unread else _NOTED
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked, {"by": user_id, "most": most})).mappings().all()
        return [row_to(MissingAnswer, row) for row in rows]

    async def pass_on(self, missing_id: int, owner_id: int | None) -> None:
        await self._move(missing_id, moving(table, MISSING, MissingEvent.PASS_ON, owner_id=owner_id))

    async def answer(self, missing_id: int, article_id: int, user_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await answered_by(connection, missing_id, article_id, user_id, at)

    async def dismiss(self, missing_id: int, reason: str, user_id: int, at: datetime) -> None:
        step = _closing(MissingEvent.DISMISS, user_id, at, reason=reason)
        await self._move(missing_id, step)

    async def read(self, missing_id: int, at: datetime) -> None:
        await self._move(missing_id, moving(table, MISSING, MissingEvent.READ, read_at=at))

    async def _move(self, missing_id: int, step: Update) -> None:
        async with self._database.writing() as connection:
            await _moved(connection, missing_id, step)


async def answered_by(
    connection: AsyncConnection, missing_id: int, article_id: int, user_id: int, at: datetime
) -> None:
    """Close a question with the article that answers it, in the transaction of the caller."""
    step = _closing(MissingEvent.ANSWER, user_id, at, article_id=article_id)
    await _moved(connection, missing_id, step)


def _closing(event: MissingEvent, user_id: int, at: datetime, **values: Any) -> Update:
    return moving(table, MISSING, event, closed_at=at, closed_by=user_id, **values)


async def _moved(connection: AsyncConnection, missing_id: int, step: Update) -> None:
    if not (await connection.execute(step.where(table.c.id == missing_id))).rowcount:
        raise ForbiddenTransition(f"Question {missing_id} is closed, or there is none.")
