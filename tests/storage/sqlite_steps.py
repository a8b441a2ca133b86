"""The steps of SQLite's program for a statement: what it costs, whatever else the machine does."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from sqlalchemy import Select

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
