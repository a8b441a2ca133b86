"""A disk that confirms no write for a while, as under a backup or before it dies, while people call."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from hotline.calls.call import Outcome, Step
from storage.core.sqlite_log import ENOUGH_BYTES
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline
from tests.system.node import running_node
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher, picks_up
from tests.system.stalled_disk import StalledDisk
from tests.system.test_desks_in_asterisk import becomes, furnish
from tests.system.test_hung_service import started, supervised

pytestmark = pytest.mark.system


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StalledDisk]:
    """Of all programs that the test begins."""
    one = StalledDisk(tmp_path / "disk")
    for name, value in one.environ.items():
        monkeypatch.setenv(name, value)
    yield one
    one.go_on()


async def test_a_registration_that_the_disk_does_not_confirm_stops_no_ring(
    disk: StalledDisk, tmp_path: Path
) -> None:
    async with running_node(tmp_path) as node:
        await furnish(node)
        registrar = ("127.0.0.1", node.settings.sip_port)
        async with Phone(user="desk-201", registrar=registrar) as phone:
            await phone.register()
            await becomes(node, "online")
            disk.stall()
            await phone.register()
            await disk.is_asked()

            ringing = {"endpoint": "PJSIP/desk-201", "extension": "s", "context": "nowhere"}
            asked = asyncio.create_task(node.ask("POST", "channels", **ringing))
            try:
                call = await phone.next_call()
                await call.reject()
            finally:
                disk.go_on()
                await asked


@pytest.mark.nightly  # by day a node alone is tried, whose ring it was that stood still
async def test_citizens_and_dispatchers_notice_nothing_of_it(disk: StalledDisk, tmp_path: Path) -> None:
    async with running_hotline(tmp_path) as hotline:
        phone = await hotline.desk("201")
        disk.stall()
        try:
            await phone.register()
            await disk.is_asked()
            call = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
            desk = await picks_up(phone, FIRST)
            await asyncio.gather(call.heard_tone(FIRST), desk.heard_tone(CITIZEN))
            await call.hang_up()
            await desk.ended()
        finally:
            disk.go_on()
        log = (tmp_path / "var" / "service.log").read_text("utf-8")
        assert "no sign of life" not in log


@pytest.mark.nightly  # by day `tests/storage/core/test_sqlite_log.py` tries it without calls
async def test_a_service_whose_disk_confirms_nothing_serves_and_writes_on(
    disk: StalledDisk, tmp_path: Path
) -> None:
    async with running_hotline(tmp_path, service=False) as hotline, supervised(hotline):
        (service,) = started(hotline)
        phone = await hotline.desk("201")
        disk.stall()
        lengthen_log(hotline)
        call = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
        desk = await picks_up(phone, FIRST)
        await disk.is_asked(by=service)
        await asyncio.gather(call.heard_tone(FIRST), desk.heard_tone(CITIZEN))
        await call.hang_up()
        await desk.ended()
        ended = await hotline.ended_call()
        assert ended.outcome is Outcome.TALKED
        await hotline.ready()
        disk.go_on()
        steps = await hotline.steps(ended.id)
        assert steps.count(Step.TALK_STARTED) == steps.count(Step.ENDED) == 1
        assert started(hotline) == [service]


def lengthen_log(hotline: Hotline) -> None:
    """Make the database's log so long that it is to be worked off."""
    file = str(make_url(hotline.settings.database_url).database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("CREATE TABLE ballast (octets)")
        other.execute("INSERT INTO ballast VALUES (zeroblob(?))", (2 * ENOUGH_BYTES,))
