"""Appeals taken for other cities: kept with their notice, and emptied once they are there."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import Text, and_, bindparam, cast, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.errors import ForbiddenTransition, NotFound
from hotline.neighbours.agreement import Agreement
from hotline.neighbours.taken import (
    ABOUT,
    EMERGENCY_WITHIN,
    OTHERS_WITHIN,
    NewTaken,
    Taken,
    matter_of,
    notice_of,
)
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.delivery.outbox import owe_once, take_back_owed
from storage.tables import neighbour_agreements, neighbour_appeals, notices

MOST_LATE = 500
_TAKEN = neighbour_appeals.c
_THIS = _TAKEN.id == bindparam("taken")
_ONE = select(neighbour_appeals).where(_THIS)
_BY_KEY = select(neighbour_appeals).where(_TAKEN.key == bindparam("named"))
_OF_CALL = select(neighbour_appeals).where(_TAKEN.call_id == bindparam("call")).order_by(_TAKEN.id.desc())
_OF_AGREEMENT = (
    select(neighbour_appeals)
    .where(_TAKEN.agreement_id == bindparam("agreement"))
    .order_by(_TAKEN.handed_at.is_not(None), _TAKEN.id.desc())
    .limit(bindparam("most"))
)
_WAITING = (
    select(func.count())
    .select_from(neighbour_appeals)
    .where(_TAKEN.agreement_id == bindparam("agreement"), _TAKEN.handed_at.is_(None))
)
_LATE = (
    select(neighbour_appeals)
    .join(neighbour_agreements, neighbour_agreements.c.id == _TAKEN.agreement_id)
    .where(
        _TAKEN.handed_at.is_(None),
        _TAKEN.body != "",
        or_(
            _TAKEN.taken_at <= bindparam("others"),
            and_(_TAKEN.urgent, _TAKEN.taken_at <= bindparam("emergencies")),
            neighbour_agreements.c.ended_at.is_not(None),
            exists().where(
                notices.c.matter == f"{ABOUT}-" + cast(_TAKEN.id, Text),
                notices.c.state == NoticeState.FAILED.value,
            ),
        ),
    )
    .order_by(_TAKEN.urgent.desc(), _TAKEN.taken_at, _TAKEN.id)
    .limit(MOST_LATE)
)
_AGREEMENT = (
    select(*[one for one in neighbour_agreements.c if one.name not in {"secret", "copy"}])
    .where(neighbour_agreements.c.id == bindparam("agreement"))
    .with_for_update()
)
"""Locked: an appeal that is taken while the agreement ends is taken before or refused."""
_OPEN = (_THIS, _TAKEN.handed_at.is_(None))
_HANDED = (
    update(neighbour_appeals)
    .where(*_OPEN)
    .values(
        number=bindparam("there"),
        follow_code=bindparam("by_code"),
        handed_at=bindparam("at"),
        body="",
        fault="",
    )
)
_OTHERWISE = (
    update(neighbour_appeals)
    .where(*_OPEN)
    .values(otherwise=bindparam("how"), otherwise_by=bindparam("by"), handed_at=bindparam("at"), body="")
)
_FAILED = update(neighbour_appeals).where(*_OPEN).values(fault=bindparam("because"))
_AGAIN = moving(
    notices,
    NOTICE,
    NoticeEvent.SEND_AGAIN,
    due_at=bindparam("at"),
    changed_at=bindparam("at"),
    tries=0,
    fault="",
    round=notices.c.round + 1,
).where(notices.c.matter == bindparam("matter_of"), notices.c.state == NoticeState.FAILED.value)

_SOONER = (
    update(notices)
    .where(notices.c.matter == bindparam("matter_of"), notices.c.state == NoticeState.OWED.value)
    .values(due_at=bindparam("at"), tries=0)
)


@define(eq=False, repr=False)
class StoredTakenAppeals:
    """`hotline.neighbours.taken.TakenAppeals` on a database."""

    _database: Database

    async def take(self, new: NewTaken) -> Taken:
        insert_once = self._database.insert(neighbour_appeals).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            row = (await connection.execute(_BY_KEY, {"named": new.key})).mappings().first()
            if row is not None:
                return row_to(Taken, row)
            agreement = await _agreement(connection, new)
            await connection.execute(insert_once, asdict(new))
            row = (await connection.execute(_BY_KEY, {"named": new.key})).mappings().one()
            owed = notice_of(row["id"], agreement, urgent=new.urgent)
            await owe_once(self._database, connection, [owed], new.taken_at)
        return row_to(Taken, row)

    async def get(self, taken_id: int) -> Taken:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"taken": taken_id})).mappings().first()
        return _found(taken_id, row)

    async def of_call(self, call_id: str) -> Sequence[Taken]:
        return await self._list(_OF_CALL, call=call_id)

    async def of_agreement(self, agreement_id: int, limit: int = 100) -> Sequence[Taken]:
        return await self._list(_OF_AGREEMENT, agreement=agreement_id, most=limit)

    async def waiting(self, agreement_id: int) -> int:
        async with self._database.reading() as connection:
            found: int = (await connection.execute(_WAITING, {"agreement": agreement_id})).scalar_one()
        return found

    async def late(self, now: datetime) -> Sequence[Taken]:
        return await self._list(_LATE, others=now - OTHERS_WITHIN, emergencies=now - EMERGENCY_WITHIN)

    async def handed(self, taken_id: int, number: str, follow_code: str, at: datetime) -> None:
        await self._change(_HANDED, taken_id, there=number, by_code=follow_code, at=at)

    async def failed(self, taken_id: int, fault: str) -> None:
        await self._change(_FAILED, taken_id, because=fault)

    async def handed_otherwise(self, taken_id: int, how: str, *, by: int, at: datetime) -> Taken:
        async with self._database.writing() as connection:
            done = await connection.execute(_OTHERWISE, {"taken": taken_id, "how": how, "by": by, "at": at})
            row = (await connection.execute(_ONE, {"taken": taken_id})).mappings().first()
            found = _found(taken_id, row)
            if not done.rowcount:
                raise ForbiddenTransition(f"Appeal {taken_id} was handed over before.")
            await take_back_owed(connection, [matter_of(taken_id)], at)
        return found

    async def send_again(self, taken_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            for again in (_AGAIN, _SOONER):
                await connection.execute(again, {"matter_of": matter_of(taken_id), "at": at})

    async def _list(self, asked: Any, **values: object) -> Sequence[Taken]:
        async with self._database.reading() as connection:
            return [row_to(Taken, row) for row in (await connection.execute(asked, values)).mappings()]

    async def _change(self, change: Any, taken_id: int, **values: object) -> None:
        async with self._database.writing() as connection:
            await connection.execute(change, {"taken": taken_id, **values})


async def _agreement(connection: AsyncConnection, new: NewTaken) -> Agreement:
    row = (await connection.execute(_AGREEMENT, {"agreement": new.agreement_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no agreement {new.agreement_id}.")
    agreement = row_to(Agreement, row)
    if not agreement.holds(new.taken_at):
        raise ForbiddenTransition(f"Agreement {agreement.id} holds no more.")
    return agreement


def _found(taken_id: int, row: Any) -> Taken:
    if row is None:
        raise NotFound(f"There is no appeal {taken_id} taken for another city.")
    return row_to(Taken, row)
