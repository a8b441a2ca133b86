"""What was said in a message or a talk stands beside its sound, is put right, and is masked."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import Outcome, VoiceMessage
from hotline.speech.hearing import Engine, HeardWord, Use
from hotline.speech.transcripts import LONGEST_CORRECTION, Speaker, Transcript
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA, NOON, call
from tests.cti_server.conftest import Person

UNSURE = '<mark title="почуто непевно">води</mark>'


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User], storage: Storage) -> Person:
    assert users
    await left(storage, "m1", MARIA)
    await person.enter(Role.DISPATCHER.value)
    return person


async def left(
    storage: Storage, call_id: str, number: str | None, minutes: int = 0, folder: Path = Path()
) -> None:
    """Leave a message in a missed call, whose sound is to lie in the folder."""
    await call(storage, call_id, number, minutes, Outcome.MESSAGE_LEFT)
    await storage.calls.keep_message(
        VoiceMessage(
            id=f"msg-{call_id}",
            call_id=call_id,
            number=number,
            file=str(folder / f"{call_id}.wav"),
            began_at=NOON + timedelta(minutes=minutes, seconds=30),
            seconds=4.0,
        )
    )


async def write_down(
    storage: Storage,
    sound: str,
    *words: tuple[str, float],
    of: Use = Use.MESSAGES,
    speaker: Speaker = Speaker.CALLER,
    since: float = 0.0,
) -> None:
    heard = [
        HeardWord(text=text, begins=since + at, ends=since + at + 1, confidence=confidence)
        for at, (text, confidence) in enumerate(words)
    ]
    await storage.transcripts.keep(
        Transcript(
            sound=sound,
            of=of,
            speaker=speaker,
            text=" ".join(word.text for word in heard),
            words=tuple(heard),
            engine=Engine.WHISPER,
            model="base",
            language=Language.UKRAINIAN,
            made_at=NOON,
        ),
        NOON,
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
    assert "машина" in page
    assert f">{UNSURE}</span>" in page
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
    assert ">&lt;біди&gt;</span>" in page
    assert "Машина почула: немає води" in page
    assert "dispatcher," in page
    assert "виправлено вручну" in await worker.text("/calls/missed")
    (change,) = await storage.audit.find(AuditFilter(action="change", subject="message:msg-m1"), limit=9)
    assert change.detail == "transcript caller"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" ", "Спершу напишіть, що було сказано."),
        ("я" * (LONGEST_CORRECTION + 1), "Текст може мати щонайбільше 100 000 знаків."),
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


CARD = ("картка", "4149", "4993", "1234", "5679", "дякую")


async def say(storage: Storage, speaker: Speaker, since: float, *words: str) -> None:
    """Write down what one side of the talk said, a word a second, surely."""
    said = [(word, 0.9) for word in words]
    await write_down(storage, "r1", *said, of=Use.RECORDINGS, speaker=speaker, since=since)


@pytest.fixture
async def listener(person: Person, users: Mapping[Role, User], talk: str) -> Person:
    assert users
    assert talk == "c1"
    await person.enter(Role.DISPATCHER.value)
    return person


def turns(page: str) -> list[str]:
    """The turns of the conversation as they are read."""
    parts = re.findall(r'<p class="spoken-turn.*?</p>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts]


async def test_the_sides_of_a_talk_stand_as_one_conversation_in_the_order_of_time(
    listener: Person, storage: Storage
) -> None:
    await say(storage, Speaker.DISPATCHER, 0, "слухаю")
    await say(storage, Speaker.CALLER, 2.5, "немає", "води")
    page = await listener.text("/calls/c1")
    assert turns(page) == ["0:00 Диспетчер: слухаю", "0:02 Заявник: немає води"]
    assert 'href="/calls/c1/recordings/r1/sound#t=2.50"' in page  # where there are no scripts


async def test_each_side_is_put_right_apart_and_keeps_its_place(listener: Person, storage: Storage) -> None:
    await say(storage, Speaker.DISPATCHER, 0, "слухаю")
    await say(storage, Speaker.CALLER, 2.5, "не", "маводи")
    address = "/calls/c1/recordings/r1/transcript/caller"
    assert (await listener.post(address, {"text": "Немає води"})).status == 303
    page = await listener.text("/calls/c1")
    assert turns(page) == ["0:00 Диспетчер: слухаю", "0:02 Заявник: Немає води"]
    assert "Машина почула: не маводи" in page
    (change,) = await storage.audit.find(AuditFilter(action="change", subject="recording:r1"), limit=9)
    assert change.detail == "transcript caller"
    assert (await listener.post("/calls/c1/recordings/r1/transcript/both", {"text": "так"})).status == 404
    assert (await listener.post("/calls/m1/recordings/r1/transcript/caller", {"text": "так"})).status == 404
    empty = await listener.post(address, {"text": " "})
    assert (empty.status, "Спершу напишіть" in await empty.text()) == (422, True)


async def test_a_card_number_is_masked_wherever_the_words_stand(listener: Person, storage: Storage) -> None:
    await say(storage, Speaker.CALLER, 0, *CARD)
    await write_down(storage, "m1", *((word, 0.9) for word in CARD))
    page = await listener.text("/calls/c1")
    assert turns(page)[0] == "0:00 Заявник: картка [номер картки приховано] дякую"
    assert "4993" not in page
    assert "unmasked=1" not in page
    assert "4993" not in await listener.text("/calls/c1?unmasked=1")  # it takes a right of its own
    for sound in ("recordings/r1", "messages/m1"):
        assert (await listener.get(f"/calls/c1/{sound}/unmasked")).status == 403


async def test_the_sound_is_bleeped_where_the_number_is_said(
    listener: Person, storage: Storage, sounds: Mapping[str, Path]
) -> None:
    whole = (sounds["recordings"] / "r1.wav").read_bytes()
    address = "/calls/c1/recordings/r1/sound"
    assert await (await listener.get(address)).read() == whole
    await write_down(
        storage, "r1", ("КМ123456", 0.9), ("так", 0.9), of=Use.RECORDINGS, since=0.5, speaker=Speaker.CALLER
    )
    bleeped = await (await listener.get(address)).read()
    assert len(bleeped) == len(whole)
    head, second = 44, 8000 * 4
    begins, ends = head + int(0.3 * second), head + int(1.7 * second)
    assert bleeped[:begins] == whole[:begins]
    assert bleeped[ends:] == whole[ends:]
    heard = np.frombuffer(bleeped[begins:ends], "<i2").reshape(-1, 2)
    for side in heard.T:
        spectrum = np.abs(np.fft.rfft(side.astype(float)))
        assert np.fft.rfftfreq(len(side), 1 / 8000)[spectrum.argmax()] == pytest.approx(1000, abs=5)


async def test_who_may_hears_and_reads_the_original_and_it_is_on_record(
    person: Person, users: Mapping[Role, User], talk: str, storage: Storage, sounds: Mapping[str, Path]
) -> None:
    assert users
    assert talk
    await person.enter(Role.HEAD.value)
    await say(storage, Speaker.CALLER, 0, *CARD)
    assert 'href="/calls/c1?unmasked=1"' in await person.text("/calls/c1")
    page = await person.text("/calls/c1?unmasked=1")
    assert turns(page) == ["0:00 Заявник: " + " ".join(CARD)]
    assert 'src="/calls/c1/recordings/r1/unmasked"' in page
    heard = await (await person.get("/calls/c1/recordings/r1/unmasked")).read()
    assert heard == (sounds["recordings"] / "r1.wav").read_bytes()
    seen = await storage.audit.find(AuditFilter(subject="call:c1"), limit=9)
    assert [one.detail for one in seen] == ["unmasked", ""]
    (played,) = await storage.audit.find(AuditFilter(action="play", subject="recording:r1"), limit=9)
    assert played.detail == "call:c1 unmasked"


async def test_a_transcript_is_taken_along_as_a_masked_text_and_it_is_on_record(
    person: Person, users: Mapping[Role, User], talk: str, storage: Storage
) -> None:
    assert users
    assert talk
    await person.enter(Role.HEAD.value)
    assert (await person.get("/calls/c1/recordings/r1/transcript")).status == 404
    await say(storage, Speaker.DISPATCHER, 0, "слухаю")
    await say(storage, Speaker.CALLER, 2, *CARD)
    answer = await person.get("/calls/c1/recordings/r1/transcript")
    assert await answer.text() == (
        "0:00 Диспетчер: слухаю\n0:02 Заявник: картка [номер картки приховано] дякую\n"
    )
    assert 'filename="r1.txt"' in answer.headers["Content-Disposition"]
    (taken,) = await storage.audit.find(AuditFilter(action="export", subject="recording:r1"), limit=9)
    assert taken.detail == "call:c1 transcript"


async def test_a_moment_that_was_searched_for_is_marked_in_its_turn(
    listener: Person, storage: Storage
) -> None:
    await say(storage, Speaker.DISPATCHER, 0, "слухаю")
    await say(storage, Speaker.CALLER, 2.5, "немає", "води")
    page = await listener.text("/calls/c1?sound=r1&at=3.5")
    assert re.search(r'<span data-at="3.50" data-ends="4.50" class="spoken-found">води</span>', page)
    assert re.search(r'<p class="spoken-turn spoken-caller" id="here">', page)
    assert "spoken-found" not in await listener.text("/calls/c1?sound=r1&at=so")


async def test_calls_are_listed_by_what_was_said_in_them_with_the_way_to_the_moment(
    listener: Person, storage: Storage
) -> None:
    await call(storage, "c5", MARIA, minutes=5)
    await say(storage, Speaker.DISPATCHER, 0, "слухаю")
    await say(storage, Speaker.CALLER, 2.5, "немає", "гарячої", "води")
    page = await listener.text("/calls?said=вода")
    assert 'href="/calls/c1?sound=r1&amp;at=4.5#here"' in page
    assert "Заявник: немає гарячої <mark>води</mark>" in page
    assert '"/calls/c5"' not in page
    assert "Сказано" in page
    (looked,) = await storage.audit.find(AuditFilter(action="search", subject="calls"), limit=9)
    assert "said=" in looked.detail
    for nothing in ("тепло", "і", "4993"):
        assert "Нічого не знайдено" in await listener.text(f"/calls?said={nothing}")
    csv = await (await listener.get("/calls.csv?said=вода")).text()
    assert "c1" in csv
    assert "c5" not in csv


async def test_what_was_said_goes_together_with_the_other_filters(listener: Person, storage: Storage) -> None:
    await say(storage, Speaker.CALLER, 0, "немає", "води")
    (desk,) = await storage.dispatchers.all()
    for filters, listed in (
        ("direction=incoming", True),
        ("direction=outgoing", False),
        (f"dispatcher={desk.id}", False),  # no talk of theirs is on record
        ("missed=1", False),
    ):
        page = await listener.text(f"/calls?said=вода&{filters}")
        assert ('"/calls/c1"' in page) is listed, filters
