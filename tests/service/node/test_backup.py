"""Backups of both databases: whole, of one moment, private; and a restored one is as it was, elsewhere."""

import asyncio
import os
import shutil
import stat
from collections import namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.calls.call import CallRecord, Recording, VoiceMessage
from hotline.delivery.notice_states import NoticeState
from hotline.errors import AnotherService
from service.node.backup import BackupRefused, back_up
from service.node.restore import Restored, restore
from service.settings.settings import Settings, read_settings
from storage.core.locked_file import held
from storage.core.schema import newest
from storage.core.snapshot import SnapshotFailed
from storage.store import Storage, open_storage
from tests.storage.conftest import (  # noqa: F401 - fixtures of both databases
    NOON,
    Cluster,
    FixedClock,
    cluster,
    migrated_postgres,
    url,
)
from tests.storage.enterprise import found

CALL = "hotline-1.1"
SCHEMAS = {"of a newer hotline": "9999", "of before the first release": "0001"}
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil gives it


def settings_of(var: Path, url: str) -> Settings:  # noqa: F811
    given = {"HOTLINE_VAR": str(var), "HOTLINE_DATABASE_URL": url}
    return read_settings({**os.environ, **given, "HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"})


@dataclass
class Place:
    """A hotline's state, and the backups that are made of it."""

    settings: Settings
    into: Path
    told: list[tuple[int, int]] = field(default_factory=list)

    async def fill(self) -> None:
        """A call with its recording and a message, and an applicant who is owed to be told."""
        folders = self.settings.folders
        for folder in (folders.recordings, folders.messages, folders.voices, folders.evidence):
            folder.mkdir(parents=True)
        (folders.recordings / "leg.wav").write_bytes(b"copy")
        (folders.messages / "m.wav").write_bytes(b"message")
        (folders.evidence / "ab").mkdir()
        (folders.evidence / "ab" / "photo").write_bytes(b"photo")
        async with open_storage(self.settings.database_url, FixedClock()) as storage:
            city = await found(storage)
            await city.enter(category="water-none")
            desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
            await storage.calls.open(CallRecord(id=CALL, number=None, shown="", arrived_at=NOON))
            await storage.calls.keep_recording(
                Recording(
                    id="leg",
                    call_id=CALL,
                    dispatcher_id=desk.id,
                    started_at=NOON,
                    caller_file=str(folders.recordings / "leg-caller.wav"),
                    dispatcher_file=str(folders.recordings / "leg-dispatcher.wav"),
                    listening_file=str(folders.recordings / "leg.wav"),
                )
            )
            file = str(folders.messages / "m.wav")
            await storage.calls.keep_message(
                VoiceMessage(id="m", call_id=CALL, number=None, file=file, began_at=NOON, seconds=2)
            )
            await storage.calls.flush()

    async def back_up(self, at: datetime = NOON, *, keep: int = 7) -> Path:
        return await back_up(
            self.settings.folders,
            self.settings.database_url,
            self.into,
            now=at,
            keep=keep,
            progress=lambda done, of: self.told.append((done, of)),
        )

    async def restore(self, backup: Path, *, over: bool = False) -> Restored:
        return await restore(self.settings, backup, now=NOON, over=over, progress=lambda _done, _of: None)


@pytest.fixture
async def place(tmp_path: Path, url: str) -> Place:  # noqa: F811
    one = Place(settings_of(tmp_path / "var", url), tmp_path / "backups")
    await one.fill()
    return one


