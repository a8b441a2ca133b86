"""The record of what lies in the store elsewhere: never of what was not read back, and gone with the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.calls.call import Recording, VoiceMessage
from hotline.calls.sound_store import SoundAway
from storage.sounds.elsewhere import Elsewhere
from storage.store import Storage
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
    (found,) = await elsewhere.stored([NAME, "recordings/b.flac"])
    assert (found.name, found.bytes, found.key_id, found.stored_at) == (NAME, 5, "k1", NOON)
    assert await elsewhere.holds()
    assert (await elsewhere.keys(), await elsewhere.under_other_keys("k1")) == ({"k1": 1}, [])
    assert await elsewhere.under_other_keys("k2") == [NAME]

    await elsewhere.unstored(NAME)
    assert await elsewhere.stored([NAME]) == []
    (tmp_path / "a.flac").write_bytes(b"sound anew")
    await elsewhere.put(NAME, tmp_path / "a.flac", None)
    (found,) = await elsewhere.stored([NAME])
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
    assert await elsewhere.stored([NAME]) == []


async def test_the_files_that_are_finished_are_found(storage: Storage) -> None:
    for name, seconds in (("done", 2.0), ("goes-on", None)):
        await storage.calls.keep_message(
            VoiceMessage(id=name, call_id="c", number=None, file=f"/{name}", began_at=NOON, seconds=seconds)
        )
    assert await storage.recordings.message_files(NOON) == ["/done"]
    assert await storage.recordings.finished_messages(["/done", "/goes-on", "/none"]) == ["/done"]
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
