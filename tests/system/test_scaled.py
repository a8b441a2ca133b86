"""`./start --scaled` from the making of its database to Ctrl-C: two of each part behind one address."""

import asyncio
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import aiohttp
import pytest

from hotline.calls.call import CallRecord
from hotline.dialling.nodes import node_of
from service.settings.settings import Settings, read_settings
from storage.store import open_storage
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.phone import Phone
from tests.system.node import LOOK_SECONDS
from tests.system.spoken import PRIVATE_ROOT, PROMPTS, keep_spoken
from tests.system.test_doctor import ALL, UNNAMED

ROOT = Path(__file__).resolve().parents[2]
USER = "hotline"


def has_user() -> bool:
    """Tell whether we are root and that user is there: PostgreSQL does not run as root."""
    with suppress(KeyError):
        return os.geteuid() == 0 and pwd.getpwnam(USER).pw_uid > 0
    return False


pytestmark = [
    *(pytest.mark.system, pytest.mark.nightly, pytest.mark.timeout(300)),
    pytest.mark.skipif(not has_user(), reason="needs root, and the user that ./start makes for the hotline"),
]

PARTS = "common packages voices asterisk environment secrets ports service_user edge scaled"
STEPS = """
for part in {parts}; do source setup/$part.sh; done
hotline=$HOTLINE_VENV/bin/hotline
need_scaled_ports
need_service_user
"${{by_service_user[@]}}" bash -euc "$(declare -f need_secrets); need_secrets ari ami"
need_own_database
migrate_database
stop_own_database
exec "${{by_service_user[@]}}" "$hotline" up --scaled
"""
RUNNING = "The hotline is running"
SECONDS = 120
"""A start of ten programs on a machine that others use."""
PORTS = {"HTTP": 0, "SIP": 3, "ARI": 22, "AMI": 24, "AGI": 26, "POSTGRES": 28}
"""Within a block of ports that nobody has: each part's follow from these."""
BLOCK = 30


