"""The single form for one benchmark: one machine with a network, a cable and a disk as several have them.

So what its callers' sound crosses, and what its files lie on, costs it as much as each of several machines.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.voice.speech import Language
from service.folders import Folders
from service.node import asterisk_node, local_node
from service.settings.settings import Settings, read_settings
from storage.migrations import migrate
from storage.store import Storage, open_storage
from telephony.phone.signalling import Address
from tests.bench import postgres
from tests.bench.hotline import cel_rows, spoken
from tests.bench.scaled.hotline import (
    CITIZENS,
    HTTP,
    SIP,
    asterisk_on,
    is_connected,
    let_all_by,
    pages_answer,
    program_on,
    service_on,
    until_ready,
)
from tests.bench.scaled.machine import Machine

Database = Callable[[Machine], Coroutine[Any, Any, str]]
"""Makes one on this machine, and gives its URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleHotline:
    """All that runs on it. `storage` is the benchmark's own."""

    machine: Machine
    settings: Settings
    storage: Storage

    @property
    def registrar(self) -> Address:
        return self.machine.address, SIP

    @property
    def citizens_from(self) -> str:
        return CITIZENS

    def cel_rows(self) -> list[Mapping[str, str]]:
        return cel_rows(self.settings)


@asynccontextmanager
async def single_hotline(
    theirs: Folders, languages: Iterable[Language], name: str, address: str, database: Database
) -> AsyncIterator[SingleHotline]:
    """Bring it up beside the machines of a city, which is there (`scaled.machine.city`)."""
    with tempfile.TemporaryDirectory(prefix="hb-") as folder:
        let_all_by(Path(folder))
        machine = Machine(name, address, Path(folder) / name)
        machine.follows_clock = False
        await machine.begin()
        try:
            url = await database(machine)
            await migrate(url)
            environ = _environ(theirs, machine, url)
            settings = read_settings(environ)
            asterisk_node.prepare(settings)
            await spoken(settings, theirs.prompts, languages)
            await asterisk_on(machine, settings)
            await service_on(machine, environ)
            async with open_storage(url) as storage:
                one = SingleHotline(machine=machine, settings=settings, storage=storage)
                await until_ready(lambda: _ready(one), lambda: _logs(machine))
                yield one
        finally:
            await machine.end()


async def on_postgresql(machine: Machine) -> str:
    """Make a PostgreSQL that is asked by its socket, as one on the machine itself is."""
    folder = machine.folder / "postgres"
    await asyncio.to_thread(folder.mkdir)
    await postgres.prepare_cluster(folder)
    await machine.keeps(program_on(machine, "postgres", postgres.program(folder), folder / "log"))
    return await postgres.ready(folder)


async def on_sqlite(machine: Machine) -> str:
    return f"sqlite:///{machine.folder}/hotline.db"


def _environ(theirs: Folders, machine: Machine, url: str) -> Mapping[str, str]:
    return local_node.own_environ(
        machine.folder,
        theirs.private_root,
        HOTLINE_DATABASE_URL=url,
        HOTLINE_SIP_HOST=machine.address,
        HOTLINE_SIP_PORT=str(SIP),
        HOTLINE_HTTP_HOST=machine.address,
        HOTLINE_HTTP_PORT=str(HTTP),
        HOTLINE_TRUNK_HOST=CITIZENS,
    )


def _logs(machine: Machine) -> Mapping[str, Path]:
    return {log.name: log for log in machine.folder.glob("var/*.log")}


async def _ready(hotline: SingleHotline) -> bool:
    origins: Sequence[str] = [f"http://{hotline.machine.address}:{HTTP}"]
    return is_connected(hotline.settings) and await pages_answer(origins)
