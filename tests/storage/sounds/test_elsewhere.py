"""The record of what lies in the store elsewhere: never of what was not read back, and gone with the file."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from hotline.calls.call import Recording, VoiceMessage
from hotline.calls.sound_store import SoundAway
from storage.calls.recordings import BEFORE_ALL, SoundFile
from storage.sounds.elsewhere import Elsewhere
from storage.sounds.s3 import BucketSession
from storage.store import Storage
from storage.tables import stored_sounds
from tests.fakes.clock import NOON, SetClock
from tests.fakes.s3_server import S3Server, s3_server

NAME = "recordings/a.flac"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as made:
        yield made


async def test_a_file_is_on_record_until_it_is_deleted_there(
    storage: Storage, server: S3Server, tmp_path: Path
) -> None:
    elsewhere = Elsewhere(storage.database, server.bucket, SetClock())
    (tmp_path / "a.flac").write_bytes(b"sound")
    assert not await elsewhere.holds()
    await elsewhere.put(NAME, tmp_path / "a.flac", "k1")
    (found,) = await elsewhere.stored(None, 2)
    assert (found.name, found.bytes, found.key_id, found.stored_at) == (NAME, 5, "k1", NOON)
    assert await elsewhere.holds()
    assert (await elsewhere.keys(), await elsewhere.under_other_keys("k1")) == ({"k1": 1}, [])
    assert await elsewhere.under_other_keys("k2") == [NAME]
    assert (await elsewhere.stored_bytes(None), await elsewhere.begun("", 2)) == (5, [])
    assert (await elsewhere.stored_bytes(found), await elsewhere.stored(found, 2)) == (0, [])

    await elsewhere.unstored(NAME)
    assert (await elsewhere.stored_bytes(None), await elsewhere.begun("", 2)) == (0, [NAME])
    assert await elsewhere.begun(NAME, 2) == []
    assert await elsewhere.stored(None, 2) == []
    (tmp_path / "a.flac").write_bytes(b"sound anew")
    await elsewhere.put(NAME, tmp_path / "a.flac", None)
    (found,) = await elsewhere.stored(None, 2)
    assert (found.bytes, found.key_id) == (10, None)
    assert server.objects() == {NAME: b"sound anew"}
    await elsewhere.delete(NAME)
    await elsewhere.delete(NAME)
    assert (server.objects(), await elsewhere.find(NAME)) == ({}, None)


async def test_what_could_not_be_put_is_not_stored(storage: Storage, tmp_path: Path) -> None:
    elsewhere = Elsewhere(storage.database, None, SetClock())
    (tmp_path / "a.flac").write_bytes(b"sound")
    with pytest.raises(SoundAway):
        await elsewhere.put(NAME, tmp_path / "a.flac", None)
    assert await elsewhere.stored(None, 2) == []


async def test_the_files_that_are_finished_are_found(storage: Storage) -> None:
    for name, seconds in (("done", 2.0), ("goes-on", None)):
        await storage.calls.keep_message(
            VoiceMessage(id=name, call_id="c", number=None, file=f"/{name}", began_at=NOON, seconds=seconds)
        )
    assert await storage.recordings.message_files(NOON) == ["/done"]
    done = SoundFile(began_at=NOON, file="/done")
    assert await storage.recordings.files(BEFORE_ALL, 5) == [done]
    old = Recording(
        id="old",
        call_id="c",
        dispatcher_id=None,
        started_at=NOON,
        caller_file="/a",
        dispatcher_file="/b",
        listening_file="/c",
        seconds=1.0,
    )
    await storage.calls.keep_recording(old)
    assert await storage.recordings.without_master() == [old]
    assert await storage.recordings.files(BEFORE_ALL, 5) == [done]


async def test_files_are_gone_through_in_time_and_those_that_are_not_stored_are_found(
    storage: Storage, server: S3Server, tmp_path: Path
) -> None:
    folders = {"recordings": tmp_path / "recordings", "messages": tmp_path / "messages"}
    for number in range(3):
        at, name = NOON + timedelta(minutes=number), folders["recordings"] / str(number)
        await storage.calls.keep_message(
            VoiceMessage(
                id=f"m{number}",
                call_id="c",
                number=None,
                file=str(folders["messages"] / f"{number}.wav"),
                began_at=at,
                seconds=1.0,
            )
        )
        await storage.calls.keep_recording(
            Recording(
                id=f"r{number}",
                call_id="c",
                dispatcher_id=None,
                started_at=at,
                caller_file="/a",
                dispatcher_file="/b",
                listening_file=f"{name}.ogg",
                master_file=f"{name}.flac",
                seconds=1.0,
            )
        )
    all_files: list[SoundFile] = []
    while some := await storage.recordings.files(all_files[-1] if all_files else BEFORE_ALL, 2):
        all_files += some
    assert [f"{Path(one.file).name} {one.began_at:%M}" for one in all_files] == [
        f"{number}{kind} {number:02}" for number in range(3) for kind in (".wav", ".flac", ".ogg")
    ]
    assert await storage.recordings.files_not_stored(folders, BEFORE_ALL, 10) == all_files
    elsewhere = Elsewhere(storage.database, server.bucket, SetClock())
    (tmp_path / "0.wav").write_bytes(b"sound")
    await elsewhere.put("messages/0.wav", tmp_path / "0.wav", None)
    assert await storage.recordings.files_not_stored(folders, BEFORE_ALL, 10) == all_files[1:]
    assert await storage.recordings.files_not_stored(folders, all_files[6], 10) == all_files[7:]
    await elsewhere.unstored("messages/0.wav")
    assert await storage.recordings.files_not_stored(folders, BEFORE_ALL, 1) == all_files[:1]
    other = {"recordings": tmp_path / "other", "messages": tmp_path / "messages"}
    assert len(await storage.recordings.files_not_stored(other, BEFORE_ALL, 10)) == 3
    await elsewhere.delete("messages/0.wav")


async def test_what_is_deleted_while_it_is_sent_does_not_stay_there(
    storage: Storage, server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Elsewhere(storage.database, server.bucket, SetClock())
    (tmp_path / "a.flac").write_bytes(b"sound")
    read_back = BucketSession.digest

    async def deleted_before(session: BucketSession, name: str) -> str:
        found = await read_back(session, name)
        async with storage.database.writing() as connection:
            await connection.execute(delete(stored_sounds).where(stored_sounds.c.name == name))
        return found

    monkeypatch.setattr(BucketSession, "digest", deleted_before)
    await elsewhere.put(NAME, tmp_path / "a.flac", None)
    assert (NAME in server.objects(), await elsewhere.find(NAME)) == (False, None)
