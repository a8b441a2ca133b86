"""`hotline recordings verify` on real files: it names what is missing or changed, and what time has taken."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from hotline.calls.call import Recording
from hotline.retention.terms import Retention
from service.calls.masters import MasterMaker
from service.command_line import main
from service.folders import Folders
from service.node.bus import Bus
from service.retention.files import FileSweep
from storage.sounds.encryption import MAGIC
from storage.sounds.keys import add_key
from storage.store import Storage, open_storage
from storage.tables import recording_links, recordings
from tests.fakes.clock import NOON, SetClock
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.mastered import make_here
from tests.fakes.sounds import write_wav
from tests.fakes.towns import KYIV

DAY = timedelta(days=1)


class Archive:
    """Three recordings of the first day, one of the second; the command, and what it printed."""

    def __init__(self, url: str, var: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._url, self._capture = url, capture
        self.folders = Folders(var=var, root="", own_edge="", memory="")
        self.clock = SetClock()
        self.keys: Path | None = None

    def do(self, work: Callable[[Storage], Coroutine[Any, Any, None]]) -> None:
        async def run() -> None:
            async with open_storage(self._url) as storage:
                await work(storage)

        asyncio.run(run())

    async def record(self, storage: Storage, name: str) -> None:
        folder = self.folders.recordings
        folder.mkdir(exist_ok=True)
        hertz = 300 + 10 * ord(name)
        files = [folder / f"{name}-{side}.wav" for side in ("caller", "dispatcher")]
        sides = [str(write_wav(file, 1, hertz=hertz)) for file in files]
        recording = Recording(
            id=name,
            call_id=f"call-{name}",
            dispatcher_id=None,
            started_at=self.clock.now(),
            caller_file=sides[0],
            dispatcher_file=sides[1],
        )
        await storage.calls.keep_recording(recording)
        await MasterMaker(
            calls=storage.calls,
            events=Bus(),
            recordings=storage.recordings,
            chain=storage.recording_chain,
            sounds=sounds_in(folder, keys=self.keys),
            folder=folder,
            clock=self.clock,
            timezone=KYIV,
        ).finish(recording)

    def verify(self, *more: str, faults: bool = False) -> list[str]:
        assert main(["recordings", "verify", *more]) == int(faults)
        return self._capture.readouterr().out.splitlines()

    def master(self, name: str) -> Path:
        return self.folders.recordings / f"{name}.flac"


@pytest.fixture(autouse=True)
def _made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.calls.masters.make", make_here)


@pytest.fixture
def archive(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Archive:
    made = Archive(url, tmp_path, capsys)

    async def fill(storage: Storage) -> None:
        for name in ("a", "b", "c"):
            await made.record(storage, name)
        made.clock.pass_by(DAY.total_seconds())
        await made.record(storage, "d")
        now = made.clock.now()
        assert await storage.recording_chain.seal(now.astimezone(KYIV).date(), now) is not None
        assert await storage.recording_chain.seal(now.astimezone(KYIV).date(), now) is None

    made.do(fill)
    return made


def test_what_was_recorded_is_as_it_was_linked(archive: Archive) -> None:
    (line,) = archive.verify()
    assert line.startswith("4 recordings, 0 of them deleted by their term or by request: all as")
    assert "seal of 2026-12-01: " in line
    (line,) = archive.verify("--day", "2026-12-02")
    assert line.startswith("1 recordings")
    assert line.endswith("not sealed yet")


def test_a_file_that_was_changed_by_one_byte_and_one_that_is_missing_are_named(archive: Archive) -> None:
    changed, missing = archive.master("a"), archive.master("d")
    sound = bytearray(changed.read_bytes())
    sound[len(sound) // 2] ^= 1
    changed.write_bytes(bytes(sound))
    missing.unlink()
    assert archive.verify(faults=True)[:2] == [
        f"recording a: {changed} was changed; bring it back from a backup",
        f"recording d: {missing} is missing; bring it back from a backup",
    ]
    assert archive.verify("--day", "2026-12-01", faults=True)[1].startswith("3 recordings, 0 of them")
    changed.write_bytes(archive.master("b").read_bytes())
    assert f"recording a: {changed} was changed" in archive.verify(faults=True)[0]


def test_a_file_whose_key_is_missing_is_named_and_the_others_are_looked_at(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, locked, missing = archive.folders.secrets / "keys", archive.master("a"), archive.master("d")
    add_key(keys, NOON.date())
    assert asyncio.run(sounds_in(archive.folders.recordings, keys=keys).encrypt(locked))
    older = keys.read_text()
    add_key(keys, NOON.date())
    keys.write_text(keys.read_text().removeprefix(older))
    monkeypatch.setenv("HOTLINE_RECORDINGS_KEY_FILE", str(keys))
    missing.unlink()
    told = archive.verify(faults=True)
    assert told[0].startswith(f"recording a: {locked} cannot be opened: Key ")
    assert told[1].startswith(f"recording d: {missing} is missing")
    assert told[2].startswith("4 recordings, 0 of them deleted by their term or by request: 2 faults")


def test_a_recording_that_was_deleted_from_the_database_is_missed(archive: Archive) -> None:
    async def take_away(storage: Storage) -> None:
        async with storage.database.writing() as connection:
            await connection.execute(delete(recordings).where(recordings.c.id == "b"))

    archive.do(take_away)
    assert archive.verify(faults=True)[0] == "recording b is gone, and no note says that its term has ended"


def test_a_link_that_was_changed_or_deleted_is_told_with_the_seal(archive: Archive) -> None:
    async def forge(storage: Storage) -> None:
        async with storage.database.writing() as connection:
            await connection.execute(
                update(recording_links).where(recording_links.c.number == 2).values(sha256="0" * 64)
            )
            await connection.execute(delete(recording_links).where(recording_links.c.number == 3))

    archive.do(forge)
    told = archive.verify(faults=True)
    assert told[:3] == [
        "link 2 was changed after it was written",
        "link 3 is missing: the database was changed from outside",
        "the seal of 2026-12-01 is not that of its links",
    ]
    assert "recording c has a master that is in no link" in told


def test_what_its_term_has_ended_leaves_its_link_and_the_chain_holds(archive: Archive) -> None:
    async def sweep(storage: Storage) -> None:
        kept = Retention(recordings=DAY)
        await storage.retention.sweep(kept, archive.clock.now() + timedelta(hours=1))
        await FileSweep(storage.retention, archive.folders, sounds_in(archive.folders.recordings)).doomed()

    archive.do(sweep)
    assert not archive.master("a").exists()
    assert archive.master("d").exists()
    (line,) = archive.verify()
    assert line.startswith("4 recordings, 3 of them deleted by their term or by request: all as")


def test_no_link_is_added_to_a_sealed_day(archive: Archive) -> None:
    async def set_back(storage: Storage) -> None:
        archive.clock.is_set(-3 * DAY.total_seconds())
        await archive.record(storage, "e")
        links = await storage.recording_chain.links()
        assert links[-1].day == (NOON + DAY).date()

    archive.do(set_back)
    archive.verify()


def test_a_key_is_made_and_what_is_there_is_encrypted_under_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("key", "encrypt"):
        assert main(["recordings", command]) == 1
    assert "Name the file of keys in HOTLINE_RECORDINGS_KEY_FILE" in capsys.readouterr().err
    keys = archive.folders.secrets / "recordings-keys"
    monkeypatch.setenv("HOTLINE_RECORDINGS_KEY_FILE", str(keys))
    assert main(["recordings", "encrypt"]) == 1
    assert "`hotline recordings key`" in capsys.readouterr().err

    assert main(["recordings", "key"]) == 0
    said = capsys.readouterr().out
    assert str(keys) in said
    secret = keys.read_text().split()[-1]
    assert secret not in said
    assert main(["recordings", "encrypt"]) == 0
    assert capsys.readouterr().out.startswith("8 files, 8 encrypted now under key ")
    assert all(file.read_bytes().startswith(MAGIC) for file in archive.folders.recordings.glob("*.flac"))
    assert main(["recordings", "encrypt"]) == 0
    assert capsys.readouterr().out.startswith("8 files, 0 encrypted now")
    assert archive.verify()[0].startswith(
        "4 recordings, 0 of them deleted by their term or by request: all as"
    )

    keys.unlink()
    assert main(["recordings", "verify"]) == 1
    assert "bring it back from its copy" in capsys.readouterr().err
