"""Every storage test runs twice: on SQLite, and on a PostgreSQL that is started for the session alone."""

import asyncio
import inspect
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.migrations import migrate
from storage.store import Storage, open_storage
from tests.fakes.databases import empty_database, lent_database
from tests.fakes.made_once import made_once
from tests.fakes.memory import shared_memory
from tests.storage.killed_server import kill_server

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_FORGETTING = """
SET session_replication_role = replica;
DO $$
BEGIN
    EXECUTE 'CREATE FUNCTION pg_temp.forget() RETURNS void LANGUAGE plpgsql AS $body$'
        || ' DECLARE name text; BEGIN '
        || (
            SELECT string_agg(format('IF EXISTS (SELECT FROM %1$I) THEN DELETE FROM %1$I; END IF;', one), ' ')
            FROM (
                SELECT tablename AS one FROM pg_tables
                WHERE schemaname = 'public' AND tablename <> 'alembic_version'
            ) AS tables
        )
        || ' FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP'
        || ' EXECUTE format(''ALTER SEQUENCE %I RESTART'', name); END LOOP; END $body$';
END $$;
"""
"""The connection's own function, planned once: to ask 150 tables anew took longer than most tests."""
_BEHIND_US = 'read -r _; "$@"; rm -rf "$0"'
"""A server that is just beginning, and cannot be stopped yet, ends within a minute without its folder."""
_EMPTY = "DO $$ BEGIN PERFORM pg_temp.forget(); END $$;"


class FixedClock:
    def now(self) -> datetime:
        return NOON


@dataclass
class Cluster:
    """A throwaway PostgreSQL behind a socket in its own folder."""

    programs: Path
    folder: Path
    _emptying: subprocess.Popen[str] | None = None
    """Kept from test to test: to begin it is more work than to empty a database."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def run(self, program: str, *arguments: str) -> str:
        self.let_go()
        command = self._command(program, *arguments)
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, cwd=self.folder, timeout=60
        )
        if done.returncode:
            pytest.fail(f"{program} failed: {done.stdout}{done.stderr}", pytrace=False)
        return done.stdout

    def _command(self, program: str, *arguments: str) -> Sequence[str]:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            command = ["runuser", "-u", "postgres", "--", *command]
        return command

    def start(self, more: Sequence[str] = ()) -> None:
        """The server logs to a file: it must not hold our pipes open."""
        # Counted in between by a server of its own accord, tables have other plans from one run to the next.
        quiet = "-c fsync=off -c autovacuum=off"
        own = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' {quiet}"
        options = " ".join([own, *more])
        log, data = str(self.folder / "log"), str(self.data)
        self.run("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)

    def kill(self) -> None:
        """End it as a machine that loses its power."""
        self.let_go()
        kill_server(self.data)
        (self.data / "postmaster.pid").unlink()  # its number may be another's by the next start
        (self.folder / ".s.PGSQL.5432.lock").unlink()

    def restart(self, more: Sequence[str] = ()) -> None:
        """Whoever is connected loses their connection, and nobody is told."""
        self.kill()
        self.start(more)

    def end(self, how: str = "immediate") -> None:
        """Nothing is done where it does not run."""
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", how, "-D", str(self.data))

    def sql(self, statement: str, database: str = "postgres") -> str:
        return self.run("psql", *self._to(database), "-c", statement)

    def _to(self, database: str) -> Sequence[str]:
        return ("-qAt", "-h", str(self.folder), "-U", "postgres", "-d", database)

    def empty(self) -> None:
        """Forget all rows and begin ids at 1: several times as quick as TRUNCATE of tables that are empty."""
        if not self._emptied() and not self._emptied():  # once more: it was restarted, say
            pytest.fail("The database could not be emptied.", pytrace=False)

    def _emptied(self) -> bool:
        said = _FORGETTING + _EMPTY if self._emptying is None else _EMPTY
        if self._emptying is None:
            self._emptying = subprocess.Popen(  # noqa: S603
                self._command("psql", *self._to("hotline"), "-v", "ON_ERROR_STOP=1"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=self.folder,
            )
        one = self._emptying
        assert one.stdin is not None
        assert one.stdout is not None
        with suppress(BrokenPipeError):
            one.stdin.write(f"{said}\n\\echo emptied\n")
            one.stdin.flush()
            if one.stdout.readline() == "emptied\n":
                return True
        self.let_go()
        return False

    def let_go(self) -> None:
        """End the kept connection: some things can be done to a database only when nobody is there."""
        if self._emptying is not None:
            one, self._emptying = self._emptying, None
            with suppress(BrokenPipeError):
                one.communicate(timeout=60)


def _programs() -> Path:
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    if found_initdb := shutil.which("initdb"):
        return Path(found_initdb).resolve().parent
    pytest.fail("PostgreSQL is not installed: run ./check, or `apt-get install postgresql`.", pytrace=False)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Its database `hotline` has the newest schema."""
    with placed() as postgres:
        copy_data(made_once("postgres", make_cluster), postgres.data)
        with _running(postgres):
            yield postgres


