"""Sounds in a real S3 server: put and read back before they go here, heard from there, deleted there."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from hotline.calls.sound_store import SoundAway
from hotline.errors import NotFound
from hotline.retention.room import Room
from hotline.retention.terms import Retention
from service.calls.storing import EVERYTHING_EVERY, LONGEST_PAUSE
from service.retention.files import FileSweep
from storage.sounds.encryption import MAGIC
from storage.sounds.keys import add_key
from storage.store import Storage, open_storage
from tests.effort import effort
from tests.fakes.clock import NOON
from tests.fakes.databases import empty_database
from tests.fakes.s3_server import S3Server, s3_server
from tests.fakes.small_disk import fill
from tests.service.calls.dying_storing import store_and_die
from tests.service.calls.kept_elsewhere import SOUND, Archive

HOURS = effort(day=4, night=24)
"""A store stays away so long."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as made:
        yield made


@pytest.fixture
def archive(storage: Storage, tmp_path: Path, server: S3Server) -> Archive:
    return Archive(storage, tmp_path, server.bucket)


def named(tmp_path: Path, name: str = "m") -> str:
    """A name that no other test has put into the bucket."""
    return f"{name}-{tmp_path.name}"


async def test_what_was_put_there_goes_here_and_is_heard_from_there(
    archive: Archive, server: S3Server, tmp_path: Path
) -> None:
    file = await archive.left(named(tmp_path))
    goes_on = await archive.left(named(tmp_path, "on"), seconds=None)
    unknown = archive.folders.messages / "unknown.wav"
    unknown.write_bytes(b"no row names it")
    await archive.begins_anew().once()
    assert not file.exists()
    assert (goes_on.exists(), unknown.exists()) == (True, True)
    assert server.objects()[f"messages/{file.name}"] == SOUND
    assert await archive.heard(file) == SOUND
    assert await archive.heard(file, 70_000, 70_010) == SOUND[70_000:70_010]
    assert await archive.sounds.has(file)
    async with archive.sounds.laid_out(file) as plain:
        assert plain.read_bytes() == SOUND
    assert not plain.exists()


async def test_encrypted_it_goes_there_encrypted_and_nothing_plain_does(
    archive: Archive, server: S3Server, tmp_path: Path
) -> None:
    archive.keys = tmp_path / "keys"
    add_key(archive.keys, NOON.date())
    file = await archive.left(named(tmp_path))
    await archive.begins_anew().once()
    assert f"messages/{file.name}" not in server.objects()
    assert await archive.sounds.encrypt(file)
    await archive.begins_anew().once()
    assert not file.exists()
    assert server.objects()[f"messages/{file.name}"].startswith(MAGIC)
    assert await archive.heard(file, 65_530, 65_540) == SOUND[65_530:65_540]

    add_key(archive.keys, NOON.date())
    new = archive.sounds.key() or ""
    (elsewhere,) = [
        one for one in await archive.sounds.elsewhere_under_other_keys(new) if one.name == file.name
    ]
    assert await archive.sounds.encrypt(elsewhere)
    assert await archive.heard(file) == SOUND
    await archive.begins_anew().once()
    assert not file.exists()
    assert await archive.sounds.elsewhere_under_other_keys(new) == []
    assert await archive.heard(file) == SOUND
    archive.keys.unlink()
    assert (await archive.sounds.missing_keys())[new] == 1


async def test_the_newest_stay_here_as_well_up_to_what_was_set(archive: Archive, tmp_path: Path) -> None:
    files = [await archive.left(named(tmp_path, str(number))) for number in range(3)]
    for number, file in enumerate(files):
        os.utime(file, (number, number))
    archive.kept = 2 * len(SOUND)
    await archive.begins_anew().once()
    assert [one.exists() for one in files] == [False, True, True]
    archive.room = Room.LOW
    await archive.begins_anew().once()
    assert [one.exists() for one in files] == [False] * 3
    assert await archive.heard(files[2]) == SOUND


