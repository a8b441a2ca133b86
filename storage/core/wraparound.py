"""Tables that PostgreSQL will have to vacuum soon, before the numbers of transactions begin again.

Such a vacuum gives way to nobody, as any other of PostgreSQL's own does: a migration that has to change its
table waits until it is over (docs/operations.md, "Upgrade").
"""

from collections.abc import Sequence

from sqlalchemy import text

from storage.core.database import Database

SOON = 0.9
"""Of the age at which it begins by itself."""
GREAT_PAGES = 12_500
"""100 MB: a smaller table takes it seconds, which any migration waits."""


def limit_of(setting: str) -> str:
    """Give the least of what is set for the server and for the table `named`, in PostgreSQL's words."""
    options = "pg_options_to_table(named.reloptions)"
    own = f"SELECT option_value::bigint FROM {options} WHERE option_name = '{setting}'"  # noqa: S608 - our own
    return f"least(current_setting('{setting}')::bigint, ({own}))"


AGE = f"""greatest(
    age(named.relfrozenxid)::float / {limit_of("autovacuum_freeze_max_age")},
    mxid_age(named.relminmxid)::float / {limit_of("autovacuum_multixact_freeze_max_age")}
)"""
"""How old the table `named` is, as a part of the age at which it has to be vacuumed: from 1 on it is."""
_AGED = text(f"""
SELECT named.relname FROM pg_class AS named
WHERE named.relkind = 'r' AND named.relnamespace = current_schema()::regnamespace
AND named.relpages >= :pages AND {AGE} > :soon
ORDER BY named.relpages DESC
""")  # noqa: S608 - our own names


async def soon_vacuumed(database: Database, *, soon: float = SOON, pages: int = GREAT_PAGES) -> Sequence[str]:
    """Name the great tables of which it is near or under way, the greatest first; none on SQLite."""
    if not database.shared:
        return ()
    async with database.reading() as connection:
        return (await connection.execute(_AGED, {"soon": soon, "pages": pages})).scalars().all()
