"""A hotline of several machines for one benchmark: nodes, an edge, pages and a database, each apart."""

import asyncio
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

import aiohttp
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hotline.errors import HotlineError
from hotline.line.invariants import InAsterisk
from hotline.voice.speech import Language
from service.folders import Folders
from service.node import asterisk_node, edge, local_node
from service.node.edge_control import EdgeAway, EdgeControl, NodeState
from service.node.supervisor import Program
from service.settings.settings import Settings, read_settings
from service.wiring.telephony import ari_address
from storage.core.advisory_locks import AdvisoryLock, of_node
from storage.migrations import migrate
from storage.store import Storage, open_storage
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen
from telephony.phone.signalling import Address
from tests.bench import postgres
from tests.bench.hotline import READY_SECONDS, cel_rows, left_in, spoken
from tests.bench.progress import tell
from tests.bench.scaled.database_pair import DatabasePair
from tests.bench.scaled.machine import ROUTER, Machine, city
from tests.bench.scaled.moving import Moving, keepalived

CITIZENS, DESKS, PROVIDER = ROUTER, "10.77.0.2", "10.77.0.3"
EDGE, DATABASE, STANDBY = "edge", "database", "standby"
NETWORK = "10.77.0.0/24"
NODES = {"a": "10.77.0.11", "b": "10.77.0.12"}
EDGES = {EDGE: "10.77.0.21", "edge2": "10.77.0.22"}
MOVING = "10.77.0.20"
"""The one address of both edges."""
WEBS = {"web1": "10.77.0.31", "web2": "10.77.0.32"}
DATABASES = {DATABASE: "10.77.0.41", "database2": "10.77.0.42"}
SIP, HTTP, SQL = 5060, 8080, 5432
CONNECTED = "asterisk connected"
ASTERISK, TELEPHONY, WEB, KAMAILIO = "asterisk.conf", "telephony", "web", "kamailio.cfg"
WEB_AND_MORE = "web,scheduler,media"
"""A word, or the name of a file, of its command line, by which each is known on its machine."""
LOOK_SECONDS = 0.2
LEFT_EVERY = 3.0
WHOLE_SECONDS = 60.0
_HELD = text(
    "SELECT (classid::bigint << 32) + objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"
)
_MOMENT = re.compile(r"[0-9]+\.[0-9]+")
_LOGGED = ("sh", "-c", 'exec >>"$0" 2>&1; exec "$@"')


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledHotline:
    """All that runs. `storage` is the benchmark's own."""

    machines: Mapping[str, Machine]
    nodes: Mapping[str, Settings]
    edges: Sequence[EdgeControl]
    moving: Moving | None
    """None: there is one edge."""
    databases: DatabasePair | None
    """None: there is one database."""
    storage: Storage
    kept: Path

    @property
    def edge(self) -> EdgeControl:
        return self.edges[0]

    @property
    def settings(self) -> Settings:
        return next(iter(self.nodes.values()))

    @property
    def registrar(self) -> Address:
        return (MOVING if self.moving else next(iter(EDGES.values()))), SIP

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

    async def machine(self, name: str) -> Machine:
        """Give the machine of this name; of a pair, the one that leads, or with `STANDBY` the other."""
        if self.moving is not None and name == EDGE:
            return self.moving.owner
        if self.databases is not None and name in {DATABASE, STANDBY}:
            return await (self.databases.primary() if name == DATABASE else self.databases.standby())
        return self.machines[name]

    async def whole_again(self) -> None:
        """Wait until every part does its work again: each hit is the only one."""
        since = time.monotonic()
        away = ["not looked yet"]
        while away and time.monotonic() - since < WHOLE_SECONDS:
            away = await self._away()
            await asyncio.sleep(LOOK_SECONDS)
        if away:
            tell(f"NOT WHOLE after {WHOLE_SECONDS:.0f} s: {', '.join(away)}")
        elif (seconds := time.monotonic() - since) > 1:
            tell(f"all is whole after {seconds:.0f} s more")

    async def _away(self) -> list[str]:
        """Name what does not do its work."""
        try:
            async with self.storage.database.reading() as connection:
                held = {int(one) for one in (await connection.execute(_HELD)).scalars()}
        except (SQLAlchemyError, OSError) as error:
            return [f"the database ({error})"]
        away = [f"node {one}" for one in self.nodes if of_node(AdvisoryLock.SERVING, one) not in held]
        if self.databases is not None and not await self.databases.is_whole():
            away.append("the standby")
        return [*away, *([] if await _takes_calls(self) else ["an edge"])]

    def cel_rows(self) -> list[Mapping[str, str]]:
        """All nodes' accounts, the oldest event first; a disk that is full tears rows, which tell nothing."""
        rows = [row for node in self.nodes.values() for row in cel_rows(node)]
        whole = [row for row in rows if row["extra"] is not None and _MOMENT.fullmatch(row["eventtime"])]
        return sorted(whole, key=lambda row: float(row["eventtime"]))

    def logs(self) -> Mapping[str, Path]:
        machines = self.machines.items()
        places = ("var/*.log", "*.log", "keepalived/log")
        return {
            f"{name}-{log.name}": log
            for name, one in machines
            for at in places
            for log in one.folder.glob(at)
        }

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
    theirs: Folders,
    languages: Iterable[Language],
    more: Mapping[str, str],
    *,
    moved_clocks: bool = True,
    pairs: bool = False,
) -> AsyncIterator[ScaledHotline]:
    """Bring all machines up; all is gone afterwards. `more` are `HOTLINE_…` variables of all of them.

    `moved_clocks`: programs follow a clock that can be moved, which costs them something. `pairs`: there are
    two edges and two databases, where one dies and the other takes over.
    The process has to be apart from the machine it runs on (`apart_from_the_machine`).
    """
    several = len(NODES) if pairs else 1
    edges, databases = (dict([*one.items()][:several]) for one in (EDGES, DATABASES))
    machines = [*databases.items(), *edges.items(), *NODES.items(), *WEBS.items()]
    with tempfile.TemporaryDirectory(prefix="hb-") as name:
        let_all_by(Path(name))
        async with city(Path(name), machines, DESKS, PROVIDER) as made:
            for machine in made.values():
                machine.follows_clock = moved_clocks
            pair = DatabasePair({one: made[one] for one in databases}, made[EDGE], NETWORK)
            url, reached = await _databases(pair) if pairs else await _database(made[DATABASE])
            environ = partial(_environ, theirs, {**reached, **_known(edges, moves=pairs), **more})
            nodes = await _nodes(made, environ, theirs, languages)
            controls = [await _edge(made[one], environ, edges) for one in edges]
            async with _moving(made, edges) if pairs else nullcontext() as moving:
                for index, web in enumerate(WEBS):
                    await service_on(made[web], environ(made[web]), WEB if index else WEB_AND_MORE)
                async with open_storage(url) as storage, _at_the_primary(storage):
                    one = ScaledHotline(
                        machines=made,
                        nodes=nodes,
                        edges=controls,
                        moving=moving,
                        databases=pair if pairs else None,
                        storage=storage,
                        kept=theirs.var / "bench",
                    )
                    await until_ready(partial(_all_ready, one), one.logs)
                    yield one


