"""Sounds are encrypted once they are finished, older ones when there is a key, and all goes on working."""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.calls.call import Recording, VoiceMessage
from hotline.calls.recordings import Side
from hotline.calls.sound_store import SoundLocked
from hotline.speech.hearing import Use
from hotline.speech.transcripts import Speaker, Unwritten
from hotline.voice.speech import Language
from service.calls.encrypting import Encrypting
from service.calls.masters import MasterMaker
from service.calls.verifying import verify
from service.node.bus import Bus
from service.speech.masked_copies import MaskedCopies
from service.speech.transcribing import kept_in
from storage.sounds.encryption import MAGIC
from storage.sounds.keys import add_key
from storage.sounds.store import ENCRYPTING, KeptSounds
from storage.store import Storage
from tests.fakes.clock import NOON, SetClock
from tests.fakes.kept_sounds import SCRATCH_FOLDER, sounds_in
from tests.fakes.sounds import write_wav
from tests.fakes.towns import KYIV
from tests.service.calls.dying_encrypting import encrypt_and_die

LEG = "ring-hotline-1.1-1"
MESSAGE = "m1"


class Archive:
    """A folder of sounds with a finished talk and a message, and the keys."""

    def __init__(self, storage: Storage, folder: Path, keys: Path) -> None:
        self.storage, self.folder, self.keys = storage, folder, keys
        self.clock = SetClock()
        self.sounds: KeptSounds = sounds_in(folder)

    @property
    def maker(self) -> MasterMaker:
        return MasterMaker(
            calls=self.storage.calls,
            events=Bus(),
            recordings=self.storage.recordings,
            chain=self.storage.recording_chain,
            sounds=self.sounds,
            folder=self.folder,
            clock=self.clock,
            timezone=KYIV,
        )

    @property
    def encrypting(self) -> Encrypting:
        return Encrypting(
            sounds=self.sounds,
            recordings=self.storage.recordings,
            maker=self.maker,
            clock=self.clock,
        )

    def gets_a_key(self) -> None:
        add_key(self.keys, NOON.date())
        self.sounds = sounds_in(self.folder, keys=self.keys)

    async def talked(self) -> Recording:
        sides = [str(write_wav(self.folder / f"{LEG}-{side}.wav", 3)) for side in Side]
        made = Recording(
            id=LEG,
            call_id="c",
            dispatcher_id=None,
            started_at=NOON,
            caller_file=sides[0],
            dispatcher_file=sides[1],
        )
        await self.storage.calls.keep_recording(made)
        return made

    async def left(self, name: str = MESSAGE, seconds: float | None = 2.0) -> Path:
        file = write_wav(self.folder / f"{name}.wav", 2)
        await self.storage.calls.keep_message(
            VoiceMessage(
                id=name, call_id="c", number=None, file=str(file), began_at=self.clock.now(), seconds=seconds
            )
        )
        return file

    def plain(self) -> set[str]:
        """The files that anybody can listen to."""
        return {
            path.name
            for path in self.folder.rglob("*")
            if path.is_file() and not path.read_bytes().startswith(MAGIC)
        }

    async def heard(self, file: str | Path) -> bytes:
        return b"".join([part async for part in self.sounds.parts(await self.sounds.find(file))])


@pytest.fixture
def archive(storage: Storage, tmp_path: Path) -> Archive:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return Archive(storage, folder, tmp_path / "keys")


async def test_without_a_key_everything_stays_as_it_is(archive: Archive) -> None:
    recording = await archive.maker.finish(await archive.talked())
    message = await archive.left()
    await archive.encrypting.once()
    assert archive.plain() >= {Path(recording.master_file or "").name, message.name}


async def test_what_is_there_already_is_encrypted_and_the_chain_still_holds(archive: Archive) -> None:
    recording = await archive.maker.finish(await archive.talked())
    await archive.maker.delete_sides(recording)
    message = await archive.left()
    heard, aged = message.read_bytes(), NOON.timestamp()
    os.utime(message, (aged, aged))
    archive.gets_a_key()
    assert archive.plain() == {f"{LEG}.flac", f"{LEG}.ogg", message.name}
    told: list[tuple[int, int]] = []
    done = await archive.encrypting.everything(lambda *one: told.append(one))
    assert (done.of, done.encrypted, done.failed) == (3, 3, 0)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert archive.plain() == set()
    assert await archive.heard(message) == heard
    assert message.stat().st_mtime == aged
    verdict = await verify(archive.storage.recording_chain, archive.sounds, None)
    assert (len(verdict.links), verdict.faults) == (1, [])
    again = await archive.encrypting.everything()
    assert (again.of, again.encrypted) == (3, 0)


