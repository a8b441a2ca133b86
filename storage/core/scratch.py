"""A database for a trial, of the same kind as a given one, which is not touched; it is gone afterwards."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from storage.core.snapshot import SnapshotFailed, is_sqlite

_PROGRAMS = Path("/usr/lib/postgresql")
_OWNER = "postgres"
_NAME = "hotline"
_START_SECONDS = 3600
"""A server that was brought back reads first what was written since its backup."""
_OPTIONS = (
    "-c listen_addresses= -c port=5432 -c unix_socket_directories='{folder}' -c hba_file='{trusting}'"
    " -c fsync=off -c full_page_writes=off -c archive_mode=off -c synchronous_standby_names="
)


@asynccontextmanager
async def scratch_database(url: str, folder: Path) -> AsyncIterator[str]:
    """Give the URL of an empty database in this folder; raises SnapshotFailed where none can be made.

    Of PostgreSQL a server of its own is begun, which nobody reaches over a network.
    """
    if is_sqlite(url):
        yield f"sqlite:///{folder / 'scratch.db'}"
        return
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER, _OWNER)
    programs = _programs()
    made = ("-D", str(folder / "data"), "-A", "trust", "-U", _OWNER, "-E", "UTF8", "--lc-messages=C", "-N")
    await run(programs / "initdb", *made)
    async with serving(folder):
        await run(programs / "createdb", "-h", str(folder), "-U", _OWNER, _NAME)
        yield address(folder)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[None]:
    """Have a server run, whose data lie in this folder, reached by its socket alone."""
    data, trusting = folder / "data", folder / "hba"
    trusting.write_text("local all all trust\n")
    version = (data / "PG_VERSION").read_text().strip()
    options = _OPTIONS.format(folder=folder, trusting=trusting)
    where = ("-D", str(data), "-l", str(folder / "log"))
    how = ("-w", "-t", str(_START_SECONDS), "-o", options)
    try:
        await run(_programs(version) / "pg_ctl", "start", *where, *how)
        yield
    finally:
        await end_left(folder)


def address(folder: Path) -> str:
    return f"postgresql://{_OWNER}@/{_NAME}?host={folder}"


async def end_left(folder: Path) -> None:
    """End the server that was begun in this folder, if it still runs."""
    data = folder / "data"
    if _runs(data):
        await run(_programs() / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(data))


def _runs(data: Path) -> bool:
    """Whether it does: the number that a killed one has left in its file may be another program's since."""
    try:
        number = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        return str(data).encode() in Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False


def _programs(version: str = "*") -> Path:
    """Find the programs of the newest server that this machine has, or of one version."""
    found = sorted(_PROGRAMS.glob(f"{version}/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise SnapshotFailed("There is no PostgreSQL server on this machine: apt-get install postgresql.")
    return Path(elsewhere).resolve().parent


def _as_owner() -> Mapping[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": _OWNER, "group": _OWNER, "extra_groups": []} if os.geteuid() == 0 else {}


async def run(program: Path, *arguments: str) -> None:
    """Run it to its end, also when we are stopped meanwhile: a server that was half begun would stay."""
    process = await asyncio.create_subprocess_exec(
        *[str(program), *arguments],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd="/",
        **_as_owner(),
    )
    ending = asyncio.create_task(process.communicate())
    try:
        _, said = await asyncio.shield(ending)
    except asyncio.CancelledError:
        await asyncio.wait([ending])
        raise
    if process.returncode:
        raise SnapshotFailed(f"{program.name} failed: {said.decode(errors='replace').strip()}")
