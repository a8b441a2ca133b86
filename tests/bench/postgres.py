"""A PostgreSQL of a benchmark's own: a data folder, and a server that runs on it for one block."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from hotline.errors import HotlineError
from service.node import local_node

USER = "postgres"
DATA = "data"
START_SECONDS = 30
CONNECT_SECONDS = 5
_ENDS_FAST = ("setpriv", "--pdeathsig", "INT", "--")
"""When we are killed, it does not wait until all who are connected have gone."""


class PostgresFailed(HotlineError):  # noqa: N818 - reads as what happened
    """PostgreSQL is missing or does not start; the message says what to do, or quotes the server."""

    code = "postgres-failed"


async def prepare_cluster(folder: Path) -> None:
    """Make the data folder. The database in it is created when the server first runs."""
    give_to_postgres(folder)
    data = str(folder / DATA)
    await _run(folder, "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-locale", "-N")


@asynccontextmanager
async def serving(folder: Path, *settings: str) -> AsyncIterator[str]:
    """Run the server of this folder, set up as installed but for these; give the URL of its `hotline`."""
    with (folder / "log").open("wb") as log:
        written = log.fileno()
        async with local_node.child(program(folder, "", *settings), stdout=written, stderr=written):
            yield await ready(folder)


def program(folder: Path, listens: str = "", *settings: str) -> Sequence[str]:
    """Give the command line of the server of this folder; `listens`: its address, beside its socket."""
    data = ("-D", str(folder / DATA), "-k", str(folder))
    set_to = [word for one in (f"listen_addresses={listens}", *settings) for word in ("-c", one)]
    return (*_as_its_user(), *_ENDS_FAST, str(_programs() / "postgres"), *data, *set_to)


async def ready(folder: Path) -> str:
    """Wait for its answer; give the URL of its database `hotline`, by the socket in the folder."""
    await _ready(folder)
    if not await sql(folder, "SELECT 1 FROM pg_database WHERE datname='hotline'"):
        await sql(folder, "CREATE DATABASE hotline")
    return f"postgresql://{USER}@/hotline?host={folder}"


def trust(folder: Path, network: str) -> None:
    """Have the server take anybody from this network, without a password."""
    with (folder / DATA / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write(f"host all all {network} trust\n")


async def stop(folder: Path) -> None:
    """Stop the server of this folder at once, as a power cut does."""
    await _run(folder, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(folder / DATA))


async def gather_statistics(folder: Path) -> None:
    """Gather statistics at once, as the server would by itself a minute after this number of rows came in."""
    await sql(folder, "VACUUM ANALYZE", database="hotline")


def give_to_postgres(folder: Path) -> None:
    """Have the folder and all in it belong to PostgreSQL's own user: it refuses to run as root."""
    if os.geteuid() != 0:
        return
    for place, _folders, files in os.walk(folder):
        shutil.chown(place, USER)
        for name in files:
            shutil.chown(Path(place, name), USER)


async def _ready(folder: Path) -> None:
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await _answers(folder):  # noqa: ASYNC110 - another process becomes ready
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        said = (folder / "log").read_text(encoding="utf-8", errors="replace")
        raise PostgresFailed(f"PostgreSQL is not ready in time:\n{said}") from error


async def _answers(folder: Path) -> bool:
    try:
        await sql(folder, "SELECT 1")
    except PostgresFailed:
        return False
    return True


async def sql(folder: Path, statement: str, database: str = "postgres") -> str:
    """Have the server whose socket lies in this folder carry it out. Raises PostgresFailed."""
    database = f"dbname={database} connect_timeout={CONNECT_SECONDS}"
    return await _run(folder, "psql", "-h", str(folder), "-U", USER, "-d", database, "-qAtc", statement)


async def _run(folder: Path, program: str, *arguments: str) -> str:
    command = [*_as_its_user(), str(_programs() / program), *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise PostgresFailed(f"{program} failed: {said.decode(errors='replace')}")
    return said.decode(errors="replace").strip()


def _as_its_user() -> Sequence[str]:
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--reuid", USER, "--regid", USER, "--init-groups", "--pdeathsig", "TERM", "--")


def _programs() -> Path:
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    raise PostgresFailed("PostgreSQL is not installed: apt-get install postgresql.")
