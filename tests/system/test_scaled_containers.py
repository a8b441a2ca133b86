"""docker-compose.scaled.yml as docs/operations.md says, really run: two shares, Kamailio before them."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telephony.agi.server import WORD
from tests.system.booted import steps
from tests.system.containers import (
    INSIDE_UID,
    Engine,
    build,
    make_bases,
    needs_tools,
    running_engine,
)

pytestmark = [pytest.mark.nightly, pytest.mark.system, pytest.mark.timeout(3600)]

IMAGES = {
    "postgres": ("--file", "docker/postgres.Dockerfile"),
    "asterisk": ("--file", "docker/asterisk.Dockerfile"),
    "service": ("--file", "docker/service.Dockerfile"),
    "edge": ("--file", "docker/service.Dockerfile", "--target", "edge"),
}
A, B = "127.0.0.11", "127.0.0.12"
PROJECTS = {"a": "city-hotline", "b": "city-hotline-b"}
PARTS = {"a": "edge,node,web,rounds", "b": "node"}
OF_B = {
    "HOTLINE_NODE": "b", "HOTLINE_SIP_HOST": B, "HOTLINE_ARI_PORT": "8089", "HOTLINE_AMI_PORT": "5039",
    "HOTLINE_AGI_PORT": "4574", "HOTLINE_RTP_FIRST": "14000", "HOTLINE_RTP_LAST": "14399",
}  # fmt: skip
"""What differs on the second, which has its own addresses on the one computer."""
NOT_IN_CONTAINERS = (
    "VAR",
    "HTTP_HOST",
    "DATABASE_URL_FILE",
    "EDGE_DATABASE_URL_FILE",
    "EDGE_MOVING",
    "EDGE_PEER",
)
"""The last two: there is one Kamailio here."""
OWNER, EDGE = "one-password", "another-password"
ADDRESSES = {
    "database_url": f"postgresql+asyncpg://hotline:{OWNER}@127.0.0.1/hotline",
    "edge_database_url": f"postgres://edge:{EDGE}@127.0.0.1/hotline",
}
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 300
SAID = "відповіли"
ASKS_AGI = r"""
import socket
asking = socket.create_connection(("127.0.0.1", 4573), timeout=30)
asking.sendall(b"agi_network: yes\nagi_network_script: caller\nagi_callerid: 0457900001\n\n200 result=0\n")
print(b"".join(iter(lambda: asking.recv(4096), b"")).decode())
"""
"""Asks whose number it is, as any program can that sees the host's loopback."""


def settings(machine: str) -> str:
    """Give the lines of step 3 for this machine."""
    text = (
        steps("two machines, settings")
        .replace("192.0.2.", "127.0.0.")
        .replace("198.51.100.0/24", "127.0.0.1/32")
    )
    lines = dict(line.split("=", 1) for line in text.splitlines())
    lines["HOTLINE_EDGE"] = f"{A}:5060"
    lines |= OF_B if machine == "b" else {}
    return "".join(
        f"{name}={value}\n"
        for name, value in lines.items()
        if name.removeprefix("HOTLINE_") not in NOT_IN_CONTAINERS
    )


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """Podman, whose containers on "the host's network" are in one that has loopback alone."""
    async with running_engine(tmp_path) as engine:
        await make_bases(engine)
        await build(engine, IMAGES)
        network = await asyncio.create_subprocess_exec("unshare", "--net", "sleep", "infinity")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while _network(network.pid) == _network(os.getpid()):
                    await asyncio.sleep(LOOK_SECONDS)
            engine.apart = ("nsenter", f"--net=/proc/{network.pid}/ns/net")
            await engine.run("ip", "link", "set", "lo", "up")
            yield engine
            engine.apart = ()
        finally:
            network.kill()
            await network.wait()


def _network(pid: int) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


async def _compose(engine: Engine, machine: str, parts: str, *words: str) -> str:
    there = engine.tree if machine == "a" else engine.folder / "tree-b"
    return await engine.run(
        *("env", "-C", str(there), "setup/compose.sh", "--no-build", *words),
        HOTLINE_SCALED=parts, HOTLINE_UID=str(INSIDE_UID),
    )  # fmt: skip