async def test_what_is_there_already_is_encrypted_in_parts_and_a_new_message_does_not_wait_for_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.calls.encrypting.AT_ONCE", 1)
    old = [await archive.left(f"old-{number}") for number in range(3)]
    archive.clock.pass_by(timedelta(days=30).total_seconds())
    archive.gets_a_key()
    encrypting = archive.encrypting
    await encrypting.once()
    assert archive.plain() == {one.name for one in old[1:]}
    new = await archive.left("new")
    await encrypting.once()
    assert archive.plain() == {old[2].name}
    assert new.exists()
    await encrypting.once()
    assert archive.plain() == set()


async def test_a_look_at_what_is_there_that_breaks_off_begins_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await archive.left("old")
    archive.clock.pass_by(timedelta(days=30).total_seconds())
    archive.gets_a_key()
    encrypting = archive.encrypting
    with monkeypatch.context() as patch:
        patch.setattr(archive.storage.recordings, "files", _no_database)
        with pytest.raises(ConnectionError):
            await encrypting.once()
    assert archive.plain() == {old.name}
    await encrypting.once()
    assert archive.plain() == set()


async def _no_database(*_given: object) -> None:
    raise ConnectionError("the database does not answer")


async def test_a_new_talk_and_message_are_encrypted_and_a_message_that_goes_on_is_not(
    archive: Archive,
) -> None:
    archive.gets_a_key()
    encrypting = archive.encrypting
    await encrypting.once()
    recording = await archive.maker.finish(await archive.talked())
    await archive.maker.delete_sides(recording)
    spoken, goes_on = await archive.left(), await archive.left("m2", seconds=None)
    await encrypting.once()
    assert archive.plain() == {goes_on.name}
    assert spoken.exists()


async def test_under_a_new_key_older_files_are_readable_and_then_encrypted_anew(archive: Archive) -> None:
    archive.gets_a_key()
    message = await archive.left()
    heard, encrypting = message.read_bytes(), archive.encrypting
    await encrypting.once()
    before = message.read_bytes()
    older = archive.keys.read_text()
    archive.gets_a_key()
    assert await archive.heard(message) == heard
    await archive.encrypting.once()
    assert message.read_bytes() != before
    assert await archive.heard(message) == heard
    newest = archive.keys.read_text().removeprefix(older)
    archive.keys.write_text(newest)  # the old key is needed no more
    assert await archive.heard(message) == heard
    assert (await archive.sounds.missing_keys()) == {}


async def test_without_the_key_nothing_is_lost_and_it_is_said_what_to_do(archive: Archive) -> None:
    archive.gets_a_key()
    message = await archive.left()
    await archive.encrypting.once()
    encrypted = message.read_bytes()
    kept = archive.keys.rename(archive.keys.with_name("kept"))
    with pytest.raises(SoundLocked, match="bring it back from its copy"):
        await archive.heard(message)
    with pytest.raises(SoundLocked):
        await archive.maker.finish(await archive.talked())
    await archive.encrypting.once()
    assert len([*archive.folder.glob(f"{LEG}-*.wav")]) == 2
    assert message.read_bytes() == encrypted
    assert sum((await archive.sounds.missing_keys()).values()) == 1
    kept.rename(archive.keys)
    assert len(await archive.heard(message)) == 2 * 2 * 8000 + 44
    await archive.maker.finish((await archive.storage.calls.unfinished_recordings())[0])


