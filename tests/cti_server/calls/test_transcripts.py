"""What was said in a message stands beside its sound, and a person can put it right."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import Outcome, VoiceMessage
from hotline.speech.hearing import Engine, HeardWord
from hotline.speech.transcripts import LONGEST_CORRECTION, Transcript
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA, NOON, call
from tests.cti_server.conftest import Person

UNSURE = '<mark title="почуто непевно">води</mark>'


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User], storage: Storage) -> Person:
    assert users
    await left(storage, "m1", MARIA)
    await person.sign_in(Role.DISPATCHER.value)
    return person


async def left(storage: Storage, call_id: str, number: str | None, minutes: int = 0) -> None:
    """Leave a message in a missed call."""
    await call(storage, call_id, number, minutes, Outcome.MESSAGE_LEFT)
    await storage.calls.keep_message(
        VoiceMessage(
            id=f"msg-{call_id}",
            call_id=call_id,
            number=number,
            file=f"{call_id}.wav",
            began_at=NOON + timedelta(minutes=minutes, seconds=30),
            seconds=4.0,
        )
    )


async def write_down(storage: Storage, sound: str, *words: tuple[str, float]) -> None:
    heard = [
        HeardWord(text=text, begins=at, ends=at + 1, confidence=confidence)
        for at, (text, confidence) in enumerate(words)
    ]
    await storage.transcripts.keep(
        Transcript(
            sound=sound,
            text=" ".join(word.text for word in heard),
            words=tuple(heard),
            engine=Engine.WHISPER,
            model="base",
            language=Language.UKRAINIAN,
            made_at=NOON,
        )
    )


@pytest.mark.parametrize("number", [MARIA, None])
async def test_the_list_to_call_back_shows_what_was_said_and_marks_what_was_heard_unsurely(
    worker: Person, storage: Storage, number: str | None
) -> None:
    await left(storage, "m2", number)
    before = (await worker.get("/calls/missed")).headers["ETag"]
    await write_down(storage, "msg-m2", ("у", 0.9), ("нас", 0.9), ("немає", 0.8), ("води", 0.2))
    answer = await worker.get("/calls/missed")
    assert f"у нас немає {UNSURE}" in await answer.text()
    assert answer.headers["ETag"] != before  # so that an open list shows it by itself


async def test_the_page_of_the_call_shows_it_beside_the_player(worker: Person, storage: Storage) -> None:
    assert "Виправити текст" not in await worker.text("/calls/m1")
    await write_down(storage, "msg-m1", ("немає", 0.9), ("води", 0.2))
    page = await worker.text("/calls/m1")
    assert f"немає {UNSURE}" in page
    assert "записала машина" in page


async def test_silence_is_said_to_have_no_words(worker: Person, storage: Storage) -> None:
    await write_down(storage, "msg-m1")
    for place in ("/calls/m1", "/calls/missed"):
        assert "Машина не розібрала жодного слова." in await worker.text(place)


async def test_a_persons_text_stands_in_its_place_with_who_and_when(worker: Person, storage: Storage) -> None:
    await write_down(storage, "msg-m1", ("немає", 0.9), ("води", 0.2))
    address = "/calls/m1/messages/msg-m1/transcript"
    assert (await worker.post(address, {"text": " Немає <біди> "})).status == 303
    page = await worker.text("/calls/m1")
    assert "Немає &lt;біди&gt; <small" in page
    assert "Машина почула: немає води" in page
    assert "dispatcher," in page
    assert "виправлено вручну" in await worker.text("/calls/missed")
    (change,) = await storage.audit.find(AuditFilter(action="change", subject="message:msg-m1"), limit=9)
    assert change.detail == "transcript"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" ", "Спершу напишіть, що було сказано."),
        ("я" * (LONGEST_CORRECTION + 1), "Текст може мати щонайбільше 10 000 знаків."),
    ],
)
async def test_an_empty_or_endless_text_comes_back_with_the_reason(
    worker: Person, storage: Storage, text: str, reason: str
) -> None:
    await write_down(storage, "msg-m1", ("немає", 0.9))
    answer = await worker.post("/calls/m1/messages/msg-m1/transcript", {"text": text})
    assert answer.status == 422
    assert reason in await answer.text()
    assert (await storage.transcripts.of(["msg-m1"]))["msg-m1"].corrected is None


async def test_what_was_never_written_down_cannot_be_put_right(worker: Person) -> None:
    for address in ("/calls/m1/messages/msg-m1/transcript", "/calls/m1/messages/other/transcript"):
        assert (await worker.post(address, {"text": "Так"})).status == 404
