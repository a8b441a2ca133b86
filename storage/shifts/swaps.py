"""Swaps of shifts on a database; one that is approved changes the roster in the same transaction."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, and_, bindparam, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import AlreadyTaken, ForbiddenTransition, NotFound, Outdated
from hotline.shifts.roster import Shift
from hotline.shifts.swap_states import SWAP, SwapEvent, SwapState
from hotline.shifts.swaps import NewSwap, Swap, exchanged
from storage.core.database import Database
from storage.core.transitions import moving
from storage.shifts.roster import publish_changed, read_published
from storage.shifts.shift_rows import json_of, swap_of
from storage.tables import shift_swaps as table

_ONE = select(table).where(table.c.id == bindparam("this"))
_OF_DAYS = select(table).where(table.c.day >= bindparam("first")).order_by(table.c.id.desc())
_GIVER, _TAKER = table.c.giver == bindparam("who"), table.c.taker == bindparam("who")
_SEEN = (
    update(table)
    .where(or_(and_(_GIVER, ~table.c.giver_told), and_(_TAKER, ~table.c.taker_told)))
    .values(giver_told=or_(_GIVER, table.c.giver_told), taker_told=or_(_TAKER, table.c.taker_told))
)


@define(eq=False, repr=False)
class StoredSwaps:
    """`hotline.shifts.swaps.Swaps` on a database."""

    _database: Database

    async def offer(self, new: NewSwap, at: datetime) -> Swap:
        values = {
            "state": SwapState.OFFERED.value,
            "giver": new.given.user_id,
            "day": new.given.day,
            "given": json_of(new.given),
            "offered_to": new.to,
            "wanted": json_of(new.wanted) if new.wanted else None,
            "words": new.words,
            "offered_at": at,
            "reason": "",
            "giver_told": True,
            "taker_told": True,
        }
        made = self._database.insert(table).on_conflict_do_nothing().returning(table)
        async with self._database.writing() as connection:
            row = (await connection.execute(made, values)).mappings().first()
        if row is None:
            raise AlreadyTaken(f"The shift of {new.given.day} is offered already.")
        return swap_of(row)

    async def get(self, swap_id: int) -> Swap:
        async with self._database.reading() as connection:
            return await _read(connection, swap_id)

    async def of_days(self, first: date) -> Sequence[Swap]:
        async with self._database.reading() as connection:
            return [swap_of(row) for row in (await connection.execute(_OF_DAYS, {"first": first})).mappings()]

    async def agree(self, swap_id: int, user_id: int, at: datetime) -> Swap:
        asked = or_(table.c.offered_to.is_(None), table.c.offered_to == user_id)
        by = and_(asked, table.c.giver != user_id)
        return await self._move(swap_id, SwapEvent.AGREE, by, taker=user_id, decided_at=at, giver_told=False)

    async def decline(self, swap_id: int, user_id: int, at: datetime) -> Swap:
        by, told = table.c.offered_to == user_id, {"taker": user_id, "giver_told": False}
        return await self._move(swap_id, SwapEvent.DECLINE, by, decided_at=at, **told)

    async def withdraw(self, swap_id: int, user_id: int, at: datetime) -> Swap:
        by = or_(table.c.giver == user_id, table.c.taker == user_id)
        told = {"giver_told": table.c.giver == user_id, "taker_told": table.c.giver != user_id}
        return await self._move(swap_id, SwapEvent.WITHDRAW, by, decided_at=at, **told)

    async def refuse(self, swap_id: int, by: int, at: datetime, reason: str) -> Swap:
        decided = {"decided_by": by, "decided_at": at, "reason": reason}
        told = {"giver_told": False, "taker_told": False}
        return await self._move(swap_id, SwapEvent.REFUSE, true(), **decided, **told)

    async def approve(
        self, swap_id: int, by: int | None, at: datetime, allowed: Callable[[Sequence[Shift]], bool]
    ) -> Swap:
        told = {"giver_told": False, "taker_told": by is None}
        try:
            async with self._database.writing() as connection:
                one = await _moved(
                    connection,
                    swap_id,
                    SwapEvent.APPROVE,
                    true(),
                    decided_by=by,
                    decided_at=at,
                    **told,
                )
                await _exchange(connection, one, by, at, allowed)
        except IntegrityError as error:
            raise Outdated(f"Somebody else is changing the roster of swap {swap_id}.") from error
        return one

    async def seen(self, user_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SEEN, {"who": user_id})

    async def _move(self, swap_id: int, event: SwapEvent, by: ColumnElement[bool], **values: Any) -> Swap:
        async with self._database.writing() as connection:
            return await _moved(connection, swap_id, event, by, **values)


async def _exchange(
    connection: AsyncConnection,
    one: Swap,
    by: int | None,
    at: datetime,
    allowed: Callable[[Sequence[Shift]], bool],
) -> None:
    """Write the swap into the roster; by rule it is its taker who changes it."""
    taker = one.taker
    assert taker is not None, "the table asks for it"  # noqa: S101 - a check of the table
    if not allowed(await read_published(connection, *one.weeks)):
        raise Outdated(f"The roster has changed since swap {one.id} was looked at.")

    def change(shifts: Sequence[Shift]) -> Sequence[Shift]:
        return exchanged(one, taker, shifts)

    for monday in one.mondays:
        await publish_changed(connection, monday, change, by=by or taker, at=at)


async def _moved(
    connection: AsyncConnection, swap_id: int, event: SwapEvent, by: ColumnElement[bool], **values: Any
) -> Swap:
    change = moving(table, SWAP, event, **values).where(table.c.id == swap_id, by)
    changed = (await connection.execute(change)).rowcount
    one = await _read(connection, swap_id)
    if not changed:
        raise ForbiddenTransition(f"Swap {swap_id} is {one.state}, or another's: no {event} now.")
    return one


async def _read(connection: AsyncConnection, swap_id: int) -> Swap:
    row = (await connection.execute(_ONE, {"this": swap_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no swap {swap_id}.")
    return swap_of(row)
