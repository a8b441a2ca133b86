"""The nightly sweep: rows, then their files, then what only its age ends."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.calls.call import Recording
from hotline.city.addresses import Address, Street
from hotline.errors import SettingsError
from hotline.retention.terms import Kind, Retention
from service.folders import Folders
from service.retention.files import FileSweep
from service.retention.settings import RetentionSettings
from service.retention.sweep import Sweep
from service.settings.settings import read_settings
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.kept_sounds import sounds_in

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
HOME = Address(street="Київський квартал", house="7")
NUMBER = "+380671112201"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEPT = Retention(places=DAY, recordings=DAY, outbox=DAY)
ZONE = read_settings(SECRETS).timezone


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = Folders(var=tmp_path, root="", own_edge="", memory="")
    for folder in (made.recordings, made.messages, made.outbox, made.imports, made.cel.parent):
        folder.mkdir(parents=True)
    return made


def sweep(storage: Storage, folders: Folders, clock: SetClock) -> Sweep:
    return Sweep(storage.retention, files(storage, folders), KEPT, clock, ZONE)


def files(storage: Storage, folders: Folders) -> FileSweep:
    return FileSweep(storage.retention, folders, sounds_in(folders.recordings, folders.messages))


async def recorded(storage: Storage, folders: Folders, clock: SetClock, name: str) -> list[Path]:
    """Keep a recording with its three files, as old as the clock is now."""
    files = [folders.recordings / f"{name}{end}.wav" for end in ("-rx", "-tx", "")]
    for file in files:
        aged(file, clock)
    caller, dispatcher, listening = map(str, files)
    await storage.calls.keep_recording(
        Recording(
            id=name,
            call_id=name,
            dispatcher_id=None,
            started_at=clock.now(),
            caller_file=caller,
            dispatcher_file=dispatcher,
            listening_file=listening,
            seconds=9.0,
        )
    )
    return files


def aged(file: Path, clock: SetClock) -> Path:
    file.write_bytes(b"sound")
    os.utime(file, (clock.now().timestamp(),) * 2)
    return file


async def test_recordings_are_not_kept_for_ever(storage: Storage, folders: Folders, clock: SetClock) -> None:
    old = await recorded(storage, folders, clock, "old")
    clock.pass_by(HOUR.total_seconds())
    young = await recorded(storage, folders, clock, "young")
    clock.pass_by(DAY.total_seconds())
    await sweep(storage, folders, clock).round()
    assert [file.exists() for file in old + young] == [False] * 3 + [True] * 3
    assert [one.id for one in await storage.calls.recordings("young")] == ["young"]
    assert await storage.calls.recordings("old") == []
    (line,) = await storage.retention.latest()
    assert (line.kind, line.rows, line.files, line.days) == (Kind.RECORDINGS, 1, 3, 1)


async def test_a_sweep_that_died_between_rows_and_files_is_finished_by_the_next_look(
    storage: Storage, folders: Folders, clock: SetClock
) -> None:
    files = await recorded(storage, folders, clock, "old")
    clock.pass_by((DAY + HOUR).total_seconds())
    await storage.retention.sweep(KEPT, clock.now())  # and here it dies
    assert all(file.exists() for file in files)
    await sweep(storage, folders, clock).look()
    assert not any(file.exists() for file in files)
    assert await storage.retention.doomed() == []


async def test_a_file_that_cannot_be_deleted_holds_up_neither_others_nor_the_sweep(
    storage: Storage, folders: Folders, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, *others = await recorded(storage, folders, clock, "old")
    stuck.unlink()
    stuck.mkdir()
    told = aged(folders.outbox / "1.txt", clock)
    clock.pass_by((DAY + HOUR).total_seconds())
    await sweep(storage, folders, clock).round()
    assert [one.exists() for one in (*others, told)] == [False, False, False]
    assert [one.name for one in await storage.retention.doomed()] == [str(stuck)]
    assert "file not deleted kind=recordings" in caplog.text


async def test_what_no_row_names_ends_with_its_age_and_what_a_row_names_does_not(
    storage: Storage, folders: Folders, clock: SetClock
) -> None:
    named = await recorded(storage, folders, clock, "held")
    left = aged(folders.recordings / "left-over.wav", clock)
    told, put_aside = aged(folders.outbox / "1.txt", clock), aged(folders.cel.with_suffix(".csv.1"), clock)
    clock.pass_by((DAY + HOUR).total_seconds())
    await files(storage, folders).aged(KEPT, clock.now())
    assert [one.exists() for one in (left, told, put_aside)] == [False, False, True]
    assert all(file.exists() for file in named)
    lines = await storage.retention.latest()
    assert {(one.kind, one.files) for one in lines} == {(Kind.RECORDINGS, 1), (Kind.OUTBOX, 1)}


async def test_a_file_elsewhere_is_never_deleted_whatever_a_row_names(
    storage: Storage, folders: Folders, clock: SetClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = aged(tmp_path / "hotline.db-copy", clock)
    away = folders.recordings / ".." / elsewhere.name
    await storage.calls.keep_recording(
        Recording(
            id="odd",
            call_id="odd",
            dispatcher_id=None,
            started_at=clock.now(),
            caller_file=str(away),
            dispatcher_file=str(elsewhere),
        )
    )
    clock.pass_by((DAY + HOUR).total_seconds())
    await sweep(storage, folders, clock).round()
    assert elsewhere.exists()
    assert "file of no folder of ours" in caplog.text


async def test_it_sweeps_by_night_once_and_by_day_only_if_it_never_has(
    storage: Storage, folders: Folders, clock: SetClock
) -> None:
    swept = sweep(storage, folders, clock)
    await storage.streets.add([Street(name=HOME.street)])
    seen = []
    for _ in range(5 * 24):
        now = clock.now()
        await storage.known_places.remember(NUMBER, HOME, call_id="c1", at=now - 2 * DAY)
        await swept.look()
        if not await storage.known_places.addresses_of(NUMBER):
            seen.append(now.astimezone(ZONE).hour)
        clock.pass_by(HOUR.total_seconds())
    assert seen[0] not in range(2, 5)
    assert set(seen[1:]) == {2}
    assert len(seen) >= 5


def test_how_long_is_a_setting_in_days() -> None:
    assert read_settings(SECRETS).keeping.retention == Retention()
    given = {"HOTLINE_OUTAGE_WATCHERS_DAYS": "7", "HOTLINE_KEEP_RECORDINGS_DAYS": "90"}
    week, season = timedelta(days=7), timedelta(days=90)
    assert read_settings(SECRETS | given).keeping.retention == Retention(watchers=week, recordings=season)


@pytest.mark.parametrize(
    ("name", "given", "least"),
    [("HOTLINE_OUTAGE_REPORTS_DAYS", "0", "1"), ("HOTLINE_KEEP_AUDIT_DAYS", "365", "731")],
)
def test_nothing_is_forgotten_before_the_law_allows_it(name: str, given: str, least: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} is {given}: give {least} or more"):
        read_settings(SECRETS | {name: given})


def test_each_kind_has_its_setting() -> None:
    assert set(RetentionSettings.__dataclass_fields__) == {kind.value for kind in Kind}
