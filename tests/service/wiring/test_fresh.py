"""What every call reads is renewed in one round of few trips, and one that fails holds up no other."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from service.wiring.rounds import fresh
from storage.core.postgres_writes import PostgresWrites
from storage.store import Storage, open_storage
from tests.storage.conftest import Cluster, cluster, migrated_postgres

__all__ = ["cluster", "migrated_postgres"]


@pytest.fixture
async def storage(cluster: Cluster, migrated_postgres: str) -> AsyncIterator[Storage]:
    cluster.empty()
    async with open_storage(migrated_postgres) as opened:
        yield opened


async def test_it_is_two_trips_while_nobody_writes_and_goes_on_beside_one_that_fails(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storage.core.postgres_writes.ANSWER_SECONDS", 60.0)
    monkeypatch.setattr("service.wiring.rounds.RENEWED_EVERY", 0.0)
    trips: list[int] = []
    asked = 0
    renewed = asyncio.Event()
    ask = PostgresWrites._ask

    async def counted(writes: PostgresWrites) -> None:
        nonlocal asked
        asked += 1
        await ask(writes)

    async def fails() -> None:
        """Fail, as the first of the round: the others' trips follow."""
        trips.append(asked)
        if len(trips) > 4:
            renewed.set()
            await asyncio.Event().wait()
        raise ConnectionError

    monkeypatch.setattr(PostgresWrites, "_ask", counted)
    monkeypatch.setattr(storage.articles, "renew", fails)
    rounds = fresh(storage)
    rounds["fresh-proposals"].close()
    running = asyncio.create_task(rounds["fresh"])
    async with asyncio.timeout(60):
        await renewed.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    of_a_round = [later - before for before, later in itertools.pairwise(trips)]
    assert 0 < min(of_a_round) <= max(of_a_round[1:]) <= 2
    assert "what every call reads not renewed" in caplog.text
