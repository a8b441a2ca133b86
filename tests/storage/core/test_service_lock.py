"""One service a database: the second is refused; a lock lost with its session is seen and taken anew."""

import asyncio
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from hotline.errors import AnotherService
from hotline.line.presence_states import Presence
from storage.core import locked_file
from storage.core import service_lock as module
from storage.core.advisory_locks import AdvisoryLock, of_node
from storage.core.database import open_database
from storage.core.locked_file import held
from storage.core.service_lock import in_turn, only_of_roles, only_service
from storage.store import open_storage
from tests.fakes.forking import FORKING
from tests.storage.conftest import NOON, Cluster

HOLDERS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = 'hotline')"
)
END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = 'hotline')"
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked_file, "WAIT_SECONDS", 0.1)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)


async def test_a_second_service_on_the_same_database_is_refused(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other, only_service(one):
        with pytest.raises(AnotherService, match="The hotline is running already"):
            async with only_service(other):
                pass


async def test_callers_are_offered_while_a_service_holds_its_lock(url: str) -> None:
    """Both are advisory locks on PostgreSQL. They once had one number, and nobody was ever offered."""
    async with open_storage(url) as storage, only_service(storage.database), asyncio.timeout(30):
        one = await storage.dispatchers.add("201", "Оля", "s", frozenset())
        await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
        await storage.line.enter("c1", at=NOON)
        await storage.line.enter("c2", at=NOON)
        assert await storage.line.pick("c2", one.id, NOON) is not None
        await storage.line.missed("c2", one.id, NOON, pause_after=None)
        assert await storage.line.pair(NOON) is not None


async def test_the_next_service_has_the_lock_once_the_first_has_ended(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other:
        async with only_service(one):
            pass
        async with only_service(other):
            pass


async def test_a_service_whose_session_was_ended_has_the_lock_again(
    cluster: Cluster, migrated_postgres: str
) -> None:
    async with open_database(migrated_postgres) as one, only_service(one) as lock:
        watching = asyncio.create_task(lock.lost())
        cluster.sql(END_SESSIONS)
        async with asyncio.timeout(30):
            while cluster.sql(HOLDERS).strip() != "1":
                await asyncio.sleep(0.05)
        async with open_database(migrated_postgres) as other:
            with pytest.raises(AnotherService):
                async with only_service(other):
                    pass
        assert not watching.done()
        watching.cancel()


async def test_a_service_learns_that_another_was_quicker_after_its_session_was_ended(
    cluster: Cluster, migrated_postgres: str
) -> None:
    async with (
        open_database(migrated_postgres) as one,
        open_database(migrated_postgres) as other,
        only_service(one) as lock,
    ):
        cluster.sql(END_SESSIONS)
        async with only_service(other), asyncio.timeout(30):
            assert isinstance(await lock.lost(), AnotherService)


async def test_a_session_of_our_own_that_the_server_has_not_missed_is_no_other_service(
    cluster: Cluster, migrated_postgres: str
) -> None:
    async with open_database(migrated_postgres) as one, only_service(one) as lock:
        assert isinstance(lock, module._SessionLock)
        half_open, lock._connection = lock._connection, None
        session, lock._session = lock._session, type(lock._session)()
        await lock._look()
        assert lock._connection is not None
        assert cluster.sql(HOLDERS).strip() == "1"
        assert half_open is not None
        await session.aclose()


async def test_processes_by_role_stand_beside_one_another_and_never_beside_a_whole_service(
    migrated_postgres: str,
) -> None:
    telephony, scheduler = [AdvisoryLock.TELEPHONY], [AdvisoryLock.SCHEDULER]
    async with open_database(migrated_postgres) as one, open_database(migrated_postgres) as other:
        async with only_of_roles(one, telephony), only_of_roles(other, scheduler), only_of_roles(other, []):
            with pytest.raises(AnotherService, match="PostgreSQL, local, session"):
                async with only_of_roles(other, telephony):
                    pass
            with pytest.raises(AnotherService):
                async with only_service(other):
                    pass
            for node in "ab":  # each of several Asterisk nodes has one of its own
                async with only_of_roles(other, [of_node(AdvisoryLock.TELEPHONY, node)]):
                    pass
        nodes = [[of_node(AdvisoryLock.TELEPHONY, node)] for node in "ab"]
        async with only_of_roles(one, nodes[0]), only_of_roles(other, nodes[1]):
            with pytest.raises(AnotherService):
                async with only_of_roles(other, nodes[0]):
                    pass
        async with only_service(one):
            with pytest.raises(AnotherService):
                async with only_of_roles(other, []):
                    pass


async def _behind(lock: module.InTurn, *, looks: int = 1) -> "asyncio.Task[None]":
    """Begin to wait, and go on once it was told so often that another is before it."""
    told: asyncio.Queue[AnotherService] = asyncio.Queue()
    waiting = asyncio.create_task(lock.wait(told.put_nowait))
    async with asyncio.timeout(30):
        for _ in range(looks):
            assert "PostgreSQL" in str(await told.get())
    return waiting


async def test_who_waits_for_a_role_has_it_after_the_other_and_keeps_others_out(
    cluster: Cluster, migrated_postgres: str
) -> None:
    scheduler = [AdvisoryLock.SCHEDULER]
    async with open_database(migrated_postgres) as one, open_database(migrated_postgres) as other:
        async with in_turn(other, scheduler, look_seconds=0.05) as lock:
            async with only_of_roles(one, scheduler):
                waiting = await _behind(lock, looks=2)
                assert cluster.sql(HOLDERS).strip() == "2", "the one that waits holds nothing meanwhile"
            async with asyncio.timeout(30):
                await waiting
            with pytest.raises(AnotherService):
                async with only_of_roles(one, scheduler):
                    pass
        async with only_of_roles(one, scheduler):
            pass


async def test_who_waits_for_two_roles_keeps_neither_while_one_is_anothers(migrated_postgres: str) -> None:
    """Held already, it would be nobody's work: neither who waits nor who could do it would do it."""
    scheduler, media = AdvisoryLock.SCHEDULER, AdvisoryLock.MEDIA
    async with (
        open_database(migrated_postgres) as one,
        open_database(migrated_postgres) as other,
        in_turn(other, [scheduler, media], look_seconds=0.05) as lock,
        only_of_roles(one, [media]),
    ):
        waiting = await _behind(lock)
        async with asyncio.timeout(30):
            while True:
                try:
                    async with only_of_roles(one, [scheduler]):
                        break
                except AnotherService:  # it was just asking
                    await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])


