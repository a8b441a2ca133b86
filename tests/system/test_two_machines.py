"""Two machines by what the units of systemd begin, each at its address; one loses its power."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from hotline.dialling.nodes import node_of
from service.node.local_node import free_ports
from service.node.supervisor import BOUND_TO_US
from service.scaled.layout import NODES
from service.settings.settings import read_settings
from storage.store import open_storage
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.phone import Phone
from tests.setup.test_setup import ROOT
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.edge import over_tcp
from tests.system.node import LOOK_SECONDS, node_environ
from tests.system.spoken import spoken_prompts
from tests.system.test_roles import CONNECTED

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly, pytest.mark.timeout(300)]

UNITS = ROOT / "setup" / "systemd"
PARTS = (
    "hotline-asterisk",
    *(f"hotline-part-{one}" for one in ("edge", "telephony", "web@", "scheduler", "media")),
)
HOSTS = {"a": "127.0.0.11", "b": "127.0.0.12"}
SHARED = ("evidence", "recordings", "voices", "imports", "outbox", "asterisk/spool/recording")
"""As docs/operations.md has them on one file system."""


@dataclass(kw_only=True)
class Machine:
    """What runs at one address."""

    name: str
    environ: dict[str, str]
    folder: Path
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def begin(self, part: str) -> None:
        """Begin what the unit of a part begins, in its environment."""
        lines = (UNITS / f"{part}.service").read_text(encoding="utf-8").splitlines()
        told = {name: value for name, _, value in (line.partition("=") for line in lines)}
        argv = told["ExecStart"].replace("/opt/city-hotline", str(ROOT))
        argv = argv.replace("%i", self.environ["HOTLINE_HTTP_PORT"])
        unset = told.get("UnsetEnvironment", "").split()
        with self.log(part).open("ab") as log:
            self.running[part] = await asyncio.create_subprocess_exec(
                *(*BOUND_TO_US, *argv.split()),
                cwd=ROOT,
                env={name: value for name, value in self.environ.items() if name not in unset},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, part: str) -> Path:
        return self.folder / f"{part}.log"

    def said(self, part: str) -> str:
        return self.log(part).read_text(encoding="utf-8", errors="replace")

    async def ready(self) -> bool:
        """Whether its pages say that calls are served."""
        url = f"http://127.0.0.1:{self.environ['HOTLINE_HTTP_PORT']}/health/ready"
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status == 200
        return False

    async def lose_power(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _until(machine: Machine, part: str, words: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in machine.said(part):
            await asyncio.sleep(LOOK_SECONDS)


async def _nodes(machine: Machine, *, calls: int) -> list[str]:
    """The node of each call, the first call first, once so many are on record."""
    async with open_storage(read_settings(machine.environ).database_url) as storage:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found := await storage.calls.recent(10)) < calls:
                await asyncio.sleep(LOOK_SECONDS)
    return [node_of(call.id) for call in reversed(found)]


@pytest.fixture
async def machines(
    cluster: Cluster, migrated_postgres: str, tmp_path: Path
) -> AsyncIterator[dict[str, Machine]]:
    cluster.restart(["-c max_connections=300"])  # as for two machines
    cluster.sql("CREATE DATABASE machines TEMPLATE hotline")
    made: dict[str, Machine] = {}
    try:
        async with over_tcp(cluster.folder / ".s.PGSQL.5432") as database:
            with free_ports(2) as (edge, sip):
                pass
            for name, other in zip(NODES, reversed(NODES), strict=True):
                folder = tmp_path / name
                environ = node_environ(
                    folder,
                    HOTLINE_SIP_PORT=str(sip),
                    HOTLINE_NODE=name,
                    HOTLINE_SIP_HOST=HOSTS[name],
                    HOTLINE_EDGE=",".join(f"{host}:{edge}" for host in HOSTS.values()),
                    HOTLINE_EDGE_NODES=",".join(f"{one}={host}:{sip}" for one, host in HOSTS.items()),
                    HOTLINE_EDGE_HOST=HOSTS[name],
                    HOTLINE_EDGE_PORT=str(edge),
                    HOTLINE_EDGE_PEER=f"{HOSTS[other]}:{edge}",
                    HOTLINE_EDGE_CALLERS="127.0.0.1/32",
                    HOTLINE_DATABASE_URL=cluster.url("machines"),
                    HOTLINE_EDGE_DATABASE_URL=f"postgres://postgres@127.0.0.1:{database}/machines",
                    HOTLINE_DEMO="0",
                    HOTLINE_WEB_CALLS="0",
                )
                made[name] = Machine(name=name, environ=environ, folder=folder)
                await spoken_prompts(folder / "var" / "prompts")
                for shared in SHARED:
                    (tmp_path / "shared" / shared).mkdir(parents=True, exist_ok=True)
                    link = folder / "var" / shared
                    link.parent.mkdir(parents=True, exist_ok=True)
                    link.symlink_to(tmp_path / "shared" / shared)
            try:
                yield made
            finally:
                for one in made.values():
                    await one.lose_power()
    finally:
        cluster.sql("DROP DATABASE machines WITH (FORCE)")


async def test_either_machine_takes_calls_and_the_one_that_is_left_does_all_that_both_did(
    machines: dict[str, Machine],
) -> None:
    a, b = machines["a"], machines["b"]
    for one in (a, b):
        for part in PARTS:
            await one.begin(part)
        await _until(one, "hotline-part-telephony", CONNECTED)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await one.ready():
                await asyncio.sleep(LOOK_SECONDS)
    for part in ("hotline-part-scheduler", "hotline-part-media"):
        assert await b.running[part].wait() != 0, "a's works"
        assert a.running[part].returncode is None

    async with AsyncExitStack() as phones:

        async def calls(at: Machine) -> None:
            phone = await phones.enter_async_context(Phone(user="+380457900001"))
            port = int(at.environ["HOTLINE_EDGE_PORT"])
            await (await phone.call("1580", to=(HOSTS[at.name], port))).answered()

        await calls(a)
        await calls(a)
        assert set(await _nodes(b, calls=2)) == {"a", "b"}
        await a.lose_power()
        for part in ("hotline-part-scheduler", "hotline-part-media"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while "service started roles=" not in b.said(part):  # as systemd does until it stays
                    if b.running[part].returncode is not None:
                        await b.begin(part)
                    await asyncio.sleep(LOOK_SECONDS)
        await calls(b)
        assert (await _nodes(b, calls=3))[-1] == "b"
        assert await b.ready()
