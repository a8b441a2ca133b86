"""Whether the database has the tables that this program knows: said at once, not by a failing statement."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection, Text, column, inspect, select, table

from hotline.errors import HotlineError
from storage.core.database import Database

_VERSION = select(column("version_num", Text)).select_from(table("alembic_version"))


class OtherSchema(HotlineError):  # noqa: N818 - reads as what is the case
    """The database's tables are not those of this program; the message names the command."""

    code: ClassVar[str] = "other-schema"


def oldest() -> str:
    """Return the first migration, as the database stores it: no older schema can be migrated."""
    return min(_migrations())


def newest() -> str:
    """Name the newest migration, as the database keeps it."""
    return max(_migrations())


def between(has: str, to: str) -> Sequence[str]:
    """List the migrations that lead from one to another, which is the last of them."""
    return [one for one in sorted(_migrations()) if has < one <= to]


async def require_present_schema(database: Database) -> None:
    """Raise OtherSchema unless `storage.migrations.migrate` has migrated the database to these tables."""
    async with database.reading() as connection:
        has = await connection.run_sync(require_migratable)
    if has is None:
        raise OtherSchema("The database has no tables yet: run `hotline migrate`.")
    if has < newest():
        raise OtherSchema(f"The database is at {has}, this program needs {newest()}: run `hotline migrate`.")


def require_migratable(connection: Connection) -> str | None:
    """Give the migration at which the database is; raise OtherSchema when none of ours leads on from it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    has: str | None = connection.scalar(_VERSION)
    if has is not None and has > newest():
        raise OtherSchema(f"The database is at {has}, made by a newer hotline than this: update the program.")
    if has is not None and has < oldest():
        raise OtherSchema(
            f"The database is at {has}, from before the first release ({oldest()}): migrate it by an earlier"
            f" hotline that leads to {oldest()}, or set it aside and run `hotline migrate` for a new one."
        )
    return has


@cache
def _migrations() -> tuple[str, ...]:
    """The number that each migration's file begins with."""
    files = Path(__file__).parents[1].joinpath("migrations").joinpath("versions").glob("[0-9]*.py")
    return tuple(file.name.partition("_")[0] for file in files)
