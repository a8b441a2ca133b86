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
from storage.tables import Moment, callback_claims, users
from storage.tables import scheduled_callbacks as table

_IS_DUE = table.c.state == ScheduledState.DUE.value
_THEIRS_STILL = case((users.c.active, table.c.for_user_id)).label("theirs_still")
"""Whose call it is; nobody's in particular once their account is closed."""
_WAITING = (
    select(table, _THEIRS_STILL)
    .outerjoin(users, users.c.id == table.c.for_user_id)
    .where(_IS_DUE)
    .order_by(table.c.due_at, table.c.id)
    .limit(bindparam("most"))
)
_ONE = select(table).where(table.c.id == bindparam("this"))
_LOCKED = select(table.c.id).where(table.c.id == bindparam("this")).with_for_update()
_ARRANGER = select(users.c.id).where(users.c.id == bindparam("arranged_by")).with_for_update()
_ARRANGED = (
    select(table)
    .where(
        _IS_DUE,
        table.c.arranged_by == bindparam("arranged_by"),
        table.c.number == bindparam("number"),
        table.c.wanted_at == bindparam("wanted_at", type_=Moment),
        table.c.why == bindparam("why", type_=table.c.why.type),
        table.c.for_user_id.is_not_distinct_from(bindparam("for_user_id", type_=table.c.for_user_id.type)),
    )
    .limit(1)
)
"""The very same call, arranged already and not made yet."""
_MISSED_CLAIMED = (
    select(callback_claims)
    .join(table, table.c.number == callback_claims.c.number)
    .where(
        table.c.id == bindparam("this"),
        callback_claims.c.user_id != bindparam("who"),
        callback_claims.c.at > bindparam("void", type_=Moment),
    )
)
"""Somebody else calls this number now, for calls that it missed."""
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
            await connection.execute(_ARRANGER, values)  # of a form that is sent twice the second waits here
            row = (await connection.execute(_ARRANGED, values)).mappings().first()
            if row is None:
                row = (await connection.execute(insert(table).returning(table), values)).mappings().one()
        return _scheduled(row)

    async def waiting(self, limit: int, until: datetime | None = None) -> Sequence[Scheduled]:
        wanted = _WAITING if until is None else _WAITING.where(table.c.due_at <= until)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted, {"most": limit})).mappings()
            return [_scheduled(row) for row in rows]

    async def claim(self, scheduled_id: int, user_id: int, at: datetime) -> Claim:
        free = or_(
            table.c.claimed_by.is_(None),
            table.c.claimed_by == user_id,
            table.c.claimed_at <= at - CLAIM_LASTS,
        )
        mine = moving(table, SCHEDULED, ScheduledEvent.CLAIM, claimed_by=user_id, claimed_at=at)
        other = {"this": scheduled_id, "who": user_id, "void": at - CLAIM_LASTS}
        async with self._database.writing() as connection:
            await connection.execute(_LOCKED, other)  # who claims the number on the other list waits here
            if (calling := (await connection.execute(_MISSED_CLAIMED, other)).first()) is not None:
                return Claim(user_id=calling.user_id, at=calling.at)
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
    about = {name: row[column] for name, column in _ABOUT.items()}
    about["for_user_id"] = row.get("theirs_still", about["for_user_id"])
    return Scheduled(
        id=row["id"],
        about=NewScheduled(**about),
        due_at=row["due_at"],
        state=ScheduledState(row["state"]),
        tries=row["tries"],
        last_result=CallbackResult(row["last_result"]) if row["last_result"] else None,
        claim=Claim(user_id=row["claimed_by"], at=row["claimed_at"]) if claimed else None,
    )
