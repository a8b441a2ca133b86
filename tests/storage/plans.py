"""Plans of statements, as the databases tell them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from storage.store import Storage


async def plan(
    storage: Storage, statement: Any, values: dict[str, Any], *, without: Sequence[str] = ()
) -> str:
    """How the database would carry the statement out, its values bound as ever.

    PostgreSQL takes the ways `without` only where there is no other: it weighs them by the size of its files,
    in which the tests before have left pages.
    """
    async with storage.database.reading() as connection:
        said = statement.compile(dialect=connection.dialect)
        bound = tuple(said.construct_params(values)[name] for name in said.positiontup or ())
        if storage.database.shared:
            ways = [f"enable_{way}" for way in ("seqscan", *without)]  # few rows are read whole
            for way in ways:
                await connection.execute(text(f"SET {way} = off"))
            rows = await connection.exec_driver_sql(f"EXPLAIN {said}", bound)
            for way in ways:
                await connection.execute(text(f"RESET {way}"))
        else:
            bound = tuple(None for _ in bound)  # its driver takes no moments, and its plan looks at no values
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", bound)
        return "\n".join(str(row[-1]) for row in rows.all())