async def test_what_is_there_already_goes_there_in_parts_and_what_comes_later_is_found(
    archive: Archive, server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.calls.storing._AT_ONCE", 2)
    old = [await archive.left(named(tmp_path, str(number))) for number in range(5)]
    archive.clock.pass_by(30 * 86_400)
    missing = await archive.left(named(tmp_path, "missing"))
    missing.unlink()
    storing = archive.begins_anew()
    await storing.once()
    assert [one.exists() for one in old] == [False] * 5

    new = await archive.left(named(tmp_path, "new"))
    await storing.once()
    assert not new.exists()
    missing.write_bytes(SOUND)  # brought back from a backup
    archive.clock.pass_by(1)
    encrypted_anew = old[3]
    encrypted_anew.write_bytes(SOUND[::-1])
    await archive.elsewhere.unstored(f"messages/{encrypted_anew.name}")
    await storing.once()
    assert (missing.exists(), encrypted_anew.exists()) == (False, False)
    assert server.objects()[f"messages/{encrypted_anew.name}"] == SOUND[::-1]
    assert [await archive.heard(one) for one in (*old[:3], new, missing)] == [SOUND] * 5

    late = await archive.left(named(tmp_path, "late"), seconds=None)
    archive.clock.pass_by(2 * 86_400)
    await storing.once()
    await archive.ends(late)
    await storing.once()
    assert late.exists()
    archive.clock.pass_by(EVERYTHING_EVERY.total_seconds())
    await storing.once()
    assert not late.exists()


async def test_what_went_from_here_meanwhile_is_still_known_to_lie_there(
    archive: Archive, tmp_path: Path
) -> None:
    archive.kept = 10**9
    file = await archive.left(named(tmp_path))
    await archive.begins_anew().once()
    (stored,) = await archive.elsewhere.stored(None, 2)
    file.unlink()
    await archive.sounds.drop_copy(stored)
    assert await archive.elsewhere.stored(None, 2) == [stored]
    assert await archive.heard(file) == SOUND


async def test_its_term_ends_it_there_as_well(archive: Archive, server: S3Server, tmp_path: Path) -> None:
    file = await archive.left(named(tmp_path))
    await archive.begins_anew().once()
    archive.clock.pass_by(400 * 86_400)
    await archive.storage.retention.sweep(Retention(), archive.clock.now())
    sweep = FileSweep(archive.storage.retention, archive.folders, archive.sounds)
    with server.hangs():
        bucket, archive.bucket = archive.bucket, evolve(server.bucket, endpoint="http://127.0.0.1:9")
        await FileSweep(archive.storage.retention, archive.folders, archive.sounds).doomed()
        archive.bucket = bucket
    assert [one.name for one in await archive.storage.retention.doomed()] == [str(file)]
    await sweep.doomed()
    assert await archive.storage.retention.doomed() == []
    assert f"messages/{file.name}" not in server.objects()
    with pytest.raises(NotFound):
        await archive.heard(file)


@pytest.mark.parametrize(
    ("amiss", "said"),
    [
        ({"endpoint": "http://127.0.0.1:9"}, "does not answer"),
        ({"secret": "wrong"}, "refuses (403)"),
        ({"name": "nobodys"}, "refuses (404)"),
    ],
)
async def test_a_store_that_cannot_be_used_holds_up_nothing_and_is_tried_ever_less_often(
    archive: Archive, amiss: dict[str, str], said: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = archive.bucket
    assert good is not None
    archive.bucket = evolve(good, **amiss)
    files = [await archive.left(named(tmp_path, str(number))) for number in range(3)]
    storing = archive.begins_anew()
    since = archive.clock.now()
    tries = 0
    for _ in range(HOURS * 60):
        before = storing._not_before
        await storing.once()
        tries += storing._not_before != before
        archive.clock.pass_by(60)
    assert storing.away_since == since
    assert HOURS * 6 <= tries <= HOURS * 6 + 10
    assert LONGEST_PAUSE.total_seconds() == 600
    assert [await archive.heard(one) for one in files] == [SOUND] * 3
    assert caplog.text.count("store of recordings away") == 1
    assert said in caplog.text
    storing._elsewhere.bucket = storing._sounds._elsewhere.bucket = good  # type: ignore[union-attr]
    archive.clock.pass_by(600)
    await storing.once()
    assert storing.away_since is None
    assert [one.exists() for one in files] == [False] * 3


async def test_a_store_that_falls_silent_while_somebody_listens_is_told_and_heard_again_later(
    archive: Archive, server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sounds.s3.STALLED_SECONDS", 0.5)
    file = await archive.left(named(tmp_path))
    await archive.begins_anew().once()
    found = await archive.sounds.find(file)
    with server.hangs(), pytest.raises(SoundAway, match="does not answer"):
        await anext(archive.sounds.parts(found))
    assert await archive.heard(file) == SOUND


async def test_what_is_there_is_not_lost_when_its_settings_are(archive: Archive, tmp_path: Path) -> None:
    file = await archive.left(named(tmp_path))
    await archive.begins_anew().once()
    archive.bucket = None
    with pytest.raises(SoundAway, match="HOTLINE_S3_ENDPOINT is not set"):
        await archive.heard(file)


async def test_a_file_that_was_changed_here_since_is_put_there_anew_and_not_dropped(
    archive: Archive, server: S3Server, tmp_path: Path
) -> None:
    archive.kept = 10**9
    file = await archive.left(named(tmp_path))
    await archive.begins_anew().once()
    file.write_bytes(SOUND[::-1])
    archive.kept = 0
    await archive.begins_anew().once()
    assert file.read_bytes() == SOUND[::-1]
    await archive.begins_anew().once()
    assert not file.exists()
    assert server.objects()[f"messages/{file.name}"] == SOUND[::-1]


@pytest.mark.parametrize("step", ["put", "read back", "on record", "dropped"])
def test_killed_at_any_step_the_next_service_goes_on(step: str, server: S3Server, tmp_path: Path) -> None:
    url, name = empty_database(tmp_path), named(tmp_path)

    async def leave() -> Path:
        async with open_storage(url) as storage:
            return await Archive(storage, tmp_path, server.bucket).left(name)

    async def goes_on(file: Path) -> None:
        async with open_storage(url) as storage:
            archive = Archive(storage, tmp_path, server.bucket)
            assert await archive.heard(file) == SOUND
            await archive.begins_anew().once()
            assert not file.exists()
            assert await archive.heard(file) == SOUND
            await archive.sounds.delete(file)
            assert f"messages/{file.name}" not in server.objects()

    file = asyncio.run(leave())
    assert store_and_die(url, tmp_path, server.bucket, step) == -signal.SIGKILL
    asyncio.run(goes_on(file))


async def test_a_full_disk_is_made_room_on_by_what_lies_elsewhere(
    storage: Storage, small_disk: Path, server: S3Server, tmp_path: Path
) -> None:
    archive = Archive(storage, small_disk, server.bucket)
    archive.kept = 10**9
    files = [await archive.left(named(tmp_path, str(number))) for number in range(2)]
    fill(small_disk, leave=0)
    await archive.begins_anew().once()
    archive.room = Room.SPENT
    await archive.begins_anew().once()
    assert [one.exists() for one in files] == [False, False]
    assert [await archive.heard(one) for one in files] == [SOUND] * 2