async def test_who_waits_goes_on_waiting_after_its_session_was_ended(
    cluster: Cluster, migrated_postgres: str
) -> None:
    media = [AdvisoryLock.MEDIA]
    waits = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query ~ 'unlock_all' AND pid <> pg_backend_pid()"
    )
    async with (
        open_database(migrated_postgres) as one,
        open_database(migrated_postgres) as other,
        in_turn(other, media, look_seconds=0.05) as lock,
    ):
        async with only_of_roles(one, media):
            waiting = await _behind(lock)
            async with asyncio.timeout(30):
                while "t" not in cluster.sql(waits):  # it was just asking
                    await asyncio.sleep(0)
            assert not waiting.done()
        async with asyncio.timeout(30):
            await waiting


def _hold(path: str, holding: Event) -> None:
    async def for_ever() -> None:
        async with held(Path(path)):
            holding.set()
            await asyncio.Event().wait()

    asyncio.run(for_ever())


async def test_a_file_held_by_a_process_that_is_killed_is_free(tmp_path: Path) -> None:
    holding = FORKING.Event()
    process = FORKING.Process(target=_hold, args=(str(tmp_path / "lock"), holding))
    process.start()
    assert await asyncio.to_thread(holding.wait, 60)
    with pytest.raises(AnotherService, match=f"pid {process.pid}"):
        async with held(tmp_path / "lock"):
            pass
    process.kill()
    await asyncio.to_thread(process.join)
    async with held(tmp_path / "lock"):
        pass
