"""All that is held on a citizen; and its erasure, which leaves what the law has kept and what is others'."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.appeals.attachments import PHOTO, StoredFile
from hotline.calls.call import Outcome, VoiceMessage
from hotline.chats.chat_states import ChatAct
from hotline.chats.chats import Medium, NewChat
from hotline.city.addresses import Address, Street
from hotline.errors import NotFound
from hotline.retention.deletions import DeletedBy
from hotline.retention.holds import HeldThing, UnderLegalHold
from hotline.retention.person import KeptAppeal
from hotline.retention.terms import Kind, Retention
from hotline.speech.hearing import Engine, HeardWord, Use
from hotline.speech.transcripts import Speaker, Transcript
from hotline.voice.speech import Language
from storage.retention.person import _OURS
from storage.store import Storage
from storage.tables import (
    appeals,
    calls,
    citizens,
    known_numbers,
    metadata,
    recordings,
    transcripts,
    voice_messages,
)
from tests.storage.conftest import NOON
from tests.storage.past_calls import call, recording
from tests.storage.retention.test_rules import NUMBER, appealed, count, head, known, row

KEPT = Retention()
SOON = NOON + timedelta(hours=1)
HOME = Address(street="Київський квартал", house="7")
OTHER = "+380671112202"


async def busy(storage: Storage) -> int:
    """Somebody who called twice, with a recording of each talk, and who once said where they live."""
    who = await known(storage)
    await call(storage, "c2", NUMBER, 5, Outcome.TALKED)
    for one in ("c1", "c2"):
        await storage.calls.keep_recording(recording(one))
    await storage.streets.add([Street(name=HOME.street)])
    await storage.known_places.remember(NUMBER, HOME, call_id="c1", at=NOON)
    return who


async def test_who_has_no_appeal_is_erased_whole_at_once(storage: Storage) -> None:
    who = await busy(storage)
    assert (await storage.person_data.reasons(who, KEPT)).whole
    await storage.person_data.erase(who, KEPT, SOON)
    assert [await count(storage, one) for one in (citizens, recordings, known_numbers)] == [0, 0, 0]
    assert await storage.known_places.addresses_of(NUMBER) == []
    async with storage.database.reading() as connection:
        numbers = (await connection.execute(select(calls.c.number, calls.c.shown))).all()
    assert [tuple(one) for one in numbers] == [(None, ""), (None, "")]
    assert len(await storage.retention.doomed()) == 6
    lines = await storage.retention.latest()
    assert {(one.cause, one.days) for one in lines} == {(DeletedBy.ERASURE, 0)}
    with pytest.raises(NotFound):
        await storage.person_data.reasons(who, KEPT)


async def test_an_appeal_within_its_term_stays_with_its_call_and_says_until_when(storage: Storage) -> None:
    who = await busy(storage)
    await appealed(storage, who)
    found = await storage.person_data.reasons(who, KEPT)
    assert found.appeals == [KeptAppeal(number="2600001", until=NOON + KEPT.appeals)]
    assert not found.whole
    await storage.person_data.erase(who, KEPT, SOON)
    assert (await row(storage, appeals))["applicant_id"] == who
    assert (await row(storage, citizens))["id"] == who
    assert (await row(storage, recordings))["call_id"] == "c1"
    async with storage.database.reading() as connection:
        asked = select(calls.c.id, calls.c.number).order_by(calls.c.id)
        assert [tuple(one) for one in await connection.execute(asked)] == [("c1", NUMBER), ("c2", None)]


async def test_an_open_appeal_has_no_end_yet(storage: Storage) -> None:
    who = await known(storage)
    await appealed(storage, who, state="in-work")
    (one,) = (await storage.person_data.reasons(who, KEPT)).appeals
    assert one.until is None


async def test_what_may_be_anothers_is_neither_shown_nor_erased(storage: Storage) -> None:
    who = await busy(storage)
    await storage.citizens.add("Іван Зразков", "Київський квартал, 7", [NUMBER])
    assert (await storage.person_data.reasons(who, KEPT)).shared == [NUMBER]
    tables = {part.table async for part in storage.person_data.everything(who)}
    assert tables == {"citizens", "citizen_numbers"}
    assert [one async for one in storage.person_data.files(who)] == []
    await storage.person_data.erase(who, KEPT, SOON)
    assert await count(storage, recordings) == 2
    assert (await row(storage, citizens))["name"] == "Іван Зразков"


async def test_nothing_is_erased_under_a_legal_hold(storage: Storage) -> None:
    who = await busy(storage)
    by = await head(storage)
    await storage.holds.place(HeldThing.CITIZEN, str(who), reason="суд", by=by, at=NOON)
    with pytest.raises(UnderLegalHold):
        await storage.person_data.erase(who, KEPT, SOON)
    assert await count(storage, recordings) == 2


async def test_all_that_is_held_on_somebody_is_found(storage: Storage) -> None:
    who = await busy(storage)
    await appealed(storage, who)
    was = await storage.citizen_cards.get(who)
    await storage.citizen_cards.change(was, replace(was, name="Ганна Інша"), by=None, at=SOON)
    await storage.citizen_cards.change(await storage.citizen_cards.get(who), was, by=None, at=SOON)
    found = {part.table: part.rows async for part in storage.person_data.everything(who)}
    expected = {"citizens", "citizen_numbers", "citizen_history", "appeals", "appeal_history", "appeal_files"}
    assert set(found) == expected | {"notices", "calls", "recordings", "number_places"}
    assert {one["name"] for one in found["citizen_history"]} == {"Ганна Зразкова", "Ганна Інша"}
    assert [one["id"] for one in found["calls"]] == ["c1", "c2"]
    assert not {"address_key", "idempotency_key"} & set(found["appeals"][0])
    names = [f"{one.folder}/{one.name}" async for one in storage.person_data.files(who)]
    assert names == ["recordings/r-c1.wav", "recordings/r-c2.wav", "files/2600001-1-фото.jpg"]


async def test_photos_of_their_chats_are_handed_over_and_erased_with_their_bytes(storage: Storage) -> None:
    who = await busy(storage)
    new = NewChat(medium=Medium.TELEGRAM, address="11", number=NUMBER)
    chat = await storage.chats.begin(new, NOON)
    photo = StoredFile(key="0123456789abcdef", media_type=PHOTO, bytes=7, sha256="x")
    await storage.chat_photos.add(chat.id, photo, NOON, for_person=False)
    assert await storage.chat_photos.known([photo.key, "other"]) == {photo.key}
    names = [f"{one.folder}/{one.name}" async for one in storage.person_data.files(who)]
    assert names[-1] == f"files/chat-{chat.id}-01234567.jpg"
    await storage.chats.add(chat, [], NOON, act=ChatAct.END)
    await storage.person_data.erase(who, KEPT, SOON)
    assert not await storage.chat_photos.known([photo.key])
    assert (Kind.CHATS, photo.key) in [(one.kind, one.name) for one in await storage.retention.doomed()]


async def test_what_was_said_is_handed_over_and_erased_with_its_sound(storage: Storage) -> None:
    who = await busy(storage)
    await storage.calls.keep_message(
        VoiceMessage(id="m1", call_id="c1", number=NUMBER, file="m1.wav", began_at=NOON, seconds=4.0)
    )
    message = Transcript(
        sound="m1",
        text="немає води",
        words=(HeardWord(text="немає", begins=0, ends=1, confidence=1),),
        engine=Engine.WHISPER,
        model="base",
        language=Language.UKRAINIAN,
        made_at=NOON,
    )
    talk = replace(message, sound="r-c1", of=Use.RECORDINGS, text="немає світла")
    for one in (message, talk, replace(talk, speaker=Speaker.DISPATCHER, text="слухаю")):
        await storage.transcripts.keep(one, NOON)
    found = {part.table: part.rows async for part in storage.person_data.everything(who)}
    said = {one["text"] for one in found["transcripts"]}
    assert said == {"немає води", "немає світла", "слухаю"}
    await storage.person_data.erase(who, KEPT, SOON)
    assert [await count(storage, one) for one in (voice_messages, recordings, transcripts)] == [0, 0, 0]
    assert (await storage.transcripts.find("немає", 9))[1] == []


def test_each_column_that_is_left_out_is_one_of_a_table() -> None:
    assert {one.name for table in metadata.tables.values() for one in table.columns} >= _OURS


async def test_a_strangers_calls_are_not_theirs(storage: Storage) -> None:
    who = await known(storage)
    await call(storage, "c9", OTHER, 1, Outcome.TALKED)
    found = {part.table: part.rows async for part in storage.person_data.everything(who)}
    assert [one["id"] for one in found["calls"]] == ["c1"]
    await storage.person_data.erase(who, KEPT, SOON)
    async with storage.database.reading() as connection:
        left = select(func.count()).where(calls.c.number == OTHER)
        assert (await connection.execute(left)).scalar_one() == 1
