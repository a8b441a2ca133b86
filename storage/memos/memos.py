"""Memos on a database; an accepted one gives its task in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.memos.memo_states import MEMO, WAITING, MemoEvent, MemoState
from hotline.memos.memos import Addressee, Answer, Memo, MemoKind, NewMemo, Sending
from storage.core.database import Database
from storage.core.transitions import moving
from storage.tables import memos as table
from storage.tasks.tasks import StoredTasks

_ONE = select(table).where(table.c.id == bindparam("this"))
_BY_FORM = select(table).where(table.c.once == bindparam("given"))
_LATEST = select(table).order_by(table.c.id.desc()).limit(bindparam("most")).offset(bindparam("skipped"))
_WAITING = (
    select(table)
    .where(table.c.state.in_(sorted(one.value for one in WAITING)))
    .order_by(table.c.answer_by, table.c.id)
)


@define(eq=False, repr=False)
class StoredMemos:
    """`hotline.memos.memos.Memos` on a database."""

    _database: Database
    _tasks: StoredTasks

    async def draft(self, new: NewMemo, by: int, at: datetime) -> Memo:
        row = {
            **_values(new),
            "state": MemoState.DRAFT.value,
            "edition": 1,
            "writer": by,
            "changed_at": at,
            "number": "",
            "answer": "",
            "once": new.once or None,
        }
        async with self._database.writing() as connection:
            asked = self._database.insert(table).values(row).on_conflict_do_nothing().returning(table)
            made = (await connection.execute(asked)).mappings().first()
            if made is None:
                made = (await connection.execute(_BY_FORM, {"given": new.once})).mappings().one()
        return _memo(made)

    async def save(self, memo_id: int, new: NewMemo, seen: int, at: datetime) -> Memo:
        values = {**_values(new), "edition": seen + 1, "changed_at": at}
        async with self._database.writing() as connection:
            return await _moved(connection, memo_id, MemoEvent.SAVE, seen, **values)

    async def send(self, memo_id: int, seen: int, sending: Sending, at: datetime) -> Memo:
        values = {
            "number": sending.number,
            "sent_on": sending.sent_on,
            "answer_by": sending.answer_by,
            "changed_at": at,
        }
        async with self._database.writing() as connection:
            return await _moved(connection, memo_id, MemoEvent.SEND, seen, **values)

    async def drop(self, memo_id: int, at: datetime) -> Memo:
        async with self._database.writing() as connection:
            return await _moved(connection, memo_id, MemoEvent.DROP, changed_at=at)

    async def answered(self, memo_id: int, answer: Answer, by: int, at: datetime) -> Memo:
        task = answer.task
        lemmas = await self._tasks.lemmas_of(task) if task else ""
        values: dict[str, Any] = {"answer": answer.text, "answered_on": answer.answered_on, "changed_at": at}
        if answer.ask_again_on is not None:
            values["answer_by"] = answer.ask_again_on
        async with self._database.writing() as connection:
            memo = await _moved(connection, memo_id, answer.event, **values)
            if task is not None:
                await self._tasks.given(connection, task, lemmas, by, at)
        return memo

    async def get(self, memo_id: int) -> Memo:
        async with self._database.reading() as connection:
            return await _read(connection, memo_id)

    async def list(self, *, limit: int, skipped: int = 0) -> Sequence[Memo]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_LATEST, {"most": limit, "skipped": skipped})
            return [_memo(row) for row in rows.mappings()]

    async def waiting(self) -> Sequence[Memo]:
        async with self._database.reading() as connection:
            return [_memo(row) for row in (await connection.execute(_WAITING)).mappings()]


async def _moved(
    connection: AsyncConnection, memo_id: int, event: MemoEvent, seen: int | None = None, **values: Any
) -> Memo:
    change = moving(table, MEMO, event, **values).where(table.c.id == memo_id)
    if seen is not None:
        change = change.where(table.c.edition == seen)
    changed = (await connection.execute(change)).rowcount
    after = await _read(connection, memo_id)
    if changed:
        return after
    if MEMO.allows(after.state, event):
        raise Outdated(f"Memo {memo_id} was saved again since edition {seen}.")
    raise ForbiddenTransition(f"Memo {memo_id} is {after.state}: no {event} now.")


async def _read(connection: AsyncConnection, memo_id: int) -> Memo:
    row = (await connection.execute(_ONE, {"this": memo_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no memo {memo_id}.")
    return _memo(row)


def _values(new: NewMemo) -> Mapping[str, Any]:
    return {
        "kind": new.kind.value,
        "addressee": new.addressee.value,
        "subject": new.subject,
        "text": new.text,
        "papers": list(new.papers),
    }


def _memo(row: RowMapping) -> Memo:
    read = {
        "state": MemoState(row["state"]),
        "kind": MemoKind(row["kind"]),
        "addressee": Addressee(row["addressee"]),
        "papers": tuple(row["papers"]),
        "once": row["once"] or "",
    }
    return Memo(**{**row, **read})
