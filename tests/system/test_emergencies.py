"""Emergencies first: no announcement, no paperwork and no short break stands between key 4 and a person."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from hotline.addresses import Area, demo_streets
from hotline.calls import Step
from hotline.outages import By, NewOutage, OutageKind, Utility
from ivr_flows import prompts
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="module")]

AT_HOME = "+380457900001"
STREET = "Вільнюський квартал"
DISPATCHER = 700
INTO_THE_GREETING = 2 * 8000
"""Samples that a caller has heard of it: what another process enters, the service knows a second later."""
AFTER_CALL_SECONDS = "600"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hotline(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotline]:
    folder = tmp_path_factory.mktemp("emergencies")
    async with running_hotline(folder, HOTLINE_AFTER_CALL_SECONDS=AFTER_CALL_SECONDS) as one:
        await one.storage.streets.add(demo_streets())
        await one.storage.citizens.add("Олена Коваль", f"{STREET}, 7, кв. 2", [AT_HOME])
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(hotline: Hotline) -> Phone:
    return await hotline.desk("201")


async def call_id(hotline: Hotline, number: str) -> str:
    return [call.id for call in await hotline.calls() if call.number == number][-1]


async def until(hotline: Hotline, number: str, step: Step) -> None:
    """Wait until the latest call of this number has come to a step."""

    async def there() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        return bool(known) and step in await hotline.steps(known[-1])

    await hotline.until(there)


async def presses_four(hotline: Hotline, number: str) -> OutgoingCall:
    """A citizen who presses 4 while the first words are said, long before they end."""
    call = await hotline.citizen(number)
    await call.answered()
    await hotline.until(lambda: len(call.recording()) > INTO_THE_GREETING)
    await call.press("4")
    return call


async def test_four_in_the_first_words_does_not_wait_behind_a_known_outage(
    hotline: Hotline, desk: Phone
) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    off = NewOutage(
        areas=(Area(street=STREET),), utility=Utility.WATER, kind=OutageKind.EMERGENCY, starts_at=since
    )
    outage = await hotline.storage.outages.enter(off, By())
    call = await presses_four(hotline, AT_HOME)
    ringing = await desk.next_call()
    await ringing.answer(tone(DISPATCHER))
    await call.heard_tone(DISPATCHER)
    told = await hotline.phrases(await call_id(hotline, AT_HOME))
    assert set(told) <= {
        one.name for one in (*prompts.GREETING, prompts.CONNECTING_TO_DISPATCHER, prompts.ONE_MOMENT)
    }
    await ringing.hang_up()
    await call.ended()
    await hotline.storage.outages.end(outage.id, datetime.now(UTC), By())
