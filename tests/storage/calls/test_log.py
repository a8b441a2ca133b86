from dataclasses import replace
from datetime import timedelta

from hotline.calls.call import CallRecord, Direction, JourneyStep, Outcome, Recording, Step, VoiceMessage
from hotline.voice.speech import Language
from storage.store import Storage
from tests.storage.conftest import NOON

LATER = NOON + timedelta(seconds=5)


def call(call_id: str = "c1", minutes: float = 0) -> CallRecord:
    arrived = NOON + timedelta(minutes=minutes)
    return CallRecord(id=call_id, number="+380457900012", shown="0457900012", arrived_at=arrived)


def step(number: int, what: Step, **detail: str) -> JourneyStep:
    return JourneyStep(call_id="c1", number=number, at=NOON, step=what, detail=detail)


async def test_steps_that_concern_the_call_itself_show_on_it(storage: Storage) -> None:
    await storage.calls.open(call())
    await storage.calls.note(step(1, Step.ANSWERED))
    await storage.calls.heard_first("c1", LATER)
    await storage.calls.heard_first("c1", LATER + timedelta(seconds=9))
    await storage.calls.note(step(2, Step.LANGUAGE_CHOSEN, language="en"))
    await storage.calls.note(step(3, Step.RECORDING_REFUSED))
    await storage.calls.note(step(4, Step.ENDED, outcome="message-left"))
    await storage.calls.flush()
    found = await storage.calls.find("c1")
    assert found is not None
    assert (found.answered_at, found.first_prompt_at, found.language) == (NOON, LATER, Language.ENGLISH)
    assert found.recording_refused
    assert (found.ended_at, found.outcome) == (NOON, Outcome.MESSAGE_LEFT)


async def test_only_the_first_ending_counts_in_one_batch_or_in_two(storage: Storage) -> None:
    await storage.calls.open(call())
    await storage.calls.close("c1", Outcome.TALKED, NOON)
    await storage.calls.close("c1", Outcome.LOST, LATER)
    await storage.calls.flush()
    await storage.calls.close("c1", Outcome.ABANDONED_IN_LINE, LATER)
    await storage.calls.flush()
    found = await storage.calls.find("c1")
    assert found is not None
    assert (found.ended_at, found.outcome) == (NOON, Outcome.TALKED)


async def test_it_is_kept_who_called_whom(storage: Storage) -> None:
    ours = replace(call(), direction=Direction.OUTGOING)
    await storage.calls.open(ours)
    await storage.calls.flush()
    assert await storage.calls.find("c1") == ours


async def test_opening_a_call_on_record_leaves_it_as_it_is(storage: Storage) -> None:
    await storage.calls.open(call())
    await storage.calls.open(call(minutes=3))
    await storage.calls.flush()
    assert await storage.calls.find("c1") == call()
    assert await storage.calls.find("unknown") is None


async def test_recent_calls_come_newest_first_and_unended_ones_oldest_first(storage: Storage) -> None:
    for number in range(4):
        await storage.calls.open(call(f"c{number}", minutes=number))
    await storage.calls.close("c2", Outcome.TALKED, LATER)
    await storage.calls.flush()
    assert [each.id for each in await storage.calls.recent(2)] == ["c3", "c2"]
    assert [each.id for each in await storage.calls.unended()] == ["c0", "c1", "c3"]


async def test_a_recording_is_replaced_when_its_listening_copy_is_made(storage: Storage) -> None:
    dispatcher = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    made = Recording(
        id="r1",
        call_id="c1",
        dispatcher_id=dispatcher.id,
        started_at=NOON,
        caller_file="c.wav",
        dispatcher_file="d.wav",
    )
    await storage.calls.keep_recording(made)
    assert await storage.calls.unfinished_recordings() == [made]
    finished = Recording(
        id="r1",
        call_id="c1",
        dispatcher_id=dispatcher.id,
        started_at=NOON,
        caller_file="c.wav",
        dispatcher_file="d.wav",
        listening_file="l.ogg",
        seconds=12.5,
    )
    await storage.calls.keep_recording(finished)
    assert await storage.calls.unfinished_recordings() == []
    assert await storage.calls.recordings("c1") == [finished]


async def test_messages_come_newest_first_and_are_replaced_by_id(storage: Storage) -> None:
    first = VoiceMessage(id="m1", call_id="c1", number=None, file="1.wav", began_at=NOON)
    second = VoiceMessage(id="m2", call_id="c2", number="+380457900012", file="2.wav", began_at=LATER)
    heard = VoiceMessage(
        id="m1", call_id="c1", number=None, file="1.wav", began_at=NOON, seconds=7, heard_at=LATER
    )
    for message in (first, second, heard):
        await storage.calls.keep_message(message)
    assert await storage.calls.messages() == [second, heard]


async def test_a_message_in_which_nobody_spoke_does_not_stay_as_one(storage: Storage) -> None:
    begun = VoiceMessage(id="m1", call_id="c1", number=None, file="1.wav", began_at=NOON)
    await storage.calls.keep_message(begun)
    await storage.calls.keep_message(replace(begun, seconds=0.0))
    assert await storage.calls.messages() == []
    assert await storage.calls.unfinished_messages() == []


async def test_a_message_that_has_its_length_is_not_taken_for_an_empty_one_later(storage: Storage) -> None:
    """By then its file may be encrypted: nothing is heard in it any more."""
    spoken = VoiceMessage(id="m1", call_id="c1", number=None, file="1.wav", began_at=NOON, seconds=4.0)
    await storage.calls.keep_message(spoken)
    await storage.calls.keep_message(replace(spoken, seconds=0.0))
    assert await storage.calls.messages() == [spoken]


async def test_a_journey_shows_steps_that_are_not_written_yet_and_each_once(storage: Storage) -> None:
    await storage.calls.note(step(1, Step.ARRIVED))
    await storage.calls.flush()
    await storage.calls.note(step(1, Step.ARRIVED))
    await storage.calls.note(step(2, Step.ANSWERED))
    taken = await storage.calls.journey("c1")
    assert [one.step for one in taken] == [Step.ARRIVED, Step.ANSWERED]
    await storage.calls.flush()
    assert await storage.calls.journey("c1") == taken
