"""Two database machines under a real Patroni: one dies, hangs or gives way, and the other goes on."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import text

from hotline.clock import SystemClock
from service.node.backup import BackupRefused
from service.node.database_backup import back_up, prove
from storage.core.database import Database, open_database
from storage.core.service_lock import ServiceLock, only_service
from storage.migrations import migrate
from storage.store import Storage, open_storage
from storage.tables import audit
from tests.storage.core.test_failover import Writer, all_write, writing
from tests.storage.machines import Machines, running_machines

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(400)]

FEW = 20
LONG = 120.0
_KEPT = text("SELECT number FROM kept")
_WHERE = text("SELECT host(inet_server_addr())")
_LOCKS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
)
_ACT = {"action": "tried", "subject": "", "address": "", "detail": ""}
log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    with running_machines() as three:
        asyncio.run(migrate(three.url))
        yield three


@dataclass(kw_only=True)
class Traffic:
    """What a service does all the time: it writes, straight and by pgbouncer, and holds its lock."""

    straight: Database
    writers: list[Writer]
    lock: ServiceLock

    async def goes_on(self) -> None:
        await all_write(self.writers, FEW, seconds=LONG)

    async def primary(self) -> str:
        async with self.straight.session() as connection:
            return str((await connection.execute(_WHERE)).scalar_one())

    async def led(self) -> int:
        """How many sessions hold the lock at the primary."""
        async with self.straight.session() as connection:
            return int((await connection.execute(_LOCKS)).scalar_one())


@asynccontextmanager
async def traffic(machines: Machines) -> AsyncIterator[Traffic]:
    """At the end everything that was acknowledged is there, and nobody else had the lock."""
    async with (
        open_database(machines.url, machines.pool_url) as pooled,
        open_database(machines.url) as straight,
    ):
        async with straight.writing() as connection:
            await connection.execute(text("CREATE TABLE IF NOT EXISTS kept (number integer PRIMARY KEY)"))
            await connection.execute(text("TRUNCATE kept"))
        async with (
            only_service(pooled) as lock,
            writing(straight) as some,
            writing(pooled, since=1_000_000) as others,
        ):
            watched = asyncio.create_task(lock.lost())
            going = asyncio.create_task(_left(straight))
            one = Traffic(straight=straight, writers=[*some, *others], lock=lock)
            await one.goes_on()
            try:
                yield one
            finally:
                for task in (watched, going):
                    task.cancel()
                await asyncio.wait([watched, going])
            assert watched.cancelled()
            assert await one.led() == 1
        async with straight.reading() as connection:
            kept = set((await connection.execute(_KEPT)).scalars())
        acknowledged = set(chain.from_iterable(writer.acknowledged for writer in one.writers))
        assert acknowledged <= kept
        longest = max(writer.longest for writer in one.writers)
        log.info("acknowledged=%d longest_pause_s=%.1f", len(acknowledged), longest)


async def _left(database: Database) -> None:
    """Look as the holder of a lock does; this database's own has none."""
    while True:
        await database.leave_replaced()
        await asyncio.sleep(3)


async def test_the_newest_backup_and_what_was_written_since_can_be_brought_back(machines: Machines) -> None:
    first = machines.first
    before = datetime.now(UTC) - timedelta(hours=1)
    async with open_storage(machines.url) as storage:
        await _act(storage, before)
        assert await back_up(first.settings, first.etc, full=True)
        assert not await back_up(machines.second.settings, machines.second.etc, full=True)
        await _act(storage, before)
    written = first.sql("SELECT pg_walfile_name(pg_switch_wal())")
    await asyncio.to_thread(
        machines.until, lambda: first.sql("SELECT last_archived_wal FROM pg_stat_archiver") >= written
    )
    plain = b"CREATE DATABASE", b"PG_VERSION"
    files = [one for one in (first.etc.parents[1] / "backups").rglob("*") if one.is_file()]
    assert files
    assert not [one for one in files if any(word in one.read_bytes() for word in plain)]
    assert await prove(first.settings, first.etc, machines.url, SystemClock()) == 2
    async with open_storage(machines.url) as storage:  # the archive has not heard of this one
        await _act(storage, before)
    with pytest.raises(BackupRefused, match="audit: 2 of 3"):
        await prove(first.settings, first.etc, machines.url, SystemClock())


async def _act(storage: Storage, at: datetime) -> None:
    async with storage.database.writing() as connection:
        await connection.execute(audit.insert().values(at=at, **_ACT))


async def test_a_primary_that_loses_its_power_is_replaced_and_comes_back_as_the_standby(
    machines: Machines,
) -> None:
    async with traffic(machines) as going:
        assert await going.primary() == machines.first.host
        machines.first.kill()
        await going.goes_on()
        assert await going.primary() == machines.second.host
        machines.first.start()
        await asyncio.to_thread(machines.until, lambda: machines.first.is_("synchronous"))
        await going.goes_on()


async def test_work_on_the_primary_is_begun_by_giving_way(machines: Machines) -> None:
    await asyncio.to_thread(machines.until, lambda: machines.first.is_("synchronous"))
    async with traffic(machines) as going:
        await asyncio.to_thread(machines.switch_over, "a" if machines.first.etc.parent.name == "a" else "b")
        await going.goes_on()
        assert await going.primary() == machines.first.host
        await asyncio.to_thread(machines.until, lambda: machines.second.is_("synchronous"))


async def test_a_primary_that_stands_still_is_replaced_and_leads_nobody_when_it_wakes(
    machines: Machines,
) -> None:
    async with traffic(machines) as going:
        machines.first.signal(signal.SIGSTOP)
        await going.goes_on()
        assert await going.primary() == machines.second.host
        assert await going.led() == 1
        machines.first.signal(signal.SIGCONT)
        await going.goes_on()
        await asyncio.to_thread(machines.until, lambda: machines.first.is_("synchronous"))
