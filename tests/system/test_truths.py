"""What must be true of the line and Asterisk together stays true, or is true again within seconds."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, update

from hotline.calls.call import Outcome, Step
from hotline.clock import SystemClock
from hotline.errors import Engaged
from hotline.line.invariants import Truth
from hotline.line.presence_states import ASTERISKS_QUEUE, Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.tables import dispatchers, recordings
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.invariants import hold
from tests.system.locked import locked_for_writing
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, in_talk, loudest, picks_up

pytestmark = pytest.mark.system

ANOTHER = "+380457900002"


@pytest.mark.parametrize("first", [Presence.PAUSED, pytest.param(Presence.AWAY, marks=pytest.mark.nightly)])
async def test_no_second_caller_is_rung_into_a_talk_after_pause_or_leave_and_ready(
    hotline: Hotline, first: Presence
) -> None:
    desk = await hotline.desk("201")
    citizen, talk = await in_talk(hotline, desk)
    await hotline.presence("201", first, "tea" if first is Presence.PAUSED else "")
    await hotline.presence("201", Presence.READY)
    with pytest.raises(Engaged):
        await hotline.presence("201", Presence.READY)
    another = await asks_for_a_dispatcher(hotline, ANOTHER)
    await waits(hotline)
    await talk.hang_up()
    await citizen.ended()
    await picks_up(desk, SECOND)
    await another.heard_tone(SECOND)
    assert await offered_after(hotline, Step.TALK_ENDED)
    await hold(hotline)


async def test_who_wished_for_a_pause_in_a_talk_has_it_afterwards_and_nobody_is_rung(
    hotline: Hotline,
) -> None:
    desk = await hotline.desk("201")
    citizen, talk = await in_talk(hotline, desk)
    await hotline.presence("201", Presence.PAUSED, "tea")
    one = await hotline.dispatcher("201")
    assert (one.presence, one.on_duty) == (Presence.TALKING, False)
    await talk.hang_up()
    await citizen.ended()
    await hotline.until(lambda: is_now(hotline, "201", Presence.PAUSED, "tea"))
    await hold(hotline)


async def test_no_caller_is_left_with_an_offer_that_never_rings(hotline: Hotline) -> None:
    """What a lost reply to a committed pairing leaves: the row says offered, and no phone was ever rung."""
    await in_talk(hotline, await hotline.desk("202"))
    desk = await hotline.desk("201")
    await hotline.presence("201", Presence.PAUSED, "tea")
    citizen = await asks_for_a_dispatcher(hotline, ANOTHER)
    waiting = await waits(hotline)
    one = await hotline.dispatcher("201")
    assert await hotline.storage.line.pick(waiting, one.id, SystemClock().now())

    await picks_up(desk, SECOND)

    await citizen.heard_tone(SECOND)
    assert healed(hotline, Truth.OFFER_RINGS)
    await hold(hotline)


async def test_no_dispatcher_is_left_talking_to_nobody(hotline: Hotline) -> None:
    """What a failed write at the end of a talk leaves: the row says talking, and there is no call."""
    desk = await hotline.desk("201")
    one = await hotline.dispatcher("201")
    assert await hotline.storage.line.calls_out("out-nobody", one.id, SystemClock().now())
    citizen = await asks_for_a_dispatcher(hotline)

    await picks_up(desk, FIRST)

    await citizen.heard_tone(FIRST)
    assert healed(hotline, Truth.TALK_HAS_PHONE, Truth.CALLER_IS_HERE)
    await hold(hotline)


async def test_no_dispatcher_is_left_engaged_by_a_consult_that_is_none(hotline: Hotline) -> None:
    await hotline.desk("201")
    one = await hotline.dispatcher("201")
    assert await hotline.storage.line.engage(one.id, SystemClock().now(), "consult")
    await hotline.until(lambda: is_now(hotline, "201", Presence.READY))
    assert healed(hotline, Truth.ENGAGED_WITH_SOMEBODY)


async def test_no_place_is_kept_for_a_caller_who_is_not_there(hotline: Hotline) -> None:
    await hotline.storage.line.enter("nobody", at=SystemClock().now())

    async def gone() -> bool:
        return not await hotline.storage.line.entries()

    await hotline.until(gone)
    assert healed(hotline, Truth.CALLER_IS_HERE)


async def test_no_empty_bridge_of_ours_stays_in_asterisk(hotline: Hotline) -> None:
    await hotline.node.ask("POST", "bridges/talk-ring-nobody-1", type="mixing")

    async def gone() -> bool:
        return not await hotline.node.ask("GET", "bridges")

    await hotline.until(gone)
    assert healed(hotline, Truth.BRIDGE_HOLDS_SOMEBODY)


async def test_a_write_that_fails_at_the_end_of_a_talk_strands_nobody(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    citizen, _talk = await in_talk(hotline, desk)
    with locked_for_writing(hotline):
        await citizen.hang_up()
        await hotline.until(lambda: "database is locked" in hotline.log.read_text("utf-8"))
    another = await asks_for_a_dispatcher(hotline, ANOTHER)
    await picks_up(desk, SECOND)
    await another.heard_tone(SECOND)
    await hold(hotline)


async def test_who_answers_in_asterisks_own_queue_is_offered_nobody_else(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    citizen = await hotline.citizen(sound=tone(CITIZEN))
    await citizen.answered()
    await hotline.reached(Step.ANSWERED)
    with the_line_cannot_be_entered(hotline):
        await citizen.press("0")
        await hotline.reached(Step.FELL_BACK)
    talk = await picks_up(desk, FIRST)
    await talk.heard_tone(CITIZEN)
    await hotline.until(lambda: is_now(hotline, "201", Presence.TALKING, ASTERISKS_QUEUE))

    another = await asks_for_a_dispatcher(hotline, ANOTHER)
    await hotline.reached(Step.JOINED_LINE)
    assert [one.state for one in await hotline.storage.line.entries()] == [QueueEntryState.WAITING]
    await talk.hang_up()
    await picks_up(desk, SECOND)
    await another.heard_tone(SECOND)
    _first, second = [await hotline.journey(call.id) for call in await hotline.calls()]
    assert [step.step for step in second].count(Step.DISPATCHER_OFFERED) == 1
    await hold(hotline)


async def test_whose_telephone_rings_twice_is_rung_into_neither_talk(hotline: Hotline) -> None:
    """Asterisk's own queue rings a desk first, then a caller of ours is offered to it as well."""
    desk = await hotline.desk("201")
    citizen = await hotline.citizen(sound=tone(CITIZEN))
    await citizen.answered()
    await hotline.reached(Step.ANSWERED)
    with the_line_cannot_be_entered(hotline):
        await citizen.press("0")
        await hotline.reached(Step.FELL_BACK)
    queued = await desk.next_call()
    another = await asks_for_a_dispatcher(hotline, ANOTHER)
    ours = await desk.next_call()

    await queued.answer(tone(FIRST))
    await citizen.heard_tone(FIRST)
    await ours.ended()
    await hotline.until(lambda: is_now(hotline, "201", Presence.TALKING, ASTERISKS_QUEUE))
    assert [one.state for one in await hotline.storage.line.entries()] == [QueueEntryState.WAITING]

    await queued.hang_up()
    await picks_up(desk, SECOND)
    await another.heard_tone(SECOND)
    second = await hotline.journey((await hotline.calls())[1].id)
    assert [step.step for step in second].count(Step.DISPATCHER_OFFERED) == 2
    await hold(hotline)


