"""Whether the database has the tables that this program knows: said at once, not by a failing statement."""

from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection, Text, column, inspect, select, table

from hotline.errors import HotlineError
from storage.core.database import Database

_VERSION = select(column("version_num", Text)).select_from(table("alembic_version"))


class OtherSchema(HotlineError):  # noqa: N818 - reads as what is the case
    """The database's tables are not those of this program; the message names the command."""

    code: ClassVar[str] = "other-schema"


def newest() -> str:
    """Name the newest migration, as the database keeps it: the number its file begins with."""
    files = Path(__file__).parents[1].joinpath("migrations").joinpath("versions").glob("[0-9]*.py")
    return max(file.name.partition("_")[0] for file in files)


async def require_present_schema(database: Database) -> None:
    """Raise OtherSchema unless `storage.migrations.migrate` has brought the database to these tables."""
    async with database.reading() as connection:
        has = await connection.run_sync(_version)
    if has is None:
        raise OtherSchema("The database has no tables yet: run `hotline migrate`.")
    if has < newest():
        raise OtherSchema(f"The database is at {has}, this program needs {newest()}: run `hotline migrate`.")
    if has > newest():
        raise OtherSchema(f"The database is at {has}, made by a newer hotline than this: update the program.")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(_VERSION)
