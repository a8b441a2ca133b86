"""The waiting line with real phones: who is served when, and what becomes of those whom nobody serves."""

from collections.abc import AsyncIterator

import pytest

from hotline.calls.call import Step
from hotline.calls.skills import Skill
from hotline.clock import SystemClock
from hotline.line.line import Priority
from hotline.line.presence_states import Presence
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import FIRST, SECOND, THIRD, asks_for_a_dispatcher, picks_up, rung_first

pytestmark = pytest.mark.system
ENGLISH = frozenset({Skill.ENGLISH.value})


@pytest.fixture
async def impatient(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """A hotline that tells waiting callers every second where they stand, and rings for two seconds."""
    times = {"HOTLINE_ANNOUNCE_SECONDS": "1", "HOTLINE_RING_SECONDS": "2", "HOTLINE_AFTER_CALL_SECONDS": "1"}
    async with hotlines.lent(**times) as one:
        yield one


async def test_callers_are_served_in_their_order_and_no_engaged_desk_is_rung(hotline: Hotline) -> None:
    phones = {"201": await hotline.desk("201"), "202": await hotline.desk("202")}
    callers = []
    for number in range(4):
        callers.append(await asks_for_a_dispatcher(hotline, f"+38045790000{number}"))
        await hotline.reached(Step.JOINED_LINE, times=number + 1)
        if number < 2:
            await hotline.reached(Step.DISPATCHER_OFFERED, times=number + 1)
    talks = {extension: await picks_up(phone, FIRST) for extension, phone in phones.items()}
    assert {talk.caller[-1] for talk in talks.values()} == {"0", "1"}
    await hotline.reached(Step.TALK_STARTED, times=2)

    for served, number in enumerate("23", start=3):
        free = "201" if served == 3 else "202"
        await talks[free].hang_up()
        extension, ringing = await rung_first(phones)
        assert (extension, ringing.caller[-1]) == (free, number)
        await ringing.answer(tone(SECOND))
        await callers[int(number)].heard_tone(SECOND)
    assert {name: len(phone.calls) for name, phone in phones.items()} == {"201": 2, "202": 2}


async def test_the_urgent_go_first_then_those_who_were_cut_off_then_the_earlier(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    first = await asks_for_a_dispatcher(hotline, "+380457900001")
    talk = await picks_up(desk, FIRST)
    await first.heard_tone(FIRST)
    for number in (2, 3, 4, 5):
        await asks_for_a_dispatcher(hotline, f"+38045790000{number}")
        await hotline.reached(Step.JOINED_LINE, times=number)
    ids = {call.number: call.id for call in await hotline.calls()}
    now = SystemClock().now()
    line = hotline.storage.line
    await line.enter(ids["+380457900004"], at=now, priority=Priority.RETURNING)
    await line.enter(ids["+380457900005"], at=now, priority=Priority.EMERGENCY)

    served = []
    for number in range(3):
        await talk.hang_up()
        talk = await picks_up(desk, FIRST)
        served.append(talk.caller[-1])
        await hotline.reached(Step.TALK_STARTED, times=number + 2)
    assert served == ["5", "4", "2"]


async def test_who_chose_english_goes_to_who_speaks_it_and_after_a_while_to_anybody(
    hotlines: Hotlines,
) -> None:
    async with hotlines.lent(HOTLINE_SKILL_WAIT_SECONDS="3") as hotline:
        plain, speaks = await hotline.desk("201"), await hotline.desk("202")
        await hotline.storage.dispatchers.set_skills((await hotline.dispatcher("202")).id, ENGLISH)

        await asks_in_english(hotline, "+380457900001")
        extension, ringing = await rung_first({"201": plain, "202": speaks})
        await ringing.answer(tone(FIRST))
        assert extension == "202"  # though the other desk is idle longer
        await asks_in_english(hotline, "+380457900002")
        await asks_for_a_dispatcher(hotline, "+380457900003")
        talk = await picks_up(plain, SECOND)
        assert talk.caller == "+380457900003"  # nobody waits behind who waits for a skill
        await hotline.reached(Step.TALK_STARTED, times=2)
        await talk.hang_up()
        assert (await picks_up(plain, SECOND)).caller == "+380457900002"


async def test_who_does_not_answer_is_paused_and_the_caller_is_offered_a_message(impatient: Hotline) -> None:
    desk = await impatient.desk("201")
    await asks_for_a_dispatcher(impatient)
    await desk.next_call()
    await desk.next_call()

    await impatient.reached(Step.LEFT_LINE)
    one = await impatient.dispatcher("201")
    assert (one.presence, one.reason, one.misses) == (Presence.PAUSED, "not-answering", 2)


async def test_a_phone_that_is_not_there_pauses_its_dispatcher_until_it_registers_again(
    hotline: Hotline,
) -> None:
    away, there = await hotline.desk("201"), await hotline.desk("202")
    await away.unregister()
    await asks_for_a_dispatcher(hotline)
    talk = await picks_up(there, SECOND)
    one = await hotline.dispatcher("201")
    assert (one.presence, one.reason, one.misses) == (Presence.PAUSED, "phone-unreachable", 0)

    await asks_for_a_dispatcher(hotline, "+380457900002")
    await hotline.reached(Step.JOINED_LINE, times=2)
    await away.register()

    assert (await picks_up(away, FIRST)).caller == "+380457900002"
    await talk.hang_up()


async def test_a_dispatcher_who_pauses_while_it_rings_is_rung_no_longer(hotline: Hotline) -> None:
    one, other = await hotline.desk("201"), await hotline.desk("202")
    call = await asks_for_a_dispatcher(hotline)
    extension, ringing = await rung_first({"201": one, "202": other})
    await hotline.presence(extension, Presence.PAUSED, "tea")
    await ringing.ended()

    _, second = await rung_first({"201": one, "202": other})
    await second.answer(tone(THIRD))
    await call.heard_tone(THIRD)
    paused = await hotline.dispatcher(extension)
    assert (paused.presence, paused.reason, paused.misses) == (Presence.PAUSED, "tea", 0)


async def test_callers_whom_all_dispatchers_leave_are_told_so_and_can_leave_a_message(
    impatient: Hotline,
) -> None:
    desk = await impatient.desk("201")
    await asks_for_a_dispatcher(impatient)
    await picks_up(desk, FIRST)
    await asks_for_a_dispatcher(impatient, "+380457900002")
    await impatient.reached(Step.JOINED_LINE, times=2)
    await impatient.until(lambda: heard(impatient, "+380457900002", "position-first"))
    assert await heard(impatient, "+380457900002", "wait-")

    await impatient.presence("201", Presence.AWAY)

    await impatient.until(lambda: heard(impatient, "+380457900002", "nobody-on-duty"))


async def test_after_a_talk_a_dispatcher_has_a_moment_of_their_own(impatient: Hotline) -> None:
    desk = await impatient.desk("201")
    await asks_for_a_dispatcher(impatient)
    talk = await picks_up(desk, FIRST)
    await asks_for_a_dispatcher(impatient, "+380457900002")
    await impatient.reached(Step.JOINED_LINE, times=2)
    await impatient.reached(Step.TALK_STARTED)  # who hangs up before it leaves the caller in the line

    await talk.hang_up()

    await impatient.until(lambda: has_duty(impatient, "201", Presence.AFTER_CALL))
    assert (await picks_up(desk, FIRST)).caller == "+380457900002"


async def asks_in_english(hotline: Hotline, number: str) -> None:
    call = await hotline.citizen(number)
    await call.answered()
    await call.press("90")


async def heard(hotline: Hotline, number: str, phrase: str) -> bool:
    (call,) = [one for one in await hotline.calls() if one.number == number]
    steps = await hotline.journey(call.id)
    return any(phrase in str(step.detail.get("phrases")) for step in steps)


async def has_duty(hotline: Hotline, extension: str, presence: Presence) -> bool:
    return (await hotline.dispatcher(extension)).presence is presence
