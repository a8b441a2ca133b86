"""Letters between processes on one PostgreSQL: rows, and a notification that hastens their reading.

Ids are given in the order of the commits, since a writer waits for its turn before an id is taken:
a reader who has come up to an id has missed none before it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from sqlalchemy import bindparam, delete, func, literal_column, select, text
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.exc import SQLAlchemyError

from storage.core.advisory_locks import AdvisoryLock
from storage.core.database import Database
from storage.tables.processes import process_letters

MOST_READ = 500
Told = Callable[[str, Collection[str]], None]
"""Takes the sender of letters that were written just now, and their kinds."""
_CHANNEL = process_letters.name
_SENDER = "|"
"""Stands between kinds and sender in a notification; in one of a version before it there is none."""
_SEND = text(
    "WITH turn AS (SELECT pg_advisory_xact_lock(:turn) AS ours),"
    " put AS (INSERT INTO process_letters (at, sender, place, kind, body)"
    " SELECT clock_timestamp(), :sender, one.place, one.kind, one.body"
    " FROM turn, unnest(CAST(:places AS bigint[]), CAST(:kinds AS text[]), CAST(:bodies AS text[]))"
    " AS one (place, kind, body) ORDER BY one.place)"
    " SELECT pg_notify('process_letters', CAST(:told AS text)) WHERE CAST(:told AS text) <> ''"
)
_NEWEST = select(func.coalesce(func.max(process_letters.c.id), 0))
_AGE = func.extract("epoch", func.clock_timestamp() - process_letters.c.at)
_AFTER = (
    select(
        process_letters.c.id,
        process_letters.c.sender,
        process_letters.c.place,
        process_letters.c.kind,
        process_letters.c.body,
        _AGE.label("age"),
    )
    .where(process_letters.c.id > bindparam("number"))
    .order_by(process_letters.c.id)
    .limit(literal_column(str(MOST_READ)))
)
_AFTER_AS_SENT = str(_AFTER.compile(dialect=asyncpg_dialect()))  # type: ignore[no-untyped-call]
ANSWER_SECONDS = 5.0
"""A server that answers later is given up, and listened to anew."""
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `sender` is the name of a process, `age` its seconds by the database's own clock."""

    number: int
    sender: str
    place: int
    """Among those of its sender, from 1."""
    kind: str
    body: str
    age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter as its sender writes it; `told`: there is to be a notification of it."""

    place: int
    kind: str
    body: str
    told: bool = True


class Listening:
    """A connection that is told of letters and reads them: one trip, and no turn in the pool."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.lost = asyncio.Event()
        raw.add_termination_listener(lambda _raw: self.lost.set())

    async def after(self, number: int) -> Sequence[Letter]:
        """Read as `StoredLetters.after` does. Raises ConnectionError, and is lost then."""
        try:
            return [
                _letter(row) for row in await self._raw.fetch(_AFTER_AS_SENT, number, timeout=ANSWER_SECONDS)
            ]
        except _LOST as error:
            self.lost.set()
            raise ConnectionError(str(error)) from error

    async def begin(self, told: Told) -> None:
        def note(_connection: object, _pid: int, _channel: str, payload: str) -> None:
            kinds, _, sender = payload.partition(_SENDER)
            told(sender, kinds.split(","))

        try:
            await self._raw.add_listener(_CHANNEL, note)
        except _LOST as error:
            raise ConnectionError(str(error)) from error


def _letter(row: Any) -> Letter:
    return Letter(number=row[0], sender=row[1], place=row[2], kind=row[3], body=row[4], age=float(row[5]))


class StoredLetters:
    """The letters of one database, which has to be PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> int:
        """Give the number of the latest letter; 0 without any."""
        async with self._database.reading() as connection:
            return int((await connection.execute(_NEWEST)).scalar_one())

    async def send(self, sender: str, letters: Sequence[Written]) -> None:
        """Write them in one trip. Who listens is told of the sender and the kinds; no kind has a comma."""
        kinds = dict.fromkeys(one.kind for one in letters if one.told)
        given = {
            "turn": AdvisoryLock.LETTERS.value,
            "sender": sender,
            "places": [one.place for one in letters],
            "kinds": [one.kind for one in letters],
            "bodies": [one.body for one in letters],
            "told": _SENDER.join((",".join(kinds), sender)) if kinds else "",
        }
        async with self._database.write_one() as connection:
            await connection.execute(_SEND, given)

    async def after(self, number: int) -> Sequence[Letter]:
        """Give those with a greater number, the oldest first, MOST_READ at most."""
        async with self._database.reading() as connection:
            return [_letter(row) for row in await connection.execute(_AFTER, {"number": number})]

    async def forget(self, older: timedelta) -> None:
        """Delete those that are older: nobody reads them any more."""
        old = process_letters.c.at < func.clock_timestamp() - older
        async with self._database.write_one() as connection:
            await connection.execute(delete(process_letters).where(old))

    @asynccontextmanager
    async def listening(self, told: Told) -> AsyncIterator[Listening]:
        """Have `told` called at each writing, on a connection of its own."""
        async with self._database.session() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection

            listening = Listening(raw)
            await listening.begin(told)
            try:
                yield listening
            finally:
                with contextlib.suppress(SQLAlchemyError, OSError):
                    await connection.invalidate()  # back in the pool it would still listen