@asynccontextmanager
async def _moving(made: Mapping[str, Machine], edges: Mapping[str, str]) -> AsyncIterator[Moving]:
    """Have keepalived move one address between the edges, for the time of the block."""
    first, second = (made[one] for one in edges)
    for machine, other in ((first, second), (second, first)):
        command = keepalived(machine, other.address, MOVING, first=machine is first)
        await machine.keeps(program_on(machine, "keepalived", command, machine.folder / "keepalived" / "log"))
    moving = Moving(MOVING, (first, second))
    following = asyncio.create_task(moving.follow())
    try:
        yield moving
    finally:
        following.cancel()
        await asyncio.wait([following])


@asynccontextmanager
async def _at_the_primary(storage: Storage) -> AsyncIterator[None]:
    """Have the benchmark's own connections leave a database that was replaced, as each service does."""

    async def leave() -> NoReturn:
        while True:
            await asyncio.sleep(LEFT_EVERY)
            with suppress(SQLAlchemyError, OSError):
                await storage.database.leave_replaced()

    leaving = asyncio.create_task(leave())
    try:
        yield
    finally:
        leaving.cancel()
        await asyncio.wait([leaving])


def let_all_by(folder: Path) -> None:
    """Let PostgreSQL's user come by, to a folder of its own in this one."""
    folder.chmod(0o755)


