"""A real city on a temporary database, and a clock that stands still."""

from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.appeals import Appeal, AppealState
from ivr_flows.city import City
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.desk import FakeDesk


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(clock: SetClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


@pytest.fixture
def city(storage: Storage, clock: SetClock) -> City:
    return City(
        outages=storage.outages,
        appeals=storage.appeals,
        line=storage.line,
        clock=clock,
        timezone=ZoneInfo("Europe/Kyiv"),
        announce_seconds=30,
    )


@pytest.fixture
def desk(storage: Storage, clock: SetClock) -> FakeDesk:
    return FakeDesk(storage, clock)


@pytest.fixture
async def appeal(storage: Storage, clock: SetClock) -> Appeal:
    one = Appeal(
        number="1001",
        applicant_number="+380457900001",
        summary="Не світить ліхтар",
        state=AppealState.IN_WORK,
        registered_at=clock.now(),
        due_on=(clock.now() + timedelta(days=15)).date(),
    )
    await storage.appeals.register(one)
    return one
