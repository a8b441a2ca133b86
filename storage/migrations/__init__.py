"""The schema's history, carried out by the product itself: `await migrate(url)`."""

from pathlib import Path

from sqlalchemy import Connection, func, literal, select

from storage.core.advisory_locks import AdvisoryLock
from storage.core.database import open_database
from storage.core.schema import require_migratable
from storage.migrations.built_before import build_before


async def migrate(url: str, to: str = "head") -> None:
    """Migrate the database to the newest schema, or `to` an earlier one. Two at once take turns.

    Raises OtherSchema for a database older than the first migration, or of a newer program.
    """
    async with open_database(url) as database:
        await build_before(database, to)
        async with database.writing() as connection:
            # On SQLite any statement waits for its turn: the transaction begins with its first one.
            turn = func.pg_advisory_xact_lock(AdvisoryLock.MIGRATION.value) if database.shared else literal(1)
            await connection.execute(select(turn))
            await connection.run_sync(_upgrade, to)


def _upgrade(connection: Connection, to: str) -> None:
    require_migratable(connection)
    # Not above: each start of the service and each other command would pay for it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
