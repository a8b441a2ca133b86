"""The steps of SQLite's program for a statement: what it costs, whatever else the machine does.

What the index of words does by itself is no step of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import Select, event
from sqlalchemy.pool import Pool

from storage.core.database import Database


async def steps_of(database: Database, query: Select[Any], values: Mapping[str, Any]) -> int:
    steps = count()
    async with database.read_inline() as connection:
        await connection.execute(query, values)  # what is read once of the schema is no part of it
        raw: Any = (await connection.get_raw_connection()).driver_connection
        raw._conn.set_progress_handler(lambda: next(steps) < 0, 1)
        await connection.execute(query, values)
        raw._conn.set_progress_handler(None, 1)
    return next(steps)


class Steps:
    """Those of all connections that are made while they are counted."""

    def __init__(self) -> None:
        self.many = 0

    def one(self) -> bool:
        self.many += 1
        return False


@contextmanager
def all_steps() -> Iterator[Steps]:
    steps = Steps()

    def count_on(connection: Any, _record: Any) -> None:
        connection._connection._conn.set_progress_handler(steps.one, 1)

    event.listen(Pool, "connect", count_on)
    try:
        yield steps
    finally:
        event.remove(Pool, "connect", count_on)