async def _until(engine: Engine, words: str, *command: str) -> str:
    """Wait until the command says these words; what it said."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with contextlib.suppress(AssertionError):
                if re.search(words, said := await engine.run(*command), re.DOTALL):
                    return said
            await asyncio.sleep(LOOK_SECONDS)


async def _calls(engine: Engine) -> str:
    """Call by Kamailio, from the provider's network, which is this computer's own."""
    inside = (
        "--env",
        f"HOTLINE_SIP_HOST={A}",
        "--env",
        "HOTLINE_SIP_PORT=5060",
        "--env",
        "LC_ALL=uk_UA.UTF-8",
    )
    call = ("hotline", "citizen", "--keys", "1", "--seconds", "12")
    return await engine.run("podman", "exec", *inside, await engine.container("web"), *call)


async def _set_up(engine: Engine) -> None:
    """Make the database, what belongs to each machine, and the tables."""
    database = ("--env", "POSTGRES_USER=postgres", "--env", "POSTGRES_DB=city", "--env", "PGDATA=/tmp/pg")
    secret = engine.folder / "superuser"
    secret.write_text("superuser", encoding="utf-8")
    secret.chmod(0o644)
    mounted = ("--volume", f"{secret}:/run/superuser:ro", "--env", "POSTGRES_PASSWORD_FILE=/run/superuser")
    run = (
        "podman",
        "run",
        "--detach",
        "--name",
        "database",
        "--network",
        "host",
        "--tmpfs",
        "/run/postgresql:mode=1777",
    )
    await engine.run(*run, *database, *mounted, "localhost/city-hotline-postgres")
    psql = ("podman", "exec", "database", "psql", "-U", "postgres", "-v", "ON_ERROR_STOP=1")
    await _until(engine, "1", *psql, "-d", "city", "-Atc", "SELECT 1")
    for line in steps("database").splitlines():
        await engine.run(*psql, "-d", "postgres", "-c", line)

    other = engine.folder / "tree-b"
    shutil.copytree(engine.tree, other, symlinks=True)
    compose = other / "docker-compose.scaled.yml"
    compose.write_text(
        compose.read_text("utf-8").replace(f"name: {PROJECTS['a']}", f"name: {PROJECTS['b']}"), "utf-8"
    )
    for machine, tree in (("a", engine.tree), ("b", other)):
        (tree / "var" / "secrets").mkdir(parents=True)
        (tree / "var" / "settings.env").write_text(settings(machine), encoding="utf-8")
        for name, address in ADDRESSES.items():
            (tree / "var" / "secrets" / name).write_text(address, encoding="utf-8")
    await _compose(engine, "a", "migrate")
    grant = next(line for line in steps("first machine, set up").splitlines() if "GRANT" in line).split("'")[
        -2
    ]
    await engine.run(*psql, "-d", "hotline", "-c", grant)
    shutil.copytree(engine.tree / "var" / "secrets", other / "var" / "secrets", dirs_exist_ok=True)


@needs_tools
async def test_two_nodes_behind_kamailio_take_calls_and_one_is_killed_and_comes_back(engine: Engine) -> None:
    await _set_up(engine)
    pulse = asyncio.create_task(engine.pulse())
    try:
        for machine, parts in PARTS.items():
            await _compose(engine, machine, parts, "--detach")
        edge, asterisk = await engine.container("edge"), await engine.container("asterisk")
        both = ("podman", "exec", edge, "hotline", "edge", "show")
        await _until(engine, r"(\bactive\b.*){2}", *both)
        ready = ("podman", "exec", await engine.container("web"), "python", "-c")
        page = "http://127.0.0.1:8080/health/ready"
        await _until(engine, "200", *ready, f"import urllib.request as r; print(r.urlopen('{page}').status)")
        assert SAID in await _calls(engine)

        pid = await engine.run("podman", "inspect", "--format", "{{.State.Pid}}", asterisk)
        os.kill(int(pid), signal.SIGKILL)
        assert SAID in await _calls(engine), "by the other node"
        await _until(engine, r"(\bactive\b.*){2}", *both)

        for service in ("edge", "asterisk", "telephony", "web", "scheduler", "media"):
            assert await engine.uid(await engine.container(service)) == str(INSIDE_UID)
        seen = await engine.run("podman", "exec", edge, "ls", "/run/secrets", "/var/lib/hotline")
        assert {line for line in seen.split() if not line.endswith(":")} == {"edge_database_url", "kamailio"}
        told = await engine.run("podman", "exec", edge, "python", "-c", ASKS_AGI)
        assert told.strip() == f"GET VARIABLE {WORD}", "a question, and no answer"
    finally:
        pulse.cancel()
    for machine, tree in (("a", engine.tree), ("b", engine.folder / "tree-b")):
        profiles = [word for part in PARTS[machine].split(",") for word in ("--profile", part)]
        await engine.run(
            *("env", "-C", str(tree), "podman-compose", "--file", "docker-compose.scaled.yml", *profiles),
            *("down", "--volumes"),
            HOTLINE_UID=str(INSIDE_UID), HOTLINE_GID=str(INSIDE_UID),
        )  # fmt: skip
    assert (await engine.left())["containers"] == ["database"], "nothing but what the test itself brought"
