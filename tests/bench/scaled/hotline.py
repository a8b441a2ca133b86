"""A hotline of several machines for one benchmark: nodes, an edge, pages and a database, each apart."""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp

from hotline.errors import HotlineError
from hotline.line.invariants import InAsterisk
from hotline.voice.speech import Language
from service.folders import Folders
from service.node import asterisk_node, edge, local_node
from service.node.edge_control import EdgeAway, EdgeControl, NodeState
from service.node.supervisor import Program
from service.settings.settings import Settings, read_settings
from service.wiring.telephony import ari_address
from storage.migrations import migrate
from storage.store import Storage, open_storage
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen
from telephony.phone.signalling import Address
from tests.bench import postgres
from tests.bench.hotline import READY_SECONDS, cel_rows, left_in, spoken
from tests.bench.progress import tell
from tests.bench.scaled.machine import ROUTER, Machine, city

CITIZENS, DESKS, PROVIDER = ROUTER, "10.77.0.2", "10.77.0.3"
NETWORK = "10.77.0.0/24"
NODES = {"a": "10.77.0.11", "b": "10.77.0.12"}
EDGES = {"edge": "10.77.0.21"}
WEBS = {"web1": "10.77.0.31", "web2": "10.77.0.32"}
DATABASES = {"database": "10.77.0.41"}
SIP, HTTP, SQL = 5060, 8080, 5432
CONNECTED = "asterisk connected"
ASTERISK, TELEPHONY, WEB, KAMAILIO, POSTGRES = "asterisk.conf", "telephony", "web", "", ""
"""The end of its command line, by which each is known on its machine; one that is alone there needs none."""
LOOK_SECONDS = 0.2
_MOMENT = re.compile(r"[0-9]+\.[0-9]+")
_LOGGED = ("sh", "-c", 'exec >>"$0" 2>&1; exec "$@"')


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledHotline:
    """All that runs. `storage` is the benchmark's own, by a socket: it sees a database that is cut off."""

    machines: Mapping[str, Machine]
    nodes: Mapping[str, Settings]
    edge: EdgeControl
    database: Path
    storage: Storage
    kept: Path

    @property
    def settings(self) -> Settings:
        return next(iter(self.nodes.values()))

    @property
    def registrar(self) -> Address:
        return next(iter(EDGES.values())), SIP

    @property
    def citizens_from(self) -> str:
        return CITIZENS

    @property
    def desks_from(self) -> str:
        return DESKS

    @property
    def origin(self) -> str:
        return self.origins[0]

    @property
    def origins(self) -> Sequence[str]:
        return [f"http://{address}:{HTTP}" for address in WEBS.values()]

    def cel_rows(self) -> list[Mapping[str, str]]:
        """All nodes' accounts, the oldest event first; a disk that is full tears rows, which tell nothing."""
        rows = [row for node in self.nodes.values() for row in cel_rows(node)]
        whole = [row for row in rows if row["extra"] is not None and _MOMENT.fullmatch(row["eventtime"])]
        return sorted(whole, key=lambda row: float(row["eventtime"]))

    def logs(self) -> Mapping[str, Path]:
        machines = self.machines.items()
        return {f"{name}-{log.name}": log for name, one in machines for log in one.folder.glob("var/*.log")}

    async def in_asterisk(self) -> InAsterisk:
        found = [await self.machines[name].does(_seen(node)) for name, node in self.nodes.items()]
        return InAsterisk(
            channels={name: living for one in found for name, living in one.channels.items()},
            bridges=[bridge for one in found for bridge in one.bridges],
        )

    async def left(self, what: str) -> Sequence[str]:
        found = [await self.machines[name].does(left_in(node, what)) for name, node in self.nodes.items()]
        return [one for ids in found for one in ids]