def _environ(theirs: Folders, more: Mapping[str, str], machine: Machine, **own: str) -> dict[str, str]:
    return local_node.own_environ(
        machine.folder,
        theirs.private_root,
        **{
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


def _known(edges: Mapping[str, str], *, moves: bool) -> Mapping[str, str]:
    """Tell where the edges are: nodes reach desks by each, and calls come from the moved address."""
    addresses = [*edges.values(), *([MOVING] if moves else [])]
    return {"HOTLINE_EDGE": ",".join(f"{one}:{SIP}" for one in addresses)}


async def _database(machine: Machine) -> tuple[str, Mapping[str, str]]:
    """Begin one alone; give how the benchmark reaches it, and how all others do."""
    tell("making the database")
    folder = machine.folder / "postgres"
    await asyncio.to_thread(folder.mkdir)
    await postgres.prepare_cluster(folder)
    postgres.trust(folder, NETWORK)
    await machine.keeps(
        program_on(machine, "postgres", postgres.program(folder, machine.address), folder / "log")
    )
    url = await postgres.ready(folder)
    await migrate(url)
    there = f"{postgres.USER}@{machine.address}:{SQL}/hotline"
    return url, {
        "HOTLINE_DATABASE_URL": f"postgresql://{there}",
        "HOTLINE_EDGE_DATABASE_URL": f"postgres://{there}",
    }


async def _databases(pair: DatabasePair) -> tuple[str, Mapping[str, str]]:
    """Begin two under Patroni; the same."""
    tell("making the databases")
    await asyncio.to_thread(pair.prepare)
    for machine in pair.voters:
        await machine.keeps(program_on(machine, "etcd", pair.etcd(machine), machine.folder / "etcd.log"))
    for machine in pair.machines:
        machine.ends_at_once = True
        await machine.keeps(
            program_on(machine, "patroni", pair.patroni(machine), machine.folder / "patroni.log")
        )
    await pair.ready()
    await migrate(pair.url)
    return pair.url, {"HOTLINE_DATABASE_URL": pair.url, "HOTLINE_EDGE_DATABASE_URL": pair.edge_url}


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


async def _edge(machine: Machine, environ: partial[dict[str, str]], edges: Mapping[str, str]) -> EdgeControl:
    others = [one for name, one in edges.items() if name != machine.name]
    pair = {"HOTLINE_EDGE_MOVING": MOVING, "HOTLINE_EDGE_PEER": f"{others[0]}:{SIP}"} if others else {}
    settings = read_settings(
        environ(
            machine,
            HOTLINE_EDGE_HOST=machine.address,
            HOTLINE_EDGE_PORT=str(SIP),
            HOTLINE_EDGE_CALLERS=f"{CITIZENS}/32",
            HOTLINE_DESK_NETWORKS=f"{DESKS}/32",
            **pair,
        )
    )
    edge.prepare(settings)
    log = settings.folders.var / "kamailio.log"
    await machine.keeps(program_on(machine, "kamailio", edge.program(settings), log))
    return EdgeControl(edge.control_socket(settings))


async def asterisk_on(machine: Machine, settings: Settings) -> None:
    """Keep the prepared Asterisk of these settings running there."""
    each_start = partial(asterisk_node.before_a_start, settings)
    log = settings.folders.var / "asterisk.log"
    program = asterisk_node.program(settings)
    await machine.keeps(program_on(machine, "asterisk", program, log, before=each_start))


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
    if hotline.moving is not None and not hotline.moving.owner.has(MOVING):
        return False
    if not all(map(is_connected, hotline.nodes.values())):
        return False
    return await _takes_calls(hotline) and await pages_answer(hotline.origins)


async def _takes_calls(hotline: ScaledHotline) -> bool:
    """Whether each edge gives calls to every node."""
    for edge_control in hotline.edges:
        try:
            states = {one.name: one.state for one in await edge_control.nodes()}
        except EdgeAway:
            return False
        if states != dict.fromkeys(NODES, NodeState.TAKES_CALLS):
            return False
    return True


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