def free_block() -> int:
    """Find as many ports beside one another; above them lie those of outgoing connections."""
    while True:
        first = secrets.choice(range(30000, 32700))
        with suppress(OSError), ExitStack() as held:
            for port, kind in product(range(first, first + BLOCK), (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
                held.enter_context(socket.socket(socket.AF_INET, kind)).bind(("127.0.0.1", port))
            return first


@dataclass(kw_only=True)
class Whole:
    """What was begun, by its own words and as others reach it."""

    process: asyncio.subprocess.Process
    printed: Path
    environ: Mapping[str, str]
    phones: AsyncExitStack

    @property
    def said(self) -> str:
        return self.printed.read_text(encoding="utf-8", errors="replace")

    @property
    def settings(self) -> Settings:
        return read_settings(self.environ)

    def pids(self) -> Mapping[str, int]:
        """The latest process of each program."""
        return {name: int(pid) for name, pid in re.findall(r"started program=(\S+) pid=(\d+)", self.said)}

    async def until(self, holds: Callable[[], Awaitable[object] | object]) -> None:
        async with asyncio.timeout(SECONDS):
            while True:
                held = holds()
                if await held if isinstance(held, Awaitable) else held:
                    return
                assert self.process.returncode is None, self.said
                await asyncio.sleep(LOOK_SECONDS)

    async def calls(self) -> list[CallRecord]:
        async with open_storage(self.settings.database_url) as storage:
            return list(reversed(await storage.calls.recent(100)))

    async def citizen(self, number: str, edge: int) -> None:
        """Somebody calls by this edge, is answered, and stays."""
        port = self.settings.sip_port + 2 * (edge - 1)
        phone = await self.phones.enter_async_context(Phone(user=number))
        await (await phone.call(self.settings.number, to=("127.0.0.1", port))).answered()

    async def pages_are_ready(self) -> bool:
        url = f"http://127.0.0.1:{self.settings.http_port}/health/ready"
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status == 200
        return False

    async def command(self, *words: str) -> str:
        """Give what it has written; nothing when it failed."""
        asked = await asyncio.create_subprocess_exec(
            *(".venv/bin/hotline", *words), env=self.environ, cwd=ROOT, stdout=subprocess.PIPE
        )
        told, _ = await asked.communicate()
        return told.decode() if asked.returncode == 0 else ""

    async def doctor(self) -> tuple[int | None, str]:
        """The code with which it ends, and what it tells."""
        environ = {**self.environ, "LC_ALL": "en_US.UTF-8"}
        asked = await asyncio.create_subprocess_exec(
            *(".venv/bin/hotline", "doctor"), env=environ, cwd=ROOT, stdout=subprocess.PIPE
        )
        told, _ = await asked.communicate()
        return asked.returncode, told.decode()

    async def edges_answer(self) -> bool:
        return bool(await self.command("edge", "show"))


@pytest.fixture
async def whole() -> AsyncIterator[Whole]:
    await keep_spoken()
    made = Path(tempfile.mkdtemp(dir="/tmp", prefix="scaled-"))
    made.chmod(0o755)
    first, var = free_block(), made / "var"
    shutil.copytree(PROMPTS, var / "prompts", ignore=shutil.ignore_patterns(".*"))
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        **{f"HOTLINE_{name}_PORT": str(first + at) for name, at in PORTS.items()},
        "HOTLINE_VAR": str(var),
        "HOTLINE_PRIVATE_ROOT": str(PRIVATE_ROOT),
        "HOTLINE_USER": USER,
        "HOTLINE_LEASE_SECONDS": "60",
    }
    printed = made / "printed"
    with printed.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *("/bin/bash", "-euo", "pipefail", "-c", STEPS.format(parts=PARTS)),
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        async with AsyncExitStack() as phones:
            one = Whole(process=process, printed=printed, environ=environ, phones=phones)
            await one.until(lambda: RUNNING in one.said)
            yield one
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        shutil.rmtree(made)


async def test_two_of_each_part_run_behind_one_address_outlive_one_another_and_end_together(
    whole: Whole,
) -> None:
    programs = {"postgresql", "asterisk-a", "asterisk-b", "edge-1", "edge-2", "telephony-a", "telephony-b"}
    assert whole.pids().keys() == programs | {"scheduler", "web-1", "web-2", "front"}
    table = await whole.command("edge", "show")
    assert [line.split()[0::3] for line in table.splitlines()[1:5]] == [
        ["1", "active"], ["1", "active"], ["2", "active"], ["2", "active"],
    ]  # fmt: skip

    log = whole.printed
    await whole.until(lambda: log.read_text(errors="replace").count("asterisk connected") >= 2)
    await whole.citizen("+380457900001", 1)
    await whole.citizen("+380457900002", 1)
    await whole.command("edge", "drain", "a")
    await whole.citizen("+380457900003", 2)
    await whole.command("edge", "return", "a")

    async def all_on_record() -> bool:
        return len(await whole.calls()) == 3

    await whole.until(all_on_record)
    nodes = [node_of(call.id) for call in await whole.calls()]
    assert set(nodes[:2]) == {"a", "b"}, "each has one"
    assert nodes[2] == "b", "drained at both edges"

    code, told = await whole.doctor()
    for node in ("a", "b"):
        assert f"✓ the service hears the events of Asterisk on node {node}\n" in told
    broken, asked = 1 + UNNAMED, ALL + 1  # no rule for emergencies; of each node it is asked if it is served
    assert (code, told.splitlines()[-1]) == (1, f"Broken: {broken} of {asked}.")

    first = whole.pids()["web-1"]
    os.kill(first, signal.SIGKILL)
    assert await whole.pages_are_ready()
    killed = {name: whole.pids()[name] for name in ("edge-1", "front")}
    for one in killed.values():
        os.kill(one, signal.SIGKILL)
    await whole.citizen("+380457900004", 2)
    await whole.until(lambda: not {"web-1": first, **killed}.items() & whole.pids().items())
    await whole.until(whole.pages_are_ready)
    await whole.until(whole.edges_answer)
    await whole.citizen("+380457900005", 1)

    pids = whole.pids().values()
    whole.process.terminate()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await whole.process.wait() == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert "ended program=telephony" not in whole.said, "nothing began twice but what was killed"
