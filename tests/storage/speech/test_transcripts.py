"""Transcripts of messages and talks: which are owed, what people make of them, by what they are found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from hotline.access.permissions import Role
from hotline.calls.call import CallRecord, Outcome, Recording, VoiceMessage
from hotline.calls.history import CallFilter, Position
from hotline.errors import NotFound
from hotline.speech.hearing import Engine, HeardWord, Use
from hotline.speech.transcripts import EVER, Side, Speaker, Transcript
from hotline.voice.speech import Language
from storage.store import Storage
from storage.tables import transcripts, voice_messages
from tests.storage.conftest import NOON

BOTH = frozenset(Language)
WATER = Transcript(
    sound="msg-1",
    text="немає води",
    words=(
        HeardWord(text="немає", begins=0.2, ends=0.6, confidence=0.9),
        HeardWord(text="води", begins=0.7, ends=1.1, confidence=0.3),
    ),
    engine=Engine.WHISPER,
    model="base",
    language=Language.UKRAINIAN,
    made_at=NOON,
)


async def left(
    storage: Storage, number: int, *, seconds: float | None = 4.0, language: Language = Language.UKRAINIAN
) -> None:
    at = NOON + timedelta(minutes=number)
    who = "+380457900001"
    await storage.calls.open(
        CallRecord(id=f"c{number}", number=who, shown=who, arrived_at=at, language=language)
    )
    await storage.calls.close(f"c{number}", Outcome.MESSAGE_LEFT, at)
    await storage.calls.flush()
    await storage.calls.keep_message(
        VoiceMessage(
            id=f"msg-{number}", call_id=f"c{number}", number=who, file="a.wav", began_at=at, seconds=seconds
        )
    )


async def talked(storage: Storage, number: int, *, one_file: bool = False) -> None:
    at = NOON + timedelta(minutes=number)
    await storage.calls.open(CallRecord(id=f"c{number}", number=None, shown="", arrived_at=at))
    await storage.calls.flush()
    await storage.calls.keep_recording(recording(number, one_file=one_file))


def recording(number: int, *, one_file: bool = False) -> Recording:
    return Recording(
        id=f"ring-{number}",
        call_id=f"c{number}",
        dispatcher_id=None,
        started_at=NOON + timedelta(minutes=number),
        caller_file="tx.wav",
        dispatcher_file="tx.wav" if one_file else "rx.wav",
        listening_file="both.wav",
        seconds=9.0,
    )


async def owed(
    storage: Storage, languages: frozenset[Language] = BOTH, limit: int = 9, since: datetime = EVER
) -> Sequence[str]:
    wanted = dict.fromkeys(Use, languages)
    found = await storage.transcripts.unwritten(wanted, limit, since)
    return [one.sound if one.of is Use.MESSAGES else f"{one.sound} {one.speaker}" for one in found]


async def test_finished_messages_are_owed_a_transcript_the_newest_first(storage: Storage) -> None:
    await left(storage, 1)
    await left(storage, 2, seconds=None)  # still being recorded
    await left(storage, 3)
    assert await owed(storage) == ["msg-3", "msg-1"]
    assert await owed(storage, limit=1) == ["msg-3"]


async def test_messages_of_a_language_without_a_model_are_left_alone(storage: Storage) -> None:
    await left(storage, 1)
    await left(storage, 2, language=Language.ENGLISH)
    assert await owed(storage, frozenset({Language.ENGLISH})) == ["msg-2"]
    (one,) = await storage.transcripts.unwritten({Use.MESSAGES: {Language.UKRAINIAN}}, 9)
    assert (one.file, one.language) == ("a.wav", Language.UKRAINIAN)


async def test_a_message_whose_call_is_not_on_record_yet_is_taken_for_ukrainian(storage: Storage) -> None:
    await storage.calls.keep_message(
        VoiceMessage(id="msg-9", call_id="later", number=None, file="a.wav", began_at=NOON, seconds=2.0)
    )
    assert await owed(storage, frozenset({Language.UKRAINIAN})) == ["msg-9"]


async def test_what_was_heard_is_kept_once_with_times_and_confidence(storage: Storage) -> None:
    await left(storage, 1)
    await storage.transcripts.keep(WATER, NOON)
    await storage.transcripts.keep(replace(WATER, text="інше", words=()), NOON)
    assert await storage.transcripts.of(["msg-1", "msg-2"]) == {"msg-1": WATER}
    assert await owed(storage) == []


async def test_nothing_is_kept_of_a_message_that_has_gone_meanwhile(storage: Storage) -> None:
    await storage.transcripts.keep(WATER, NOON)
    assert await storage.transcripts.of(["msg-1"]) == {}


async def test_a_persons_text_stands_beside_what_was_heard(storage: Storage) -> None:
    user = await storage.users.add(login="d", name="Д", role=Role.DISPATCHER, password_hash="x")
    await left(storage, 1)
    await storage.transcripts.keep(WATER, NOON)
    await storage.transcripts.correct(Side("msg-1"), "Немає води!", user.id, NOON)
    kept = (await storage.transcripts.of(["msg-1"]))["msg-1"]
    assert kept == replace(WATER, corrected="Немає води!", corrected_by=user.id, corrected_at=NOON)
    with pytest.raises(NotFound):
        await storage.transcripts.correct(Side("msg-2"), "Нічого", user.id, NOON)


async def test_each_side_of_a_talk_is_owed_behind_all_messages(storage: Storage) -> None:
    await left(storage, 1)
    await talked(storage, 2)
    await talked(storage, 3, one_file=True)
    sides = ["ring-3 both", "ring-2 caller", "ring-2 dispatcher"]
    assert await owed(storage) == ["msg-1", *sides]
    assert await owed(storage, limit=3) == ["msg-1", *sides[:2]]
    assert await owed(storage, frozenset({Language.ENGLISH})) == []
    assert await owed(storage, since=NOON + timedelta(minutes=3)) == ["ring-3 both"]


async def test_a_talk_without_sound_or_not_copied_yet_is_not_owed(storage: Storage) -> None:
    await talked(storage, 1)
    await storage.calls.keep_recording(replace(recording(1), seconds=None, listening_file=None))
    assert await owed(storage) == []
    await storage.calls.keep_recording(replace(recording(1), seconds=0.0, listening_file=""))
    assert await owed(storage) == []


async def test_the_sides_of_a_talk_are_kept_and_put_right_apart(storage: Storage) -> None:
    user = await storage.users.add(login="d", name="Д", role=Role.DISPATCHER, password_hash="x")
    await talked(storage, 2)
    caller = replace(WATER, sound="ring-2", of=Use.RECORDINGS)
    dispatcher = replace(caller, speaker=Speaker.DISPATCHER, text="слухаю", words=())
    for _ in range(2):
        await storage.transcripts.keep(caller, NOON)
        await storage.transcripts.keep(dispatcher, NOON)
    assert await owed(storage) == []
    await storage.transcripts.correct(
        Side("ring-2", Use.RECORDINGS, Speaker.DISPATCHER), "Слухаю вас", user.id, NOON
    )
    kept = await storage.transcripts.of_talks(["ring-2", "ring-9"])
    mended = replace(dispatcher, corrected="Слухаю вас", corrected_by=user.id, corrected_at=NOON)
    assert kept == {"ring-2": [caller, mended]}
    with pytest.raises(NotFound):
        await storage.transcripts.correct(Side("ring-2", Use.RECORDINGS, Speaker.BOTH), "Ні", user.id, NOON)


async def found(storage: Storage, text: str) -> Sequence[str]:
    return [one.transcript.sound for one in (await storage.transcripts.find(text, 9))[1]]


async def test_what_was_said_is_found_in_any_form_of_its_words_the_newest_first(storage: Storage) -> None:
    user = await storage.users.add(login="d", name="Д", role=Role.DISPATCHER, password_hash="x")
    await left(storage, 1)
    await talked(storage, 2)
    await storage.transcripts.keep(
        replace(WATER, sound="ring-2", of=Use.RECORDINGS), NOON + timedelta(minutes=2)
    )
    await storage.transcripts.keep(WATER, NOON + timedelta(minutes=1))
    assert await found(storage, "вода") == ["ring-2", "msg-1"]
    await storage.transcripts.correct(Side("msg-1"), "Немає тепла", user.id, NOON)
    assert await found(storage, "воду") == ["ring-2"]
    assert await found(storage, "тепло") == ["msg-1"]
    _, (one,) = await storage.transcripts.find("тепло", 9)
    assert (one.call_id, one.began_at) == ("c1", NOON + timedelta(minutes=1))
    for nothing in ("", "і не", "електрика"):
        assert await found(storage, nothing) == []


async def test_calls_in_which_it_was_said_are_paged_through_however_far_apart(storage: Storage) -> None:
    ago = (0, -30, -600, -5_000, -60_000, -500_000)
    for number in ago:
        await left(storage, number)
        at = NOON + timedelta(minutes=number)
        await storage.transcripts.keep(replace(WATER, sound=f"msg-{number}"), at)
        await left(storage, number - 1)  # of which nothing is written down

    async def listed(limit: int, **wanted: datetime) -> Sequence[str]:
        found, behind = list[str](), None
        asked = CallFilter(said="вода", **wanted)
        while page := await storage.history.find(asked, limit=limit, behind=behind):
            found += [one.call.id for one in page]
            behind = Position(arrived_at=page[-1].call.arrived_at, call_id=page[-1].call.id)
        return found

    for limit in (1, 2, 5, 9):
        assert await listed(limit) == [f"c{number}" for number in ago]
    week = {"since": NOON - timedelta(days=7), "until": NOON}
    assert await listed(2, **week) == ["c-30", "c-600", "c-5000"]
    assert await listed(2, until=NOON - timedelta(days=9_000)) == []


async def test_nothing_is_found_by_what_is_masked(storage: Storage) -> None:
    await left(storage, 1)
    said = ["картка", "4149499312345679", "дякую"]
    words = tuple(HeardWord(text=one, begins=at, ends=at + 1, confidence=1) for at, one in enumerate(said))
    await storage.transcripts.keep(replace(WATER, text=" ".join(said), words=words), NOON)
    assert await found(storage, "картка") == ["msg-1"]
    assert await found(storage, "4149499312345679") == []


async def test_what_is_deleted_with_its_sound_is_found_no_more(storage: Storage) -> None:
    await left(storage, 1)
    await storage.transcripts.keep(WATER, NOON)
    async with storage.database.writing() as connection:
        await connection.execute(delete(voice_messages))
    assert await found(storage, "вода") == []


async def test_transcripts_from_before_the_search_get_their_words(storage: Storage) -> None:
    await left(storage, 1)
    await storage.transcripts.keep(WATER, NOON)
    async with storage.database.writing() as connection:
        await connection.execute(update(transcripts).values(lemmas=None))
    assert await found(storage, "вода") == []
    assert [await storage.transcripts.index() for _ in range(2)] == [1, 0]
    assert await found(storage, "вода") == ["msg-1"]
