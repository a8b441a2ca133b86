"""A database machine dies under real Patroni: talks go on, and who calls meanwhile is served afterwards."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from hotline.calls.call import Outcome, Step
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.storage.machines import Machines, running_machines
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, SECOND, THIRD, asks_for_a_dispatcher, in_talk, picks_up

pytestmark = [pytest.mark.system, pytest.mark.nightly, pytest.mark.timeout(400)]

log = logging.getLogger(__name__)
WAITS, CALLS, LATER = "+380457900002", "+380457900003", "+380457900004"


@pytest.fixture
def machines() -> Iterator[Machines]:
    with running_machines() as three:
        yield three


@pytest.fixture
async def hotline(machines: Machines, tmp_path: Path) -> AsyncIterator[Hotline]:
    async with running_hotline(tmp_path, HOTLINE_DATABASE_URL=machines.url) as one:
        yield one


def _leads(machines: Machines) -> Callable[[], Awaitable[bool]]:
    """Whether the second machine has taken over."""
    return lambda: asyncio.to_thread(machines.second.is_, "primary")


async def test_who_talks_talks_on_and_who_calls_in_the_pause_is_taken_over_afterwards(
    hotline: Hotline, machines: Machines
) -> None:
    desk = await hotline.desk("201")
    talking, talk = await in_talk(hotline, desk)
    waiting = await asks_for_a_dispatcher(hotline, WAITS, tone(CITIZEN))
    await hotline.reached(Step.JOINED_LINE, times=2)

    machines.first.kill()
    died = monotonic()
    calling = await asks_for_a_dispatcher(hotline, CALLS, tone(CITIZEN))
    await hotline.until(_leads(machines))
    leads = monotonic()
    log.info("from_death_to_another_primary_s=%.1f", leads - died)
    await talking.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    await hotline.reached(Step.JOINED_LINE, times=3)
    log.info("from_the_primary_to_our_line_s=%.1f", monotonic() - leads)

    await talk.hang_up()
    await talking.ended()
    await _served(desk, {WAITS: waiting, CALLS: calling})
    later = await asks_for_a_dispatcher(hotline, LATER, tone(CITIZEN))
    last = await picks_up(desk, FIRST)
    await later.heard_tone(FIRST)
    await last.hang_up()
    await later.ended()

    async def all_ended() -> bool:
        return all(call.ended_at for call in await hotline.calls())

    await hotline.until(all_ended)
    calls = {call.number: call for call in await hotline.calls()}
    assert len(calls) == len(await hotline.calls()) == 4
    assert {call.outcome for call in calls.values()} == {Outcome.TALKED}
    for call in calls.values():
        assert (await hotline.steps(call.id)).count(Step.TALK_STARTED) == 1


async def _served(desk: Phone, callers: dict[str, OutgoingCall]) -> None:
    """The dispatcher takes them in the order in which they are rung, each hears their own tone."""
    for hertz in (SECOND, THIRD)[: len(callers)]:
        call = await picks_up(desk, hertz)
        citizen = callers.pop(call.caller)
        await citizen.heard_tone(hertz)
        await call.heard_tone(CITIZEN)
        await citizen.hang_up()
        await call.ended()
