"""Appeals as an enterprise's users see them: every statement here names their enterprise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from attrs import define
from sqlalchemy import ColumnElement, bindparam, case, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import ENDED, PENDING, Appeal, AppealState
from hotline.appeals.handling import Entry, Tally
from hotline.appeals.lists import AppealFilter, Order
from hotline.errors import NotFound
from storage.appeals.handling import IN_SERVICE_ORDER
from storage.appeals.history_rows import read_history
from storage.appeals.lists import StoredAppealLists
from storage.appeals.register import read_appeal
from storage.appeals.texts import AppealTexts
from storage.core.database import Database
from storage.tables import appeal_texts, appeals

_THEIRS = appeals.c.executor_id == bindparam("executor")
_OWED = appeals.c.state.in_(sorted(PENDING))
_ONE = select(appeals).where(appeals.c.number == bindparam("appeal"), _THEIRS)
_ALL = select(appeals).where(_THEIRS)
_NEWEST = (appeals.c.registered_at.desc(), appeals.c.number.desc())
_STATES = (
    select(appeals.c.state, func.count())
    .where(_THEIRS, appeals.c.state.in_(sorted(set(AppealState) - ENDED)))
    .group_by(appeals.c.state)
)
_OF_THEM = select(
    func.count(case((appeals.c.due_at <= bindparam("now"), 1))).label("overdue"),
    func.count(case((appeals.c.assignee_id == bindparam("whose"), 1))).label("mine"),
).where(_THEIRS, _OWED)
_LONGEST_NUMBER = 12


@define(eq=False, repr=False)
class StoredExecutorWork:
    """`hotline.appeals.handling.ExecutorWork` on a database."""

    _database: Database
    _texts: AppealTexts
    _lists: StoredAppealLists

    async def find(self, executor_id: int, number: str) -> Appeal:
        async with self._database.reading() as connection:
            return await require_theirs(connection, executor_id, number)

    async def all(
        self,
        executor_id: int,
        *,
        states: Sequence[AppealState] = (),
        assignee_id: int | None = None,
        overdue_at: datetime | None = None,
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[Appeal]:
        wanted = frozenset(states or PENDING)
        if PENDING.isdisjoint(wanted) and overdue_at is None:
            ended = AppealFilter(executor_id=executor_id, states=wanted, assignee_id=assignee_id)
            return await self._newest(ended, text, limit, offset)
        query = _ALL.where(appeals.c.state.in_(sorted(wanted)))
        if assignee_id is not None:
            query = query.where(appeals.c.assignee_id == assignee_id)
        if overdue_at is not None:
            query = query.where(appeals.c.due_at <= overdue_at)
        if text:
            query = query.where(await self._says(text))
        query = query.order_by(*(IN_SERVICE_ORDER if PENDING.intersection(wanted) else _NEWEST))
        query = query.limit(limit).offset(offset)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query, {"executor": executor_id})).mappings().all()
        return [read_appeal(row) for row in rows]

    async def _newest(self, wanted: AppealFilter, text: str, limit: int, offset: int) -> Sequence[Appeal]:
        """Read along the indexes of the list of all appeals: of what has ended there is ever more."""
        digits = _digits(text)
        wanted = replace(wanted, number=digits, text="" if digits else text)
        return await self._lists.read(wanted, order=Order.NEWEST, limit=limit, offset=offset)

    async def _says(self, text: str) -> ColumnElement[bool]:
        """Look for the words in each of those that it owes: they are few beside all that have the words."""
        if digits := _digits(text):
            return appeals.c.number.between(digits, digits + "9" * _LONGEST_NUMBER)
        terms = await self._texts.terms(text)
        if not terms:
            return false()
        has = select(self._texts.holding(terms)).where(appeal_texts.c.appeal == appeals.c.number)
        return has.scalar_subquery()

    async def tally(self, executor_id: int, *, user_id: int, now: datetime) -> Tally:
        wanted = {"executor": executor_id, "whose": user_id, "now": now}
        async with self._database.reading() as connection:
            states = (await connection.execute(_STATES, {"executor": executor_id})).all()
            owed = (await connection.execute(_OF_THEM, wanted)).one()
        counted = {AppealState(state): count for state, count in states}
        return Tally(states=counted, overdue=owed.overdue, mine=owed.mine)

    async def history(self, executor_id: int, number: str) -> Sequence[Entry]:
        async with self._database.reading() as connection:
            await require_theirs(connection, executor_id, number)
            return await read_history(connection, number, hidden=True)


def _digits(text: str) -> str:
    """Give the number, or its beginning, that is asked for; "" where it is words."""
    digits = "".join(text.lstrip("№ ").split())
    return digits if digits.isascii() and digits.isdigit() else ""


async def require_theirs(connection: AsyncConnection, executor_id: int, number: str) -> Appeal:
    """Read an appeal that the enterprise has; raises NotFound for any other, so that none can be guessed."""
    wanted = {"appeal": number, "executor": executor_id}
    row = (await connection.execute(_ONE, wanted)).mappings().first()
    if row is None:
        raise NotFound(f"There is no appeal {number}.")
    return read_appeal(row)
