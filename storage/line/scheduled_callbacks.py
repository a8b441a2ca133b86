"""The calls that dispatchers have arranged, on a database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Column, ColumnElement, RowMapping, bindparam, case, insert, or_, select, update

from hotline.errors import NotFound
from hotline.line.callbacks import CLAIM_LASTS, SETTLING, CallbackResult, Claim
from hotline.line.scheduled_callbacks import TRIED_AGAIN_AFTER, NewScheduled, Scheduled
from hotline.line.scheduled_states import SCHEDULED, ScheduledEvent, ScheduledState
from storage.core.database import Database
from storage.core.transitions import moving
from storage.tables import scheduled_callbacks as table

_IS_DUE = table.c.state == ScheduledState.DUE.value
_WAITING = select(table).where(_IS_DUE).order_by(table.c.due_at, table.c.id).limit(bindparam("most"))
_ONE = select(table).where(table.c.id == bindparam("this"))
_UNCLAIMED = {"claimed_by": None, "claimed_at": None}
_ABOUT = {field.name: field.name for field in fields(NewScheduled)} | {"due_at": "wanted_at"}
"""The columns of the arrangement."""


@define(eq=False, repr=False)
class StoredScheduledCallbacks:
    """`hotline.line.scheduled_callbacks.ScheduledCallbacks` on a database."""

    _database: Database

    async def arrange(self, wanted: NewScheduled) -> Scheduled:
        values = {_ABOUT[name]: value for name, value in asdict(wanted).items()}
        values |= {"due_at": wanted.due_at, "state": ScheduledState.DUE.value, "tries": 0}
        async with self._database.writing() as connection:
            row = (await connection.execute(insert(table).returning(table), values)).mappings().one()
        return _scheduled(row)

    async def waiting(self, limit: int, until: datetime | None = None) -> Sequence[Scheduled]:
        wanted = _WAITING if until is None else _WAITING.where(table.c.due_at <= until)
        async with self._database.reading() as connection:
            return [_scheduled(row) for row in (await connection.execute(wanted, {"most": limit})).mappings()]

    async def claim(self, scheduled_id: int, user_id: int, at: datetime) -> Claim:
        free = or_(
            table.c.claimed_by.is_(None),
            table.c.claimed_by == user_id,
            table.c.claimed_at <= at - CLAIM_LASTS,
        )
        mine = moving(table, SCHEDULED, ScheduledEvent.CLAIM, claimed_by=user_id, claimed_at=at)
        async with self._database.writing() as connection:
            await connection.execute(mine.where(table.c.id == scheduled_id, free))
            row = (await connection.execute(_ONE.where(_IS_DUE), {"this": scheduled_id})).mappings().first()
        claim = _scheduled(row).claim if row else None
        if claim is None:
            raise NotFound(f"No call {scheduled_id} is arranged.")
        return claim

    async def release(self, scheduled_id: int, user_id: int) -> None:
        own = update(table).where(table.c.id == scheduled_id, table.c.claimed_by == user_id)
        async with self._database.writing() as connection:
            await connection.execute(own.values(_UNCLAIMED))

    async def tried(
        self,
        scheduled_id: int,
        user_id: int,
        result: CallbackResult,
        at: datetime,
        *,
        made_call_id: str | None = None,
    ) -> None:
        values: dict[str, object] = {
            "tries": table.c.tries + 1,
            "last_result": result.value,
            "last_call_id": made_call_id,
            "claimed_by": _left_to_others(user_id, table.c.claimed_by),
            "claimed_at": _left_to_others(user_id, table.c.claimed_at),
        }
        if result in SETTLING:
            event = ScheduledEvent.REACH
        else:
            event = ScheduledEvent.TRY
            values |= {"due_at": at + TRIED_AGAIN_AFTER}
        fresh = or_(table.c.last_call_id.is_(None), table.c.last_call_id != made_call_id)
        await self._change(scheduled_id, event, values, *([fresh] if made_call_id else []))

    async def move(self, scheduled_id: int, due_at: datetime) -> None:
        await self._change(scheduled_id, ScheduledEvent.MOVE, {"due_at": due_at, **_UNCLAIMED})

    async def give_up(self, scheduled_id: int) -> None:
        await self._change(scheduled_id, ScheduledEvent.GIVE_UP, _UNCLAIMED)

    async def _change(
        self,
        scheduled_id: int,
        event: ScheduledEvent,
        values: Mapping[str, object],
        *conditions: ColumnElement[bool],
    ) -> None:
        change = moving(table, SCHEDULED, event, **values).where(table.c.id == scheduled_id, *conditions)
        async with self._database.writing() as connection:
            if (await connection.execute(change)).rowcount == 0:
                raise NotFound(f"No call {scheduled_id} is arranged.")


def _left_to_others(user_id: int, column: Column[Any]) -> ColumnElement[Any]:
    """A column of a claim after this user's try: empty, but for a claim that is another user's by now."""
    return case((table.c.claimed_by != user_id, column))


def _scheduled(row: RowMapping) -> Scheduled:
    claimed = row["claimed_by"] is not None
    return Scheduled(
        id=row["id"],
        about=NewScheduled(**{name: row[column] for name, column in _ABOUT.items()}),
        due_at=row["due_at"],
        state=ScheduledState(row["state"]),
        tries=row["tries"],
        last_result=CallbackResult(row["last_result"]) if row["last_result"] else None,
        claim=Claim(user_id=row["claimed_by"], at=row["claimed_at"]) if claimed else None,
    )