@asynccontextmanager
async def scaled_hotline(
    theirs: Folders, languages: Iterable[Language], more: Mapping[str, str], *, moved_clocks: bool = True
) -> AsyncIterator[ScaledHotline]:
    """Bring all machines up; all is gone afterwards. `more` are `HOTLINE_…` variables of all of them.

    `moved_clocks`: programs follow a clock that can be moved, which costs them something.
    The process has to be apart from the machine it runs on (`apart_from_the_machine`).
    """
    machines = [*DATABASES.items(), *NODES.items(), *EDGES.items(), *WEBS.items()]
    with tempfile.TemporaryDirectory(prefix="hb-") as name:
        let_all_by(Path(name))
        async with city(Path(name), machines, DESKS, PROVIDER) as made:
            for machine in made.values():
                machine.follows_clock = moved_clocks
            database = made["database"].folder / "postgres"
            url = await _database(made["database"], database)
            environ = partial(_environ, theirs, more)
            nodes = await _nodes(made, environ, theirs, languages)
            control = await _edge(made["edge"], environ)
            for index, web in enumerate(WEBS):
                await service_on(made[web], environ(made[web]), "web,scheduler,media" if not index else WEB)
            async with open_storage(url) as storage:
                one = ScaledHotline(
                    machines=made,
                    nodes=nodes,
                    edge=control,
                    database=database,
                    storage=storage,
                    kept=theirs.var / "bench",
                )
                await until_ready(partial(_all_ready, one), one.logs)
                yield one


def let_all_by(folder: Path) -> None:
    """Let PostgreSQL's user come by, to a folder of its own in this one."""
    folder.chmod(0o755)


def _environ(theirs: Folders, more: Mapping[str, str], machine: Machine, **own: str) -> dict[str, str]:
    database = next(iter(DATABASES.values()))
    return local_node.own_environ(
        machine.folder,
        theirs.private_root,
        **{
            "HOTLINE_DATABASE_URL": f"postgresql://{postgres.USER}@{database}:{SQL}/hotline",
            "HOTLINE_EDGE": f"{next(iter(EDGES.values()))}:{SIP}",
            "HOTLINE_EDGE_NODES": ",".join(f"{name}={address}:{SIP}" for name, address in NODES.items()),
            "HOTLINE_SIP_HOST": machine.address,
            "HOTLINE_SIP_PORT": str(SIP),
            "HOTLINE_HTTP_HOST": machine.address,
            "HOTLINE_HTTP_PORT": str(HTTP),
            "HOTLINE_TRUNK_HOST": PROVIDER,
            **more,
            **own,
        },
    )


async def _database(machine: Machine, folder: Path) -> str:
    tell("making the database")
    await asyncio.to_thread(folder.mkdir)
    await postgres.prepare_cluster(folder)
    postgres.trust(folder, NETWORK)
    await machine.keeps(
        program_on(machine, "postgres", postgres.program(folder, machine.address), folder / "log")
    )
    url = await postgres.ready(folder)
    await migrate(url)
    return url


async def _nodes(
    made: Mapping[str, Machine],
    environ: partial[dict[str, str]],
    theirs: Folders,
    languages: Iterable[Language],
) -> dict[str, Settings]:
    environs = {name: environ(made[name], HOTLINE_NODE=name) for name in NODES}
    nodes = {name: read_settings(one) for name, one in environs.items()}
    first, *others = nodes.values()
    for one in nodes.values():
        asterisk_node.prepare(one)
    await spoken(first, theirs.prompts, languages)
    for one in others:
        await asyncio.to_thread(
            shutil.copytree, first.folders.prompts, one.folders.prompts, dirs_exist_ok=True
        )
    tell("starting Asterisk and the service of each node")
    for name, settings in nodes.items():
        await asterisk_on(made[name], settings)
    for name, given in environs.items():
        await service_on(made[name], given, TELEPHONY)
    return nodes


