"""A database that takes nothing for a while delays the call that needs it, and no other call."""

import contextlib

import pytest

from hotline.calls.call import Step
from hotline.line.presence_states import Presence
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.locked import locked_for_writing
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher, in_talk, picks_up
from tests.system.test_service_killed import said, until

pytestmark = pytest.mark.system
PRESSED_EVERY_SECONDS = 3.0


def log(hotline: Hotline) -> str:
    return hotline.log.read_text(encoding="utf-8")


def failed(hotline: Hotline) -> bool:
    return any(told in log(hotline) for told in ("offer failed", "given up"))


async def test_a_database_locked_at_one_answer_interrupts_nobody_else(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    bystander = await hotline.citizen("+380457900012")
    await bystander.answered()
    await bystander.press("8")
    await said(hotline, "+380457900012", "wrong-key")
    caller = await asks_for_a_dispatcher(hotline, "+380457900011", tone(CITIZEN))
    first = await desk.next_call()

    with locked_for_writing(hotline):
        await first.answer(tone(FIRST))
        while not failed(hotline):
            await bystander.press("1")  # else the menu's silence would lead them to a dispatcher
            with contextlib.suppress(TimeoutError):
                await hotline.until(lambda: failed(hotline), seconds=PRESSED_EVERY_SECONDS)

    again = await picks_up(desk, FIRST)
    await caller.heard_tone(FIRST)
    await again.hang_up()
    await until(hotline, "+380457900011", Step.TALK_ENDED)
    await bystander.press("1")
    await said(hotline, "+380457900012", "no-outages")
    assert "given up" not in log(hotline)
    for call in await hotline.calls():
        assert Step.SERVICE_RESUMED not in await hotline.steps(call.id)


async def test_a_dispatcher_whose_talk_ends_while_nothing_can_be_written_is_free_afterwards(
    hotline: Hotline,
) -> None:
    desk = await hotline.desk("201")
    talker, taken = await in_talk(hotline, desk)

    with locked_for_writing(hotline):
        await taken.hang_up()
        await hotline.until(lambda: "dispatcher not freed" in log(hotline) or "call failed" in log(hotline))

    async def free() -> bool:
        return (await hotline.dispatcher("201")).presence is Presence.READY

    await hotline.until(free, seconds=30)
    await talker.hang_up()
    caller = await asks_for_a_dispatcher(hotline, "+380457900011")
    again = await picks_up(desk, FIRST)
    await caller.heard_tone(FIRST)
    await again.hang_up()