async def waits(hotline: Hotline) -> str:
    """Wait for somebody to stand in the line; their call."""
    found: list[str] = []

    async def there() -> bool:
        places = await hotline.storage.line.entries()
        found[:] = [place.call_id for place in places if place.state is QueueEntryState.WAITING]
        return bool(found)

    await hotline.until(there)
    return found[0]


async def offered_after(hotline: Hotline, step: Step) -> bool:
    """Whether the second caller was offered only when the first had come to this step."""
    first, second = [await hotline.journey(call.id) for call in await hotline.calls()]
    over = next(one.at for one in first if one.step is step)
    return all(one.at >= over for one in second if one.step is Step.DISPATCHER_OFFERED)


async def is_now(hotline: Hotline, extension: str, presence: Presence, reason: str = "") -> bool:
    one = await hotline.dispatcher(extension)
    return (one.presence, one.reason) == (presence, reason)


def healed(hotline: Hotline, truth: Truth, *also: Truth) -> bool:
    """Whether the service has found broken what this test broke; `hold` asks for whatever else it found.

    `also` may be broken with it, and found or not.
    """
    hotline.broken_on_purpose |= {truth, *also}
    return truth in hotline.found_broken()


@contextmanager
def the_line_cannot_be_entered(hotline: Hotline) -> Iterator[None]:
    """Have whoever wants into the line meet an error: they go to Asterisk's own queue, for good."""
    file = str(make_url(hotline.settings.database_url).database)
    refusing = "BEFORE INSERT ON queue_entries BEGIN SELECT RAISE(ABORT, 'no places today'); END"
    with sqlite3.connect(file) as connection:
        connection.execute(f"CREATE TRIGGER no_places {refusing}")
    yield
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER no_places")


async def test_no_talk_goes_on_unrecorded(hotline: Hotline) -> None:
    """What a lost record of a recording leaves: it would be in no list, and nobody would listen to it."""
    citizen, talk = await in_talk(hotline, await hotline.desk("201"))
    call = await hotline.only_call()
    async with hotline.storage.database.writing() as connection:
        await connection.execute(delete(recordings).where(recordings.c.call_id == call.id))

    async def recorded() -> bool:
        return bool(await hotline.storage.calls.recordings(call.id))

    await hotline.until(recorded)
    assert healed(hotline, Truth.TALK_IS_RECORDED)
    await citizen.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await citizen.ended()
    (recording,) = await hotline.storage.calls.recordings(call.id)
    assert loudest(Path(recording.caller_file)) == CITIZEN
    assert (await hotline.ended_call()).outcome is Outcome.TALKED
    await hold(hotline)


async def test_no_dispatcher_who_talks_is_shown_as_free(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    one = await hotline.dispatcher("201")
    citizen, talk = await in_talk(hotline, desk)
    async with hotline.storage.database.writing() as connection:
        shown = {"presence": Presence.READY.value}
        await connection.execute(update(dispatchers).where(dispatchers.c.id == one.id).values(shown))

    await hotline.until(lambda: is_now(hotline, "201", Presence.TALKING))

    assert healed(hotline, Truth.ENTRY_ENGAGES)
    await citizen.heard_tone(FIRST)
    await talk.hang_up()
    await hotline.until(lambda: is_now(hotline, "201", Presence.READY))
    await hold(hotline)