async def _edge(machine: Machine, environ: partial[dict[str, str]]) -> EdgeControl:
    address = next(iter(DATABASES.values()))
    settings = read_settings(
        environ(
            machine,
            HOTLINE_EDGE_HOST=machine.address,
            HOTLINE_EDGE_PORT=str(SIP),
            HOTLINE_EDGE_CALLERS=f"{CITIZENS}/32",
            HOTLINE_DESK_NETWORKS=f"{DESKS}/32",
            HOTLINE_EDGE_DATABASE_URL=f"postgres://{postgres.USER}@{address}:{SQL}/hotline",
        )
    )
    edge.prepare(settings)
    log = settings.folders.var / "kamailio.log"
    await machine.keeps(program_on(machine, "kamailio", edge.program(settings), log))
    return EdgeControl(edge.control_socket(settings))


async def asterisk_on(machine: Machine, settings: Settings) -> None:
    """Keep the prepared Asterisk of these settings running there."""
    other_ports = partial(asterisk_node.take_other_sound_ports, settings)
    log = settings.folders.var / "asterisk.log"
    program = asterisk_node.program(settings)
    await machine.keeps(program_on(machine, "asterisk", program, log, before=other_ports))


async def service_on(machine: Machine, environ: Mapping[str, str], roles: str = "") -> None:
    """Keep a process with these roles running there; without any it has all of them."""
    command = ("env", *(f"{name}={value}" for name, value in environ.items() if name.startswith("HOTLINE_")))
    serve = (sys.executable, "-m", "service", "serve", *(("--role", roles) if roles else ()))
    log = machine.folder / "var" / "service.log"
    log.parent.mkdir(exist_ok=True)
    await machine.keeps(program_on(machine, "service", (*command, *serve), log, watched=True))


def program_on(
    machine: Machine,
    name: str,
    command: Sequence[str],
    log: Path,
    *,
    watched: bool = False,
    before: Callable[[], None] | None = None,
) -> Program:
    """Give a program of this machine: it follows its clock, and writes to its disk."""
    without = [part for one in os.environ if one.startswith("HOTLINE_") for part in ("-u", one)]
    followed = machine.clock.environ if machine.follows_clock else {}
    clock = (f"{key}={value}" for key, value in followed.items())
    argv = (*_LOGGED, str(log), "env", *without, *clock, *command)
    return Program(name=f"{machine.name}-{name}", argv=argv, watched=watched, before=before)


async def _seen(node: Settings) -> InAsterisk:
    async with reading(ari_address(node)) as ari:
        return await seen(ari)


async def until_ready(ready: Callable[[], Awaitable[bool]], logs: Callable[[], Mapping[str, Path]]) -> None:
    """Wait for it. Raises NotReady."""
    tell("waiting until all is ready")
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not await ready():  # noqa: ASYNC110 - other processes become ready
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError as error:
        read = logs().items()
        said = [f"{name}:\n{log.read_text('utf-8', errors='replace')[-3000:]}" for name, log in read]
        raise NotReady("\n".join(["The machines are not ready in time:", *said])) from error


class NotReady(HotlineError):  # noqa: N818 - reads as what happened
    """A part of the hotline did not come up; the message holds what all of them wrote."""

    code = "not-ready"


async def _all_ready(hotline: ScaledHotline) -> bool:
    if not all(map(is_connected, hotline.nodes.values())):
        return False
    try:
        states = {one.name: one.state for one in await hotline.edge.nodes()}
    except EdgeAway:
        return False
    return states == dict.fromkeys(NODES, NodeState.TAKES_CALLS) and await pages_answer(hotline.origins)


def is_connected(node: Settings) -> bool:
    """Tell whether the service has had its Asterisk, by its log."""
    log = node.folders.var / "service.log"
    return log.exists() and CONNECTED in log.read_text(encoding="utf-8", errors="replace")


async def pages_answer(origins: Sequence[str]) -> bool:
    """Tell whether all of these processes of pages say that they are ready."""
    async with aiohttp.ClientSession() as session:
        for origin in origins:
            try:
                async with session.get(f"{origin}/health/ready") as answer:
                    if not answer.ok:
                        return False
            except aiohttp.ClientError:
                return False
    return True
