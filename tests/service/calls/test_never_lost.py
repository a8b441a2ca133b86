"""A recording is never lost: killed at any step, or with a full disk, all of it is there afterwards."""

import asyncio
import hashlib
import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Step
from hotline.calls.recordings import Side
from service.calls.masters import SCRATCH, Stage
from service.calls.verifying import verify
from storage.sounds.encryption import MAGIC
from storage.sounds.keys import add_key
from storage.sounds.store import KeptSounds
from storage.store import open_storage
from tests.fakes.clock import NOON
from tests.fakes.databases import empty_database
from tests.fakes.kept_sounds import SCRATCH_FOLDER, sounds_in
from tests.fakes.sides import find_side
from tests.fakes.small_disk import fill
from tests.fakes.sounds import RATE, write_samples
from tests.service.calls.dying_service import serve

SECONDS = 4
ENOUGH_ROUNDS = 3
NAMES = ("one", "two")


@dataclass
class Archive:
    """Finished calls whose sides lie in a folder, with the digest of what each side said."""

    url: str
    folder: Path
    said: dict[tuple[str, Side], str]
    keys: Path | None = None

    @property
    def sounds(self) -> KeptSounds:
        return sounds_in(self.folder, keys=self.keys)

    def serve(self, until: Stage | None = None) -> int | None:
        return serve(self.url, self.folder, self.keys, until)

    def holds(self) -> None:
        """Every call that should have a recording has it, by digest, in a master that its link covers."""
        asyncio.run(self._holds())

    async def _holds(self) -> None:
        async with open_storage(self.url) as storage:
            for name in NAMES:
                (recording,) = await storage.calls.recordings(name)
                assert recording.listening_file
                assert Path(recording.listening_file).is_file()
                for side in Side:
                    assert await digest_of(recording, side, self.sounds) == self.said[name, side], (
                        name,
                        side,
                    )
            verdict = await verify(storage.recording_chain, self.sounds, None)
            assert (len(verdict.links), verdict.faults) == (len(NAMES), [])
            gone = [one.sides_gone_at for name in NAMES for one in await storage.calls.recordings(name)]
        assert all(gone)
        assert sorted(path.name for path in self.folder.iterdir() if path.name != SCRATCH_FOLDER) == sorted(
            f"ring-{name}{kind}" for name in NAMES for kind in (".flac", ".ogg")
        )
        for path in self.folder.glob("*.*"):
            assert path.is_dir() or path.read_bytes().startswith(MAGIC) == (self.keys is not None)


async def digest_of(recording: Recording, side: Side, sounds: KeptSounds) -> str:
    if recording.master_file is None:
        said = find_side(recording, side)
        return hashlib.sha256(b"".join(said.minutes(RATE))).hexdigest()
    async with sounds.laid_out(recording.master_file) as plain:
        said = find_side(replace(recording, master_file=str(plain)), side)
        return hashlib.sha256(b"".join(said.minutes(RATE))).hexdigest()


async def recorded(url: str, folder: Path) -> Archive:
    """Keep two calls with noise, of which no two seconds are alike, on both sides."""
    noise, said = np.random.default_rng(7), {}
    async with open_storage(url) as storage:
        for name in NAMES:
            await storage.calls.open(CallRecord(id=name, number=None, shown="", arrived_at=NOON))
            ended = NOON + timedelta(seconds=SECONDS)
            await storage.calls.note(JourneyStep(call_id=name, number=1, at=ended, step=Step.TALK_ENDED))
            await storage.calls.close(name, Outcome.TALKED, ended)
            await storage.calls.flush()
            files = [folder / f"ring-{name}-{side.value}.wav" for side in Side]
            for file in files:
                write_samples(file, noise.uniform(-0.5, 0.5, SECONDS * RATE))
            recording = Recording(
                id=f"ring-{name}",
                call_id=name,
                dispatcher_id=None,
                started_at=NOON,
                caller_file=str(files[0]),
                dispatcher_file=str(files[1]),
            )
            await storage.calls.keep_recording(recording)
            for side in Side:
                said[name, side] = await digest_of(recording, side, sounds_in(folder))
    return Archive(url, folder, said)


@pytest.fixture(params=["plain", "encrypted"])
def archive(tmp_path: Path, request: pytest.FixtureRequest) -> Archive:
    folder = tmp_path / "recordings"
    folder.mkdir()
    made = asyncio.run(recorded(empty_database(tmp_path), folder))
    return with_key(made, tmp_path) if request.param == "encrypted" else made


def with_key(archive: Archive, folder: Path) -> Archive:
    add_key(folder / "keys", NOON.date())
    return replace(archive, keys=folder / "keys")


ENCRYPTED_BY_DAY = Stage.COPIED
"""The last stage at which what is made lies plain: of the others the night kills encrypted masters too."""


@pytest.mark.parametrize(
    ("archive", "stage"),
    [
        *(("plain", stage) for stage in Stage),
        ("encrypted", ENCRYPTED_BY_DAY),
        *(
            pytest.param("encrypted", stage, marks=pytest.mark.nightly)
            for stage in Stage
            if stage is not ENCRYPTED_BY_DAY
        ),
    ],
    indirect=["archive"],
)
def test_killed_at_any_step_the_next_service_goes_on(archive: Archive, stage: Stage) -> None:
    assert archive.serve(stage) == -signal.SIGKILL
    assert archive.serve() == 0
    archive.holds()


def test_nothing_is_left_to_be_done_twice(archive: Archive) -> None:
    assert archive.serve() == 0
    archive.holds()
    files = {path: path.read_bytes() for path in archive.folder.iterdir() if path.is_file()}
    assert archive.serve() == 0
    assert {path: path.read_bytes() for path in archive.folder.iterdir() if path.is_file()} == files


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(12))
def test_killed_again_and_again_wherever_it_stands(archive: Archive, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which steps, and not a secret
    for stage in chance.choices([*Stage], k=6):
        assert archive.serve(stage) in {0, -signal.SIGKILL}
    for _ in range(ENOUGH_ROUNDS):
        assert archive.serve() == 0
    archive.holds()


@pytest.mark.parametrize("encrypted", [False, pytest.param(True, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    "free",
    [
        *(0, 60_000, 130_000),
        *(pytest.param(room, marks=pytest.mark.nightly) for room in (4096, 170_000)),
    ],
)
def test_a_full_disk_takes_nothing_away_and_is_made_up_for(
    small_disk: Path, tmp_path: Path, free: int, *, encrypted: bool
) -> None:
    """Room for nothing, for a master's head, for half of a master, for all of it, for a copy as well."""
    archive = asyncio.run(recorded(empty_database(tmp_path), small_disk))
    archive = with_key(archive, tmp_path) if encrypted else archive
    filler = fill(small_disk, leave=free)
    assert archive.serve() == 0
    for name in NAMES:
        assert whole(archive, name), f"{name} is in neither its sides nor a master"
    filler.unlink()
    for _ in range(ENOUGH_ROUNDS):
        assert archive.serve() == 0
    archive.holds()
    assert not [*small_disk.glob(f"{SCRATCH}*")]


def whole(archive: Archive, name: str) -> bool:
    async def found() -> Sequence[str]:
        async with open_storage(archive.url) as storage:
            (recording,) = await storage.calls.recordings(name)
            return [await digest_of(recording, side, archive.sounds) for side in Side]

    return asyncio.run(found()) == [archive.said[name, side] for side in Side]