async def test_what_a_program_needs_is_laid_out_for_us_alone_and_goes(archive: Archive) -> None:
    archive.gets_a_key()
    recording = await archive.maker.finish(await archive.talked())
    await archive.maker.delete_sides(recording)
    message = await archive.left()
    await archive.encrypting.once()
    masks = MaskedCopies(archive.folder / "masked", archive.sounds)
    copy = await masks(await archive.sounds.find(recording.listening_file or ""), [(0.5, 1.0)])
    assert archive.plain() == set()
    assert (await archive.heard(copy.file)).startswith(b"OggS")
    lays_out = kept_in(archive.sounds, archive.folder)
    for of, speaker, file in (
        (Use.RECORDINGS, Speaker.DISPATCHER, recording.dispatcher_file),
        (Use.MESSAGES, Speaker.BOTH, str(message)),
    ):
        one = Unwritten(
            sound=LEG, of=of, speaker=speaker, file=file, began_at=NOON, language=Language.UKRAINIAN
        )
        async with lays_out(one) as sound:
            assert sound.read_bytes().startswith(b"RIFF")
            assert sound.parent.stat().st_mode & 0o077 == 0
    assert archive.plain() == set()


async def test_a_copy_deleted_for_lack_of_room_is_made_of_the_encrypted_master(
    archive: Archive,
) -> None:
    archive.gets_a_key()
    recording = await archive.maker.finish(await archive.talked())
    await archive.maker.delete_sides(recording)
    Path(recording.listening_file or "").unlink()
    anew = await archive.maker.finish(recording)
    assert (await archive.heard(anew.listening_file or "")).startswith(b"OggS")
    assert archive.plain() == set()


async def test_what_was_killed_halfway_is_cleared_and_done_anew(archive: Archive) -> None:
    archive.gets_a_key()
    message = await archive.left()
    (archive.folder / f"{ENCRYPTING}half").write_bytes(b"half")
    left = archive.folder / SCRATCH_FOLDER / "tmp"
    left.mkdir(parents=True)
    write_wav(left / "side.wav", 1)
    archive.sounds.clear()
    await archive.encrypting.once()
    assert [path.name for path in archive.folder.iterdir() if path.is_file()] == [message.name]
    assert not list(archive.folder.rglob("side.wav"))
    assert archive.plain() == set()


async def test_a_talk_from_before_there_were_masters_becomes_one_and_its_plain_files_go(
    archive: Archive,
) -> None:
    recording = await archive.talked()
    whole = write_wav(archive.folder / f"{LEG}.wav", 3)
    await archive.storage.calls.keep_recording(replace(recording, listening_file=str(whole), seconds=3.0))
    archive.gets_a_key()
    done = await archive.encrypting.everything()
    assert (done.of, done.encrypted) == (1, 1)
    assert archive.plain() == set()
    (made,) = await archive.storage.calls.recordings("c")
    assert (await archive.heard(made.listening_file or "")).startswith(b"OggS")
    assert len((await verify(archive.storage.recording_chain, archive.sounds, None)).links) == 1


async def test_a_damaged_file_is_named_and_holds_up_no_other(archive: Archive) -> None:
    archive.gets_a_key()
    recording = await archive.maker.finish(await archive.talked())
    master = Path(recording.master_file or "")
    encrypted = bytearray(master.read_bytes())
    encrypted[-20] ^= 1
    master.write_bytes(bytes(encrypted))
    archive.clock.pass_by(timedelta(minutes=1).total_seconds())
    message = await archive.left()
    archive.gets_a_key()
    done = await archive.encrypting.everything()
    assert (done.encrypted, done.failed) == (2, 1)
    assert message.name not in archive.plain()
    (fault,) = (await verify(archive.storage.recording_chain, archive.sounds, None)).faults
    assert fault.file == str(master)


@pytest.mark.parametrize("step", ["written", "read back", "placed"])
async def test_killed_at_any_step_each_file_is_whole_and_the_next_service_goes_on(
    step: str, tmp_path: Path
) -> None:
    folder, keys = tmp_path / "recordings", tmp_path / "keys"
    folder.mkdir()
    add_key(keys, NOON.date())
    said = {folder / f"{name}.ogg": name.encode() * 50_000 for name in "abc"}
    for file, sound in said.items():
        file.write_bytes(sound)
    assert await asyncio.to_thread(encrypt_and_die, folder, keys, step) == -signal.SIGKILL

    sounds = sounds_in(folder, keys=keys)
    for again in range(2):
        for file, sound in said.items():
            assert b"".join([part async for part in sounds.parts(await sounds.find(file))]) == sound
            if not again:
                await sounds.encrypt(file)
    sounds.clear()
    assert {path for path in folder.iterdir() if path.is_file()} == set(said)
    assert all(file.read_bytes().startswith(MAGIC) for file in said)
