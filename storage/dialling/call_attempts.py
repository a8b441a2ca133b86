"""Attempts to call somebody: claimed by a row that no second worker can write."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.call_attempts import LeftAttempt, UnderWay, Verdict
from hotline.dialling.dialler import NOBODY_RUNG, Attempt, Errand, Kind, Result
from storage.core.database import Database
from storage.tables import call_attempts, calls, do_not_call

_COLUMNS = call_attempts.c
_THIS = _COLUMNS.call_id == bindparam("call")
_UNTOLD = _COLUMNS.told_at.is_(None)
_UNWANTED = select(do_not_call.c.number).where(do_not_call.c.number == bindparam("number"))
_RUNG = select(func.count()).where(
    _COLUMNS.number == bindparam("number"),
    _COLUMNS.dialled_at >= bindparam("since"),
    or_(_COLUMNS.result.is_(None), _COLUMNS.result.not_in(NOBODY_RUNG)),
)
# A call that we placed ourselves is over when its attempt is: its end comes to the call log a moment later.
_ON_THE_LINE = (
    select(calls.c.id)
    .where(
        calls.c.ended_at.is_(None),
        calls.c.number == bindparam("number"),
        calls.c.id != bindparam("but"),
        ~exists().where(_COLUMNS.call_id == calls.c.id, _COLUMNS.ended_at.is_not(None)),
    )
    .limit(1)
)
_DIALLED_TO = select(_COLUMNS.call_id).where(
    _COLUMNS.number == bindparam("number"), _COLUMNS.ended_at.is_(None), _COLUMNS.dialled_at.is_not(None)
)
_DIALLING = (
    update(call_attempts)
    .where(_THIS, _COLUMNS.ended_at.is_(None), _COLUMNS.held_by == bindparam("me"))
    .values(dialled_at=bindparam("now"), renewed_at=bindparam("now"))
)
_RENEW = (
    update(call_attempts)
    .where(_COLUMNS.call_id.in_(bindparam("calls", expanding=True)), _COLUMNS.held_by == bindparam("me"))
    .values(renewed_at=bindparam("now"))
)
_END = (
    update(call_attempts)
    .where(_THIS, _COLUMNS.ended_at.is_(None))
    .values(ended_at=bindparam("now"), result=bindparam("came_to"))
)
_TOLD = update(call_attempts).where(_THIS).values(told_at=bindparam("now"))
_ALL_UNTOLD = select(call_attempts).where(_UNTOLD)
_LEFT = (_UNTOLD, _COLUMNS.renewed_at < bindparam("before"))
_ANY_LEFT = select(_COLUMNS.call_id).where(*_LEFT).limit(1)
_TAKE_OVER = (
    update(call_attempts)
    .where(*_LEFT)
    .values(renewed_at=bindparam("now"), held_by=bindparam("me"))
    .returning(call_attempts)
)
_UNDER_WAY = (
    select(call_attempts)
    .where(_COLUMNS.ended_at.is_(None))
    .order_by(_COLUMNS.claimed_at, _COLUMNS.call_id)
    .limit(bindparam("most"))
)
_GIVE_UP = delete(call_attempts).where(_THIS)


class StoredCallAttempts:
    """`hotline.dialling.call_attempts.CallAttempts` on a database, for one worker."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._me = uuid.uuid4().hex
        self._insert = database.insert(call_attempts).on_conflict_do_nothing()

    async def claim(self, attempt: Attempt, at: datetime, *, since: datetime, budget: int) -> Verdict:
        errand = attempt.errand
        async with self._database.writing() as connection:
            # Written first, counted then: a worker that ended its call meanwhile is counted.
            if not (await connection.execute(self._insert, self._row(attempt, at))).rowcount:
                return Verdict.ENGAGED
            verdict = await self._judge(connection, errand, since=since, budget=budget)
            if verdict is not Verdict.ADMITTED:
                await connection.execute(_GIVE_UP, {"call": attempt.call_id})
            return verdict

    async def _judge(
        self, connection: AsyncConnection, errand: Errand, *, since: datetime, budget: int
    ) -> Verdict:
        asked = {"number": errand.number, "since": since}
        if await _on_the_line(connection, errand.number, errand.answers):
            return Verdict.ENGAGED
        if errand.exempt:
            return Verdict.ADMITTED
        if (await connection.execute(_UNWANTED, asked)).first() is not None:
            return Verdict.UNWANTED
        rung = (await connection.execute(_RUNG, asked)).scalar_one()
        return Verdict.SPENT if rung >= budget else Verdict.ADMITTED

    async def on_the_line(self, number: str, *, but: str = "") -> bool:
        async with self._database.reading() as connection:
            return await _on_the_line(connection, number, but)

    async def dialled_to(self, number: str) -> bool:
        async with self._database.reading() as connection:
            return (await connection.execute(_DIALLED_TO, {"number": number})).first() is not None

    async def dialling(self, call_id: str, at: datetime) -> bool:
        asked = {"call": call_id, "me": self._me, "now": at}
        async with self._database.writing() as connection:
            return (await connection.execute(_DIALLING, asked)).rowcount > 0

    async def renew(self, call_ids: Sequence[str], at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_RENEW, {"calls": call_ids, "me": self._me, "now": at})

    async def ended(self, call_id: str, result: Result, at: datetime) -> bool:
        async with self._database.writing() as connection:
            noted = await connection.execute(_END, {"call": call_id, "came_to": result, "now": at})
        return noted.rowcount > 0

    async def told(self, call_id: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_TOLD, {"call": call_id, "now": at})

    async def untold(self) -> Sequence[Errand]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ALL_UNTOLD)).mappings()
            return [_attempt(row).errand for row in rows]

    async def under_way(self, most: int) -> Sequence[UnderWay]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_UNDER_WAY, {"most": most})).mappings()
            return [
                UnderWay(_attempt(row), row["dialled_at"] is not None, row["dialled_at"] or row["claimed_at"])
                for row in rows
            ]

    async def take_over(self, renewed_before: datetime, at: datetime) -> Sequence[LeftAttempt]:
        asked = {"before": renewed_before, "me": self._me, "now": at}
        async with self._database.reading() as connection:  # mostly there is none: nobody has to wait for us
            if (await connection.execute(_ANY_LEFT, asked)).first() is None:
                return []
        async with self._database.writing() as connection:
            return [_left(row) for row in (await connection.execute(_TAKE_OVER, asked)).mappings()]

    def _row(self, attempt: Attempt, at: datetime) -> dict[str, object]:
        errand = attempt.errand
        return {
            "call_id": attempt.call_id,
            "errand": errand.name,
            "attempt": errand.attempt,
            "number": errand.number,
            "kind": errand.kind,
            "exempt": errand.exempt,
            "claimed_at": errand.claimed_at,
            "held_by": self._me,
            "renewed_at": at,
        }


async def _on_the_line(connection: AsyncConnection, number: str, but: str) -> bool:
    asked = {"number": number, "but": but}
    return (await connection.execute(_ON_THE_LINE, asked)).first() is not None


def _attempt(row: RowMapping) -> Attempt:
    errand = Errand(
        name=row["errand"],
        attempt=row["attempt"],
        claimed_at=row["claimed_at"],
        number=row["number"],
        kind=Kind(row["kind"]),
        exempt=row["exempt"],
    )
    return Attempt(errand, row["call_id"])


def _left(row: RowMapping) -> LeftAttempt:
    result = Result(row["result"]) if row["result"] else None
    return LeftAttempt(_attempt(row), row["dialled_at"] is not None, result)
