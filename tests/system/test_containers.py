"""The containers, really built and run: podman, runc and podman-compose, from one base of Debian."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from service.node.local_node import free_ports
from tests.system.containers import (
    INSIDE_UID,
    Engine,
    build,
    make_bases,
    needs_tools,
    running_engine,
)

pytestmark = [pytest.mark.nightly, pytest.mark.system, pytest.mark.timeout(3600)]

IMAGES = {one: ("--file", f"docker/{one}.Dockerfile") for one in ("postgres", "asterisk", "service")}
PUBLISHED_SUBNET = "172.28.59.0/24"
APPEAL = {
    "text": "Немає гарячої води з ранку",
    "kind": "application",
    "category": "hot-water-none",
    "address": "Київський квартал, 7",
    "applicant": {"name": "Марія Демченко"},
    "consent": True,
    "number": "+380457900001",
}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    async with running_engine(tmp_path) as engine:
        yield engine


async def until_ready(page: str) -> Mapping[str, Any]:
    """Wait until the pages say that Asterisk and the database serve calls."""
    async with asyncio.timeout(600), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{page}/health/ready") as answer:
                    if answer.status == 200:
                        return dict(await answer.json())
            await asyncio.sleep(0.5)  # another program's start


async def _asterisks_database_outlives_its_container(engine: Engine) -> None:
    """Its memory goes with the container, and a copy on the disk comes into the next one's."""
    asterisk = await engine.container("asterisk")
    inside = ("podman", "exec", asterisk)
    command = (*inside, "asterisk", "-C", "/var/lib/hotline/asterisk/etc/asterisk.conf", "-rx")
    await engine.run(*command, "database put of-the-test registration outlived-it")
    copied = (*inside, "grep", "-q", "outlived-it", "/var/lib/hotline/asterisk/lib/astdb.sqlite3")
    async with asyncio.timeout(60):
        while not await _ends_well(engine, *copied):
            await asyncio.sleep(0.5)  # another program's look
    await engine.run("podman", "restart", asterisk)
    async with asyncio.timeout(60):
        while not await _ends_well(engine, *command, "core waitfullybooted"):
            await asyncio.sleep(0.5)  # another program's start
    assert "outlived-it" in await engine.run(*command, "database get of-the-test registration")
    await engine.run(*inside, "test", "-s", "/dev/shm/asterisk/astdb.sqlite3")  # noqa: S108 - the container's


async def _ends_well(engine: Engine, *command: str) -> bool:
    try:
        await engine.run(*command)
    except AssertionError:
        return False
    return True


@needs_tools
async def test_the_hotline_in_containers_takes_a_call_and_an_appeal_and_outlives_its_database(
    engine: Engine,
) -> None:
    await make_bases(engine)
    await build(engine, IMAGES)
    with free_ports(2) as (http, sip):
        ports = {"HOTLINE_HTTP_PORT": str(http), "HOTLINE_SIP_PORT": str(sip)}
    demo = {"HOTLINE_DEMO": "1", "HOTLINE_UID": "1000", "HOTLINE_SUBNET": PUBLISHED_SUBNET}
    page = f"http://127.0.0.1:{http}"
    pulse = asyncio.create_task(engine.pulse())
    try:
        await engine.run("setup/compose.sh", "--no-build", "--detach", **ports, **demo)
        await until_ready(page)

        assert "відповіли" in await engine.hotline("citizen", "--keys", "1", "--seconds", "15")
        made = await engine.hotline("token", "add", "trial", "dispatcher", "--by", "nachalnyk")
        token = made.rpartition("token: ")[2].strip()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "containers-1"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{page}/api/v1/appeals", json=APPEAL) as answer,
        ):
            assert answer.status == 201, await answer.text()
            number = (await answer.json())["number"]

        await engine.run("podman", "restart", await engine.container("postgres"))
        await until_ready(page)
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{page}/api/v1/appeals/{number}") as answer,
        ):
            assert answer.status == 200
        assert "відповіли" in await engine.hotline("citizen", "--keys", "1", "--seconds", "15")

        await _asterisks_database_outlives_its_container(engine)
        await until_ready(page)
        assert "відповіли" in await engine.hotline("citizen", "--keys", "1", "--seconds", "15")

        for service in ("postgres", "asterisk", "service", "network"):
            assert await engine.uid(await engine.container(service)) == str(INSIDE_UID)
    finally:
        pulse.cancel()
    await engine.run("podman-compose", "down", "--volumes", **ports, **demo)
    assert await engine.left() == {"containers": [], "volumes": [], "networks": ["podman"]}, (
        "nothing but podman's own network"
    )
