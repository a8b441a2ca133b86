"""The phone in the browser, with a real Chromium, a real Asterisk and a citizen on a real SIP phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls import Outcome
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST
from tests.system.people import asks_for_a_dispatcher as asks
from tests.system.web_desk import WebDesk, web_desk

pytestmark = pytest.mark.system


@pytest.fixture
async def desk(hotline: Hotline, tmp_path: Path) -> AsyncIterator[WebDesk]:
    async with web_desk(hotline, tmp_path, "101", FIRST) as one:
        yield one


async def test_a_dispatcher_answers_by_key_and_both_hear_each_other(hotline: Hotline, desk: WebDesk) -> None:
    citizen = await asks(hotline, sound=tone(CITIZEN))
    await desk.picks_up()

    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    await desk.press("F4")

    await desk.call_is("none")
    await citizen.ended(timeout=15)
    assert (await hotline.ended_call()).outcome is Outcome.TALKED
