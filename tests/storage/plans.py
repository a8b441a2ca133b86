"""Plans of statements, as the databases tell them."""

from typing import Any

from sqlalchemy import text

from storage.store import Storage


async def plan(storage: Storage, statement: Any, values: dict[str, Any]) -> str:
    """How the database would carry the statement out, its values bound as ever."""
    async with storage.database.reading() as connection:
        said = statement.compile(dialect=connection.dialect)
        bound = tuple(said.construct_params(values)[name] for name in said.positiontup or ())
        if storage.database.shared:
            await connection.execute(text("SET enable_seqscan = off"))  # few rows are read whole
            rows = await connection.exec_driver_sql(f"EXPLAIN {said}", bound)
            await connection.execute(text("RESET enable_seqscan"))
        else:
            bound = tuple(None for _ in bound)  # its driver takes no moments, and its plan looks at no values
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", bound)
        return "\n".join(str(row[-1]) for row in rows.all())
