"""A database that takes nothing for a while delays the call that needs it, and no other call."""

import pytest
from sqlalchemy import select

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from storage.tables import talks
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.locked import locked_for_writing
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, in_talk, picks_up
from tests.system.test_service_killed import said, until
from tests.system.test_truths import is_now

pytestmark = pytest.mark.system


def log(hotline: Hotline) -> str:
    return hotline.log.read_text(encoding="utf-8")


async def test_a_database_locked_at_one_answer_interrupts_neither_that_talk_nor_anybody_else(
    hotline: Hotline,
) -> None:
    desk = await hotline.desk("201")
    bystander = await hotline.citizen("+380457900012")
    await bystander.answered()
    await bystander.press("8")
    await said(hotline, "+380457900012", "wrong-key")
    caller = await asks_for_a_dispatcher(hotline, "+380457900011", tone(CITIZEN))
    first = await desk.next_call()

    with locked_for_writing(hotline):
        await bystander.press("1")
        await first.answer(tone(FIRST))
        await caller.heard_tone(FIRST)
        await first.heard_tone(CITIZEN)
        await first.hang_up()
        await caller.ended()

    await until(hotline, "+380457900011", Step.ENDED)
    (talk,) = [one for one in await hotline.calls() if one.number == "+380457900011"]
    assert talk.outcome is Outcome.TALKED
    assert (await hotline.steps(talk.id)).count(Step.DISPATCHER_OFFERED) == 1

    async def free() -> bool:
        return (await hotline.dispatcher("201")).presence is Presence.READY

    await hotline.until(free)
    async with hotline.storage.database.reading() as connection:
        ended = (await connection.execute(select(talks.c.call_id, talks.c.ended_at.is_not(None)))).all()
    assert [tuple(one) for one in ended] == [(talk.id, True)]
    await said(hotline, "+380457900012", "no-outages")
    assert "given up" not in log(hotline)
    for call in await hotline.calls():
        assert Step.SERVICE_RESUMED not in await hotline.steps(call.id)


async def test_whose_place_was_taken_while_their_talk_could_not_be_written_is_back_in_the_line(
    hotline: Hotline,
) -> None:
    desk = await hotline.desk("201")
    caller = await asks_for_a_dispatcher(hotline, "+380457900011", tone(CITIZEN))
    unwritten = await desk.next_call()
    with locked_for_writing(hotline) as another:
        await unwritten.answer(tone(FIRST))
        await caller.heard_tone(FIRST)
        await unwritten.heard_tone(CITIZEN)
        another.execute("UPDATE queue_entries SET state = 'waiting', dispatcher_id = NULL")
        another.execute("UPDATE dispatchers SET presence = 'ready'")
        another.execute("COMMIT")

    await unwritten.ended()
    assert caller.end is None
    again = await picks_up(desk, SECOND)
    await caller.heard_tone(SECOND)
    await again.heard_tone(CITIZEN)
    await hotline.until(lambda: is_now(hotline, "201", Presence.TALKING))
    await again.hang_up()
    await caller.ended()

    record = await hotline.ended_call()
    assert record.outcome is Outcome.TALKED
    steps = await hotline.steps(record.id)
    assert steps.count(Step.RETURNED_TO_LINE) == 1
    # The line may have them before their talk is given up: then the desk is rung for them in vain once.
    assert steps.count(Step.DISPATCHER_OFFERED) in {2, 3}
    await hotline.until(lambda: is_now(hotline, "201", Presence.READY))


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

    await hotline.until(free)
    await talker.hang_up()
    caller = await asks_for_a_dispatcher(hotline, "+380457900011")
    again = await picks_up(desk, FIRST)
    await caller.heard_tone(FIRST)
    await again.hang_up()
