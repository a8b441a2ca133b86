"""Asterisk is killed or stalls, or the connection to it breaks: noticed, mended, and every call told once."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline
from tests.system.node import running
from tests.system.oracle import compare, differences
from tests.system.people import A_SECOND_OF_WAV, FIRST, asks_for_a_dispatcher, in_talk, picks_up
from tests.system.severable import Severable, severable

pytestmark = pytest.mark.system

ASKED_SECONDS = 2.5
"""Within it the service has asked Asterisk something, and waits for the answer."""
LONGER_THAN_AN_ANSWER_SECONDS = 12
STALLED_SECONDS = 5


@pytest.fixture
async def behind_a_cable(tmp_path: Path) -> AsyncIterator[tuple[Hotline, Severable]]:
    """A hotline whose service reaches Asterisk through a connection that the test can cut."""
    async with (
        running_hotline(tmp_path, service=False) as one,
        severable(one.settings.asterisk.ari_port) as cable,
    ):
        one.node.environ["HOTLINE_ARI_PORT"] = str(cable.port)
        await one.start_service()
        yield one, cable


@pytest.fixture
async def patient_with_desks(tmp_path: Path) -> AsyncIterator[Hotline]:
    """A hotline that does not take a phone for dead when it was Asterisk that did not listen."""
    async with running_hotline(tmp_path, HOTLINE_DESK_SILENCE_SECONDS="30") as one:
        yield one


@pytest.fixture
async def that_calls_nobody(tmp_path: Path) -> AsyncIterator[Hotline]:
    """A hotline without calls of its own: who is called back is tried by `test_cut_off`."""
    async with running_hotline(tmp_path, HOTLINE_AUTOMATIC_CALLS="0") as one:
        yield one


@pytest.mark.nightly  # by day `test_cut_off` kills Asterisk under the same calls
async def test_calls_lost_with_asterisk_are_closed_once_and_new_ones_are_answered(
    that_calls_nobody: Hotline,
) -> None:
    hotline = that_calls_nobody
    phone = await hotline.desk("201")
    await in_talk(hotline, phone)
    await asks_for_a_dispatcher(hotline, "+380457900021")
    choosing = await hotline.citizen("+380457900022")
    await choosing.heard_voice()
    await hotline.reached(Step.JOINED_LINE, times=2)
    speaking = await hotline.citizen("+380457900023", tone(FIRST))
    await speaking.answered()
    await speaking.press("3")
    await hotline.reached(Step.MESSAGE_LEFT)
    (message,) = await hotline.storage.calls.messages()
    file = Path(message.file)
    await hotline.until(lambda: file.is_file() and file.stat().st_size > A_SECOND_OF_WAV)

    hotline.node.kill()
    await hotline.node.process.wait()
    async with running(hotline.settings, hotline.node.environ):
        await hotline.ready()
        await phone.register()
        call = await asks_for_a_dispatcher(hotline, "+380457900031")
        desk = await picks_up(phone, FIRST)
        await call.heard_tone(FIRST)
        await desk.hang_up()
        await call.ended()

        await hotline.until(lambda: _all_ended(hotline))
        assert await differences(hotline) == []
        *lost, new = await hotline.calls()
        assert [one.outcome for one in lost] == [Outcome.LOST] * 4
        assert new.outcome is Outcome.TALKED
        assert await hotline.storage.line.entries() == []
        assert (await hotline.dispatcher("201")).presence is Presence.READY
        assert [message.seconds is None for message in await hotline.storage.calls.messages()] == [False]


async def test_an_asterisk_that_stalls_is_noticed_and_taken_up_again(patient_with_desks: Hotline) -> None:
    hotline = patient_with_desks
    phone = await hotline.desk("201")
    talker, desk = await in_talk(hotline, phone)
    waiting = await asks_for_a_dispatcher(hotline, "+380457900021")
    await hotline.reached(Step.JOINED_LINE, times=2)

    hotline.node.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(STALLED_SECONDS)  # the stall itself
    hotline.node.process.send_signal(signal.SIGCONT)

    await hotline.ready()
    await talker.heard_tone(FIRST)
    await desk.hang_up()
    await talker.ended()
    ringing = await picks_up(phone, FIRST)
    await waiting.heard_tone(FIRST)
    await ringing.hang_up()
    await waiting.ended()
    await compare(hotline, reconciled=True)


@pytest.mark.nightly  # by day `telephony/test_lived_time.py`
async def test_a_machine_that_stood_still_is_no_silence_of_asterisk(patient_with_desks: Hotline) -> None:
    hotline = patient_with_desks
    phone = await hotline.desk("201")
    talker, desk = await in_talk(hotline, phone)
    choosing = await hotline.citizen("+380457900022")
    await choosing.heard_voice()
    assert hotline.service
    both = hotline.node.process, hotline.service

    for one in both:
        one.send_signal(signal.SIGSTOP)
        await asyncio.sleep(ASKED_SECONDS)
    await asyncio.sleep(LONGER_THAN_AN_ANSWER_SECONDS)
    for one in reversed(both):
        one.send_signal(signal.SIGCONT)

    await choosing.press("1")
    await hotline.reached(Step.PRESSED, times=2)
    await talker.heard_tone(FIRST)
    await desk.hang_up()
    await talker.ended()
    await choosing.hang_up()
    await compare(hotline, reconciled=True)
    assert Step.SERVICE_RESUMED not in await hotline.steps((await hotline.calls())[0].id)
    assert "asterisk away" not in hotline.log.read_text("utf-8")


@pytest.mark.parametrize(
    "stall", [pytest.param(False, marks=pytest.mark.nightly), True], ids=["cut", "stalled"]
)
async def test_conversations_go_on_when_the_connection_breaks(
    behind_a_cable: tuple[Hotline, Severable],
    stall: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    hotline, cable = behind_a_cable
    phone = await hotline.desk("201")
    talker, desk = await in_talk(hotline, phone)
    waiting = await asks_for_a_dispatcher(hotline, "+380457900021")
    await hotline.reached(Step.JOINED_LINE, times=2)
    choosing = await hotline.citizen("+380457900022")
    await choosing.heard_voice()

    if stall:
        cable.stall()
    else:
        cable.cut()
    await hotline.reached(Step.SERVICE_RESUMED, times=3)

    await choosing.press("1")
    await hotline.reached(Step.PRESSED, times=3)
    await choosing.hang_up()
    await talker.heard_tone(FIRST)
    await desk.hang_up()
    await talker.ended()
    ringing = await picks_up(phone, FIRST)
    await waiting.heard_tone(FIRST)
    await ringing.hang_up()
    await waiting.ended()
    await compare(hotline, reconciled=True)


async def _all_ended(hotline: Hotline) -> bool:
    return all(call.ended_at is not None for call in await hotline.calls())
