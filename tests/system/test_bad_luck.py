"""A full disk, a locked database, a voice that fails: calls go on, nothing is lost, it mends itself."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from hotline.calls.call import Step
from telephony.phone.outgoing import OutgoingCall
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines

pytestmark = pytest.mark.system

FOREVER = resource.RLIM_INFINITY


@contextmanager
def full_disk(pid: int, most: int) -> Iterator[None]:
    """No file of this process can grow beyond `most` bytes, as on a disk that is full."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, FOREVER))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FOREVER, FOREVER))


def database(hotline: Hotline) -> Path:
    return hotline.settings.folders.var / "hotline.db"


async def readiness(hotline: Hotline) -> int:
    url = f"http://{hotline.settings.http_host}:{hotline.settings.http_port}/health/ready"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def ready(hotline: Hotline) -> bool:
    return await readiness(hotline) == 200


async def not_ready(hotline: Hotline) -> bool:
    return await readiness(hotline) == 503


async def waits_in_asterisk(hotline: Hotline) -> bool:
    """Whether a caller was given to Asterisk's own queue."""
    channels = await hotline.node.ask("GET", "channels")
    return any(channel["dialplan"]["context"] == "fallback" for channel in channels)


async def greeted(hotline: Hotline) -> OutgoingCall:
    call = await hotline.citizen()
    await call.answered()
    await call.heard_voice()
    return call


def log_begins_anew(hotline: Hotline) -> bool:
    """Empty the database's log if nobody reads it: in a long one there is room to write for a long time."""
    with sqlite3.connect(database(hotline)) as other:
        ((somebody_reads, _, _),) = other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return not somebody_reads


async def ended(hotline: Hotline, count: int) -> bool:
    return sum(call.ended_at is not None for call in await hotline.calls()) == count


async def test_calls_go_on_while_the_disk_is_full_and_are_written_when_it_is_not(hotline: Hotline) -> None:
    assert hotline.service is not None
    await hotline.until(lambda: log_begins_anew(hotline))
    await (await greeted(hotline)).hang_up()
    await hotline.until(lambda: ended(hotline, 1))
    most = database(hotline).with_name("hotline.db-wal").stat().st_size
    with full_disk(hotline.service.pid, most):
        await (await greeted(hotline)).hang_up()
        await hotline.until(lambda: not_ready(hotline))
        wants_a_person = await greeted(hotline)
        await wants_a_person.press("0")
        await hotline.until(lambda: waits_in_asterisk(hotline))
        await wants_a_person.hang_up()
        assert hotline.service.returncode is None
    await hotline.until(lambda: ready(hotline))
    await hotline.until(lambda: ended(hotline, 3))
    for call in await hotline.calls():
        steps = await hotline.steps(call.id)
        assert steps.count(Step.ARRIVED) == steps.count(Step.ANSWERED) == steps.count(Step.ENDED) == 1


async def test_calls_go_on_while_another_process_holds_the_database(hotline: Hotline) -> None:
    assert hotline.service is not None
    with sqlite3.connect(database(hotline), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        await (await greeted(hotline)).hang_up()
        await hotline.until(lambda: not_ready(hotline))
        await (await greeted(hotline)).hang_up()
        other.execute("ROLLBACK")
    await hotline.until(lambda: ready(hotline))
    await hotline.until(lambda: ended(hotline, 2))
    assert hotline.service.returncode is None


async def test_asterisk_outlives_a_disk_too_full_for_a_message(hotline: Hotline, hotlines: Hotlines) -> None:
    hotlines.spoil()  # its own account of calls has nowhere to be written either
    call = await greeted(hotline)
    await call.press("3")
    await hotline.reached(Step.MESSAGE_LEFT)
    with full_disk(hotline.node.process.pid, 4096):
        await asyncio.sleep(1)  # Asterisk has sound to write, and nowhere to write it
        await call.press("#")
        await call.hang_up()
    await hotline.until(lambda: ended(hotline, 1))
    assert hotline.node.process.returncode is None
    await (await greeted(hotline)).hang_up()
