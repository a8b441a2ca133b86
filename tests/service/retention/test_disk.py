"""The free disk: an alarm in time, room made of what can be made anew, and never of what cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from hotline.retention.room import DiskThresholds, Room
from service.retention.disk import Disk, DiskWatch
from service.settings.settings import read_settings

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
KILO = 1024
LEVELS = DiskThresholds(low=30 * KILO, spent=10 * KILO)


class SmallDisk(Disk):
    """A disk of so many bytes, as full as its folder is."""

    def __init__(self, folder: Path, size: int) -> None:
        super().__init__(folder, LEVELS)
        self.size = size
        self.folder = folder

    def free(self) -> int:
        return self.size - sum(one.stat().st_size for one in self.folder.rglob("*") if one.is_file())


class Spoken:
    """Prompts that somebody was told once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def forget(self) -> int:
        found = list(self.folder.glob("*.alaw"))
        for one in found:
            one.unlink()
        return len(found)


def talk(folder: Path, name: str, day: int) -> None:
    """Keep both sides of a talk and the copy, 10 kB each."""
    folder.mkdir(exist_ok=True)
    for end in ("-caller", "-dispatcher", ""):
        file = folder / f"{name}{end}.wav"
        file.write_bytes(bytes(10 * KILO))
        os.utime(file, (day, day))


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


@pytest.mark.parametrize(
    ("free", "room"),
    [(30 * KILO, Room.AMPLE), (30 * KILO - 1, Room.LOW), (10 * KILO, Room.LOW), (10 * KILO - 1, Room.SPENT)],
)
def test_room_is_judged_by_two_thresholds(free: int, room: Room) -> None:
    assert LEVELS.room(free) is room


def test_thresholds_are_settings() -> None:
    assert read_settings(SECRETS).disk.thresholds == DiskThresholds()
    given = {"HOTLINE_DISK_LOW_MEGABYTES": "9", "HOTLINE_DISK_SPENT_MEGABYTES": "3"}
    assert read_settings(SECRETS | given).disk.thresholds == DiskThresholds(low=9 * 2**20, spent=3 * 2**20)
    with pytest.raises(SettingsError):
        read_settings(SECRETS | {"HOTLINE_DISK_SPENT_MEGABYTES": "0"})


async def test_room_is_made_of_prompts_then_of_the_oldest_copies_and_no_recording_is_touched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recordings, prompts = tmp_path / "recordings", tmp_path / "prompts"
    for day, name in enumerate(("old", "middle", "new")):
        talk(recordings, name, day)
    alone = recordings / "fallback.wav"
    alone.write_bytes(bytes(KILO))  # no sides beside it: it is the recording itself
    prompts.mkdir()
    (prompts / "told-once.alaw").write_bytes(bytes(KILO))
    before = names(recordings)
    watch = DiskWatch(SmallDisk(tmp_path, 105 * KILO), Spoken(prompts).forget, recordings)
    await watch.look()
    assert names(prompts) == set()
    assert before - names(recordings) == {"old.wav", "middle.wav"}
    assert "derived files deleted for lack of room files=3" in caplog.text


async def test_a_disk_that_stays_full_is_told_once_and_recordings_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recordings = tmp_path / "recordings"
    talk(recordings, "one", 1)
    disk = SmallDisk(tmp_path, 25 * KILO)
    watch = DiskWatch(disk, Spoken(tmp_path).forget, recordings)
    await watch.look()
    await watch.look()
    assert names(recordings) == {"one-caller.wav", "one-dispatcher.wav"}
    assert caplog.text.count("room on the disk is spent") == 1
    disk.size = 500 * KILO
    caplog.set_level("INFO")
    await watch.look()
    assert "room on the disk is ample" in caplog.text


_ON_TMPFS = """
import asyncio, pathlib, sys
from hotline.retention.room import DiskThresholds, Room
from service.retention.disk import Disk, DiskWatch
folder = pathlib.Path(sys.argv[1])
recordings = folder / "recordings"
recordings.mkdir()
for name in ("one-caller", "one-dispatcher", "one"):
    (recordings / f"{name}.wav").write_bytes(bytes(1 << 20))
disk = Disk(folder, DiskThresholds(low=2 << 20, spent=1 << 19))
assert disk.room() is Room.LOW, disk.free()
asyncio.run(DiskWatch(disk, lambda: 0, recordings).look())
assert disk.room() is Room.AMPLE, disk.free()
assert sorted(one.name for one in recordings.iterdir()) == ["one-caller.wav", "one-dispatcher.wav"]
(folder / "else").write_bytes(bytes((1 << 20) + (3 << 18)))
assert disk.room() is Room.SPENT, disk.free()
"""


@pytest.mark.nightly
def test_a_real_small_disk_is_judged_and_cleared(tmp_path: Path) -> None:
    if os.geteuid() or not shutil.which("unshare"):
        pytest.skip("a disk of one's own takes root and unshare")
    mounted = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    command = ("unshare", "--mount", "sh", "-c", mounted, "sh", str(tmp_path), sys.executable, _ON_TMPFS)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert done.returncode == 0, done.stderr
