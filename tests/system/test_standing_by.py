"""A second scheduler waits in one light process, and does the work once the first has died."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from telephony.phone.call import PATIENCE_SECONDS
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.forked import Forked
from tests.system.node import LOOK_SECONDS
from tests.system.test_roles import serve

__all__ = ["cluster", "migrated_postgres"]
pytestmark = pytest.mark.system

STARTED, BEHIND = "service started roles=scheduler", "stands by roles=scheduler"
SESSIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = 'stands_by' AND application_name ~ '^hotline '"
)


@pytest.fixture
async def environ(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    cluster.sql("CREATE DATABASE stands_by TEMPLATE hotline")
    try:
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
            "HOTLINE_VAR": str(tmp_path / "var"),
            "HOTLINE_PRIVATE_ROOT": os.environ.get("HOTLINE_PRIVATE_ROOT", "var/root"),
            "HOTLINE_DATABASE_URL": cluster.url("stands_by"),
            "HOTLINE_ARI_SECRET": "a",
            "HOTLINE_AMI_SECRET": "b",
        }
    finally:
        cluster.sql("DROP DATABASE stands_by WITH (FORCE)")


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(LOOK_SECONDS)


async def _says(log: Path, words: str) -> None:
    try:
        await _until(lambda: log.exists() and words in log.read_text("utf-8"))
    except TimeoutError:
        raise AssertionError(f"never said: {words}\n{log.read_text('utf-8')}") from None


def _told(systemd: socket.socket) -> set[str]:
    told = set()
    try:
        while True:
            told.add(systemd.recv(256).decode())
    except BlockingIOError:
        return told


async def test_the_second_takes_over_without_a_new_start_when_the_first_is_killed(
    cluster: Cluster, environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    logs = [tmp_path / name for name in ("first", "second", "third")]
    begun: list[Forked] = []

    async def begin(log: Path, **more: str) -> Forked:
        begun.append(await serve({**environ, **more}, log, "scheduler"))
        return begun[-1]

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("")
        systemd.settimeout(0)
        first = await begin(logs[0])
        await _says(logs[0], STARTED)
        second = await begin(
            logs[1], NOTIFY_SOCKET="@" + systemd.getsockname()[1:].decode(), HOTLINE_HTTP_PORT="8099"
        )
        await _says(logs[1], BEHIND)
        heard: set[str] = set()

        def beats() -> bool:
            heard.update(_told(systemd))
            return "WATCHDOG=1" in heard

        await _until(beats)
        assert cluster.sql(SESSIONS).strip() == "2", "one that works, one that asks"

        first.kill()
        await _says(logs[1], STARTED)
        assert second.returncode is None
        assert logs[1].read_text("utf-8").count(BEHIND) == 1
        heard |= _told(systemd)
        assert {"READY=1", "STATUS=stands by: another process does this work", "STATUS="} <= heard

    third = await begin(logs[2], HOTLINE_HTTP_PORT="8098")
    await _says(logs[2], BEHIND)
    for one in (third, second):
        one.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await one.wait() == 0
    assert STARTED not in logs[2].read_text("utf-8")
