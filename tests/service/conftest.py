"""Real storage on a temporary database, and a clock that stands still."""

from collections.abc import AsyncIterator

import pytest

from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(clock: SetClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened
