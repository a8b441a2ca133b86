"""Notes as dispatchers type them, so that neither a reload nor a crash loses a word."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, func, select

from hotline.desk.drafts import CallInHand
from storage.core.database import Database, Into
from storage.tables import drafts, talks

MOST_TALKS = 20

_TEXT = (
    select(drafts.c.text)
    .where(drafts.c.call_id == bindparam("call"))
    .order_by((drafts.c.user_id == bindparam("user", type_=BigInteger)).desc(), drafts.c.saved_at.desc())
    .limit(1)
)
_ANYBODYS = drafts.alias("anybodys")
_LEFT_BY_A_COLLEAGUE = (
    select(_ANYBODYS.c.text)
    .where(_ANYBODYS.c.call_id == talks.c.call_id)
    .order_by(_ANYBODYS.c.saved_at.desc())
    .limit(1)
    .scalar_subquery()
)
_NOTES = func.coalesce(drafts.c.text, _LEFT_BY_A_COLLEAGUE).label("text")
_IN_HAND = (
    select(talks.c.call_id, talks.c.started_at, talks.c.ended_at, _NOTES, drafts.c.put_aside_at)
    .outerjoin(drafts, and_(drafts.c.call_id == talks.c.call_id, drafts.c.user_id == bindparam("user")))
    .where(talks.c.dispatcher_id == bindparam("dispatcher"), talks.c.started_at > bindparam("since"))
    .order_by(talks.c.started_at.desc())
    .limit(MOST_TALKS)
)


class StoredDrafts:
    """`hotline.desk.drafts.Drafts` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._save = _keeping(database.insert, "text", "saved_at")
        self._put_aside = _keeping(database.insert, "put_aside_at")

    async def save(self, user_id: int, call_id: str, text: str, at: datetime) -> None:
        await self._write(self._save, user_id, call_id, text=text, saved_at=at)

    async def text(self, user_id: int, call_id: str) -> str:
        async with self._database.reading() as connection:
            found = await connection.execute(_TEXT, {"user": user_id, "call": call_id})
            return found.scalar_one_or_none() or ""

    async def put_aside(self, user_id: int, call_id: str, at: datetime) -> None:
        await self._write(self._put_aside, user_id, call_id, text="", saved_at=at, put_aside_at=at)

    async def in_hand(self, user_id: int, dispatcher_id: int, since: datetime) -> Sequence[CallInHand]:
        values = {"user": user_id, "dispatcher": dispatcher_id, "since": since}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_IN_HAND, values)).all()
        latest = {row.call_id: row for row in reversed(rows)}
        return [
            CallInHand(
                call_id=row.call_id, started_at=row.started_at, ended_at=row.ended_at, notes=row.text or ""
            )
            for row in sorted(latest.values(), key=lambda row: row.started_at, reverse=True)
            if row.put_aside_at is None or row.put_aside_at < row.started_at
        ]

    async def _write(self, statement: Any, user_id: int, call_id: str, **values: object) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement, {"user_id": user_id, "call_id": call_id, **values})


@cache
def _keeping(into: Into, *columns: str) -> Any:
    """Build an INSERT that replaces only these columns when the row exists."""
    statement = into(drafts)
    replaced = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=[drafts.c.user_id, drafts.c.call_id], set_=replaced)
