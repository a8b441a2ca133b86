"""The line's report and the advice for shifts in a real Chromium."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from aiohttp.test_utils import TestServer

from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, opened_window
from tests.storage.line.counted_calls import Row

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server) as one:
        yield one


async def test_the_report_and_the_advice_on_every_screen(
    window: Window, users: Mapping[Role, User], kept: Sequence[Row], clock: MovedClock
) -> None:
    assert users
    assert kept
    clock.pass_(minutes=60 * 24 * 35)
    await window.sign_in(Role.HEAD.value)
    await window.look("/control/line?from=2026-03-28&to=2026-03-30&by=day", "line-report")
    await window.look("/control/line/shifts?weekday=5", "line-shifts")
