"""One service at a time on one Asterisk: neither a second one nor a stranger's event socket makes it deaf."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from hotline.calls.call import Step
from hotline.errors import CallGone
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.effort import effort
from tests.system.forked import command
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher, picks_up
from tests.system.test_service_killed import is_queued

pytestmark = pytest.mark.system


@asynccontextmanager
async def another_event_socket(hotline: Hotline) -> AsyncIterator[None]:
    """Somebody else takes the Stasis application over, and closes their socket at the end of the block."""
    control = hotline.settings.asterisk
    who = aiohttp.encode_basic_auth("hotline", control.ari_secret)
    url = f"http://{control.host}:{control.ari_port}/ari/events"
    async with (
        aiohttp.ClientSession(headers={"Authorization": who}) as session,
        session.ws_connect(url, params={"app": "hotline"}),
    ):
        await hotline.node.ask("GET", "applications/hotline")
        yield


async def taken(desk: Phone) -> IncomingCall:
    """The call that the dispatcher has in the end: Asterisk's own queue may have begun to ring them."""
    while True:
        with contextlib.suppress(CallGone):
            return await picks_up(desk, FIRST)


def times_not_active(hotline: Hotline) -> int:
    return hotline.node.log.count("Stasis app 'hotline'")


def connected_again(hotline: Hotline) -> bool:
    """Tell whether the service has lost its connection to Asterisk and connected again, by its log."""
    _, lost, since = hotline.log.read_text(encoding="utf-8").rpartition("asterisk away")
    return bool(lost) and "asterisk connected" in since


async def greeted_by_the_service(hotline: Hotline, number: str) -> None:
    caller = await hotline.citizen(number)
    await caller.answered()

    async def said() -> bool:
        calls = [call for call in await hotline.calls() if call.number == number]
        return bool(calls) and Step.HEARD in await hotline.steps(calls[0].id)

    await hotline.until(said)
    await caller.hang_up()


@pytest.mark.parametrize("word", ["serve", "up"])
async def test_a_second_start_is_refused_and_the_first_goes_on_undisturbed(
    hotline: Hotline, word: str
) -> None:
    for _ in range(effort(day=1, night=2)):
        again = await command(hotline.node.environ, word)
        assert again.code == 1
        assert "Гаряча лінія вже працює" in again.logged
        assert "The hotline is running already" in again.logged
    await greeted_by_the_service(hotline, "+380457900011")
    assert "asterisk away" not in hotline.log.read_text(encoding="utf-8")
    assert times_not_active(hotline) == 0


async def test_the_next_service_starts_when_the_one_before_was_killed(hotline: Hotline) -> None:
    await hotline.kill_service()
    await hotline.start_service()
    await greeted_by_the_service(hotline, "+380457900011")


async def test_an_event_socket_that_comes_and_goes_does_not_deafen_the_hotline(hotline: Hotline) -> None:
    async with another_event_socket(hotline):
        pass
    await hotline.until(lambda: connected_again(hotline))
    await hotline.ready()
    await greeted_by_the_service(hotline, "+380457900011")
    assert times_not_active(hotline) == 0


async def test_an_event_socket_that_stays_is_left_without_the_application(hotline: Hotline) -> None:
    async with another_event_socket(hotline):
        await hotline.until(lambda: connected_again(hotline))
        await greeted_by_the_service(hotline, "+380457900011")


async def test_a_caller_in_asterisks_own_queue_is_not_sent_round_and_round(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    await hotline.until(lambda: is_queued(hotline, "201"))
    async with another_event_socket(hotline):
        pass
    caller = await asks_for_a_dispatcher(hotline, "+380457900011", tone(CITIZEN))
    await hotline.reached(Step.SERVICE_RESUMED)
    ringing = await taken(desk)
    await caller.heard_tone(FIRST)
    await ringing.heard_tone(CITIZEN)
    assert times_not_active(hotline) <= 1
    await ringing.hang_up()
    await caller.ended()