def make_cluster(target: Path) -> None:
    with placed() as postgres:
        postgres.run(
            *("initdb", "-D", str(postgres.data), "-A", "trust", "-U", "postgres"),
            *("-E", "UTF8", "--no-locale", "-N"),
        )
        with _running(postgres, end="fast"):
            postgres.sql("CREATE DATABASE hotline")
            asyncio.run(migrate(postgres.url("hotline")))
        copy_data(postgres.data, target)


@contextmanager
def placed() -> Iterator[Cluster]:
    # A disk's file system looks long for a place for each of the thousands of files that come and go.
    folder = Path(tempfile.mkdtemp(prefix="hotline-postgres-", dir=shared_memory()))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    postgres = Cluster(_programs(), folder)
    try:
        with _ended_behind_us(postgres):
            yield postgres
    finally:
        shutil.rmtree(folder)


@contextmanager
def _ended_behind_us(postgres: Cluster) -> Iterator[None]:
    """Have its server end, and its folder go, when we are killed: a server is nobody's child.

    Who waits for our end does so at a pipe that nobody but us can write to. A signal at the death of a parent
    would come as soon as the thread has ended that began the server anew.
    """
    stop = postgres._command("pg_ctl", "stop", "-m", "immediate", "-D", str(postgres.data))
    with subprocess.Popen(  # noqa: S603
        ("/bin/sh", "-c", _BEHIND_US, str(postgres.folder), *stop),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=postgres.folder,
        start_new_session=True,
    ) as waiting:
        try:
            yield
        finally:
            waiting.kill()


@contextmanager
def _running(postgres: Cluster, *, end: str = "immediate") -> Iterator[None]:
    postgres.start()
    try:
        yield
    finally:
        postgres.run("pg_ctl", "stop", "-w", "-m", end, "-D", str(postgres.data))


def copy_data(data: Path, target: Path) -> None:
    """With its owner, which is not always ours."""
    subprocess.run(["cp", "--archive", str(data), str(target)], check=True)  # noqa: S603, S607


@pytest.fixture(scope="session")
def migrated_postgres(cluster: Cluster) -> str:
    return cluster.url("hotline")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A test that asks for the URL itself, to kill who writes, say, has an SQLite file of its own."""
    if request.param == "sqlite" and "url" not in inspect.signature(request.function).parameters:
        with lent_database() as address:
            yield address
    else:
        yield database_url(request, request.getfixturevalue("tmp_path"))


def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the newest schema, of the kind that a fixture's parameter names."""
    if request.param == "sqlite":
        return empty_database(tmp_path)
    address: str = request.getfixturevalue("migrated_postgres")
    request.getfixturevalue("cluster").empty()
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