@pytest.fixture
def other(place: Place, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A machine with nothing on it, and a database of the same kind."""
    var = tmp_path / "other" / "var"
    if place.settings.database_url.startswith("sqlite"):
        yield Place(settings_of(var, f"sqlite:///{var}/hotline.db"), place.into)
        return
    postgres: Cluster = request.getfixturevalue("cluster")
    postgres.sql("CREATE DATABASE elsewhere")
    yield Place(settings_of(var, postgres.url("elsewhere")), place.into)
    postgres.sql("DROP DATABASE elsewhere")


async def test_a_backup_restored_elsewhere_has_every_row_and_the_files_that_they_name(
    place: Place, other: Place
) -> None:
    made = await place.back_up()
    done = await other.restore(made)
    folders = other.settings.folders
    assert (done.made_at, done.files, done.set_aside) == (NOON, 3, None)
    async with open_storage(other.settings.database_url, FixedClock()) as storage:
        (recording,) = await storage.calls.recordings(CALL)
        (message,) = await storage.calls.messages()
        assert recording.listening_file == str(folders.recordings / "leg.wav")
        assert recording.caller_file == str(folders.recordings / "leg-caller.wav")
        assert message.file == str(folders.messages / "m.wav")
        assert await storage.outbox.waiting() == {("sms", NoticeState.UNSURE.value): 1}
    assert Path(recording.listening_file).read_bytes() == b"copy"
    assert Path(message.file).read_bytes() == b"message"
    assert (folders.evidence / "ab" / "photo").read_bytes() == b"photo"
    assert done.unsure == 1


async def test_nobody_else_can_read_a_backup(place: Place) -> None:
    before = os.umask(0o077)  # as the command sets it
    made = await place.back_up()
    os.umask(before)
    modes = {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in [made, *made.rglob("*")]}
    assert modes == {0}


async def test_what_the_last_backup_holds_takes_no_room_twice(place: Place) -> None:
    first = await place.back_up()
    (place.settings.folders.recordings / "new.wav").write_bytes(b"new")
    second = await place.back_up(NOON + timedelta(days=1))
    assert (second / "recordings/leg.wav").samefile(first / "recordings/leg.wav")
    assert (second / "recordings/new.wav").read_bytes() == b"new"
    assert place.told[-1] == (1, 1)


async def test_the_oldest_are_forgotten_and_what_one_left_that_was_killed(place: Place) -> None:
    place.into.mkdir()
    (place.into / ".unfinished-hotline-1").mkdir()
    made = [await place.back_up(NOON + timedelta(days=day), keep=2) for day in range(3)]
    assert sorted(place.into.iterdir()) == made[1:]
    assert (made[2] / "recordings/leg.wav").read_bytes() == b"copy"


async def test_a_full_disk_is_told_before_and_leaves_nothing_behind(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10, 10, 0))
    with pytest.raises(BackupRefused, match="MB are needed, 0 MB are free"):
        await place.back_up()
    assert list(place.into.iterdir()) == []


async def test_a_backup_that_is_stopped_leaves_nothing_behind(place: Place) -> None:
    begun = asyncio.create_task(place.back_up())
    while not any(place.into.glob(".unfinished-*")):
        await asyncio.sleep(0)
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    assert list(place.into.iterdir()) == []


async def test_over_a_running_service_nothing_is_restored(place: Place) -> None:
    made = await place.back_up()
    async with held(place.settings.folders.service_lock):
        with pytest.raises(AnotherService):
            await place.restore(made, over=True)


async def test_a_state_that_is_there_is_not_lost_by_a_restore(place: Place) -> None:
    made = await place.back_up()
    (place.settings.folders.recordings / "later.wav").write_bytes(b"later")
    with pytest.raises(BackupRefused, match="--over"):
        await place.restore(made)
    done = await place.restore(made, over=True)
    assert done.set_aside is not None
    assert (done.set_aside / "recordings" / "later.wav").read_bytes() == b"later"
    assert [one.name for one in place.settings.folders.recordings.iterdir()] == ["leg.wav"]
    async with open_storage(place.settings.database_url, FixedClock()) as storage:
        assert len(await storage.calls.recordings(CALL)) == 1


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("manifest.json", "is no backup"),
        ("recordings/leg.wav", "is missing, or not as large"),
        ("database", "damaged|no whole database|pg_restore failed"),
        ("of a newer hotline", "newer hotline"),
        ("of before the first release", "before the first release"),
    ],
)
async def test_a_backup_that_is_not_whole_touches_nothing(place: Place, what: str, word: str) -> None:
    made = await place.back_up()
    if what in SCHEMAS:
        manifest = made / "manifest.json"
        manifest.write_text(
            manifest.read_text().replace(f'"schema":"{newest()}"', f'"schema":"{SCHEMAS[what]}"')
        )
    elif what == "database":
        (file,) = made.glob("database.*")
        file.write_bytes(b"\0" * 4096)
    else:
        (made / what).unlink()
    with pytest.raises((BackupRefused, SnapshotFailed), match=word):
        await place.restore(made, over=True)
    assert (place.settings.folders.recordings / "leg.wav").exists()
    async with open_storage(place.settings.database_url, FixedClock()) as storage:
        assert len(await storage.calls.recordings(CALL)) == 1


async def test_a_backup_is_of_one_moment_and_comes_to_its_end_under_writes(place: Place) -> None:
    """Each commit ends a copy that follows them, as SQLite's `.backup` does, and it begins anew."""
    made: list[Path] = []

    async def write(storage: Storage) -> None:
        number = 0
        while not made:
            call = CallRecord(id=f"w{number}", number=None, shown="", arrived_at=NOON)
            message = VoiceMessage(id=call.id, call_id=call.id, number=None, file="x", began_at=NOON)
            async with storage.database.writing() as connection:
                await connection.execute(storage.calls._keep_message, fields(message))
                await connection.execute(
                    storage.calls._keep_message, fields(replace(message, id=f"v{number}"))
                )
            number += 1

    async with open_storage(place.settings.database_url, FixedClock()) as storage:
        writing = asyncio.create_task(write(storage))
        made.append(await place.back_up())
        await writing
    await place.restore(made[0], over=True)
    async with open_storage(place.settings.database_url, FixedClock()) as storage:
        held_ones = {one.id for one in await storage.calls.messages()}
    assert {one[1:] for one in held_ones if one[0] == "w"} == {one[1:] for one in held_ones if one[0] == "v"}


def fields(message: VoiceMessage) -> Mapping[str, object]:
    return {name: getattr(message, name) for name in message.__slots__}
