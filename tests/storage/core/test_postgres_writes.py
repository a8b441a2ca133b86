"""Questions whether anybody has written share trips to PostgreSQL; none is answered by an earlier trip."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage.core.database import open_database
from storage.core.postgres_writes import PostgresWrites
from storage.tables import street_names
from tests.storage.conftest import Cluster

OF = [street_names.name]
QUESTIONS = 20


class Trips:
    """Trips that go when they are let go, counted from when they begin."""

    def __init__(self, writes: PostgresWrites) -> None:
        self.begun = self.to_fail = 0
        self.may_go = asyncio.Event()
        self._ask = writes._ask
        writes._ask = self._counted  # type: ignore[method-assign]

    async def _counted(self) -> None:
        self.begun += 1
        failing = self.begun <= self.to_fail
        await self.may_go.wait()
        if failing:
            raise ConnectionError
        await self._ask()

    async def begin(self) -> None:
        async with asyncio.timeout(60):
            while not self.begun:
                await asyncio.sleep(0)


@pytest.fixture
async def writes(
    cluster: Cluster, migrated_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PostgresWrites]:
    monkeypatch.setattr("storage.core.postgres_writes.ANSWER_SECONDS", 60.0)
    cluster.empty()
    async with open_database(migrated_postgres) as database:
        assert isinstance(database.writes, PostgresWrites)
        yield database.writes


async def test_those_that_come_during_a_trip_share_the_next_one(writes: PostgresWrites) -> None:
    trips = Trips(writes)
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(writes.latest(OF))
        await trips.begin()
        others = [tasks.create_task(writes.latest(OF)) for _ in range(QUESTIONS)]
        await asyncio.sleep(0)
        trips.may_go.set()
    assert trips.begun == 2
    assert {one.result() for one in others} == {first.result()} != {None}
    assert await writes.latest(OF) == first.result()
    assert trips.begun == 3


async def test_one_that_fails_answers_nobody_and_the_next_goes_by_itself(writes: PostgresWrites) -> None:
    trips = Trips(writes)
    trips.to_fail = 2
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(writes.latest(OF))
        await trips.begin()
        others = [tasks.create_task(writes.latest(OF)) for _ in range(3)]
        await asyncio.sleep(0)
        trips.may_go.set()
    assert first.result() is None
    told = [one.result() for one in others]
    assert told[0] is None
    assert told[1] == told[2] is not None
    assert trips.begun == 3
