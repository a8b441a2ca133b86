"""Every storage test runs twice: on SQLite, and on a PostgreSQL that is started for the session alone."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.migrations import migrate
from storage.store import Storage, open_storage

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""


class FixedClock:
    def now(self) -> datetime:
        return NOON


@dataclass(frozen=True)
class Cluster:
    """A throwaway PostgreSQL behind a socket in its own folder."""

    programs: Path
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def run(self, program: str, *arguments: str) -> str:
        command = [self.programs / program, *arguments]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, cwd=self.folder, timeout=60
        )
        if done.returncode:
            pytest.fail(f"{program} failed: {done.stdout}{done.stderr}", pytrace=False)
        return done.stdout

    def start(self, verb: str = "start") -> None:
        """`verb` may be `restart`. The server logs to a file: it must not hold our pipes open."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        log, data = str(self.folder / "log"), str(self.folder / "data")
        mode = ("-m", "immediate") if verb == "restart" else ()
        self.run("pg_ctl", verb, "-w", *mode, "-D", data, "-l", log, "-o", options)

    def sql(self, statement: str, database: str = "postgres") -> str:
        folder = str(self.folder)
        return self.run("psql", "-qAt", "-h", folder, "-U", "postgres", "-d", database, "-c", statement)

    def empty(self, database: str) -> None:
        """Forget all rows and begin ids at 1: several times as quick as TRUNCATE of tables that are empty."""
        self.sql(_EMPTY, database)


def _programs() -> Path:
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    if found_initdb := shutil.which("initdb"):
        return Path(found_initdb).resolve().parent
    pytest.fail("PostgreSQL is not installed: run ./check, or `apt-get install postgresql`.", pytrace=False)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="hotline-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    postgres = Cluster(programs, folder)
    data = str(folder / "data")
    try:
        postgres.run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-N")
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_postgres(cluster: Cluster) -> str:
    cluster.sql("CREATE DATABASE hotline")
    asyncio.run(migrate(cluster.url("hotline")))
    return cluster.url("hotline")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "hotline.db"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return database_url(request, tmp_path)


def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the newest schema, of the kind that a fixture's parameter names."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "hotline.db")
        return f"sqlite:///{file}"
    address: str = request.getfixturevalue("migrated_postgres")
    request.getfixturevalue("cluster").empty("hotline")
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.sql("CREATE DATABASE bare")
    yield cluster.url("bare")
    cluster.sql("DROP DATABASE bare")


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    async with open_storage(url, FixedClock()) as opened:
        yield opened
