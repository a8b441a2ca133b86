"""Transcripts of voice messages: which are owed, the newest first, and what a person makes of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.calls.call import CallRecord, Outcome, VoiceMessage
from hotline.errors import NotFound
from hotline.speech.hearing import Engine, HeardWord
from hotline.speech.transcripts import Transcript
from hotline.voice.speech import Language
from storage.store import Storage
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


async def owed(storage: Storage, languages: frozenset[Language] = BOTH, limit: int = 9) -> Sequence[str]:
    return [one.sound for one in await storage.transcripts.unwritten(languages, limit)]


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
    (one,) = await storage.transcripts.unwritten({Language.UKRAINIAN}, 9)
    assert (one.file, one.language) == ("a.wav", Language.UKRAINIAN)


async def test_a_message_whose_call_is_not_on_record_yet_is_taken_for_ukrainian(storage: Storage) -> None:
    await storage.calls.keep_message(
        VoiceMessage(id="msg-9", call_id="later", number=None, file="a.wav", began_at=NOON, seconds=2.0)
    )
    assert await owed(storage, frozenset({Language.UKRAINIAN})) == ["msg-9"]


async def test_what_was_heard_is_kept_once_with_times_and_confidence(storage: Storage) -> None:
    await left(storage, 1)
    await storage.transcripts.keep(WATER)
    await storage.transcripts.keep(replace(WATER, text="інше", words=()))
    assert await storage.transcripts.of(["msg-1", "msg-2"]) == {"msg-1": WATER}
    assert await owed(storage) == []


async def test_nothing_is_kept_of_a_message_that_has_gone_meanwhile(storage: Storage) -> None:
    await storage.transcripts.keep(WATER)
    assert await storage.transcripts.of(["msg-1"]) == {}


async def test_a_persons_text_stands_beside_what_was_heard(storage: Storage) -> None:
    user = await storage.users.add(login="d", name="Д", role=Role.DISPATCHER, password_hash="x")
    await left(storage, 1)
    await storage.transcripts.keep(WATER)
    await storage.transcripts.correct("msg-1", "Немає води!", user.id, NOON)
    kept = (await storage.transcripts.of(["msg-1"]))["msg-1"]
    assert kept == replace(WATER, corrected="Немає води!", corrected_by=user.id, corrected_at=NOON)
    with pytest.raises(NotFound):
        await storage.transcripts.correct("msg-2", "Нічого", user.id, NOON)


async def test_runs_of_words_tell_where_the_ear_is_unsure(storage: Storage) -> None:
    assert WATER.runs == [("немає", False), ("води", True)]
