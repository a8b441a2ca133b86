"""Real storage on a temporary database, and a clock that stands still."""

from collections.abc import AsyncIterator

import pytest

from cti_server.auth import passwords
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.passwords import QUICK


@pytest.fixture(autouse=True)
def _hashed_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `tests.cti_server.auth.test_passwords` asks of passwords is asked there alone."""
    monkeypatch.setattr(passwords, "PasswordHasher", lambda: QUICK)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(clock: SetClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened
