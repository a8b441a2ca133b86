"""A backup is brought back as a trial, beside the hotline that goes on; what is amiss with it is told."""

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from service.commands.stopping import until_stopped
from service.node.backup import BackupRefused
from service.node.proving import NEVER, PLACE, Proof, clear_left, last_proof, prove, unproven_seconds
from service.node.proving_round import UNFINISHED, ProvingRound, is_due
from service.wiring.operation import unproven
from storage.core.locked_file import held
from storage.store import open_storage
from storage.tables import appeal_history, appeals, audit
from tests.fakes.clock import SetClock
from tests.fakes.databases import empty_database
from tests.service.node.test_backup import Place, Usage, cluster, migrated_postgres, place, settings_of, url
from tests.storage.conftest import NOON, FixedClock

__all__ = ["cluster", "migrated_postgres", "place", "url"]

ACT = {"action": "tried", "subject": "", "address": "", "detail": ""}
WEEK = timedelta(days=7)
NIGHT = datetime.fromisoformat("2026-03-02T02:00:00+02:00")


LATER = SetClock(NOON + timedelta(hours=1))


@pytest.fixture
async def ours(tmp_path: Path) -> Place:
    """On SQLite, where a trial costs little."""
    one = Place(settings_of(tmp_path / "var", empty_database(tmp_path)), tmp_path / "backups")
    await one.fill()
    return one


async def test_a_whole_backup_is_brought_back_and_nothing_is_left_of_it(place: Place) -> None:
    folders = place.settings.folders
    made = await place.back_up(NOON + timedelta(minutes=30))
    await bring_from_a_file(place)
    proof = await prove(place.settings, None, LATER)
    assert (proof.fault, proof.backup, proof.made_at) == ("", str(made), NOON + timedelta(minutes=30))
    assert proof.rows == 1
    assert last_proof(folders) == proof
    assert (made / "restored-at").exists()
    assert not list(folders.var.glob(f"{PLACE}*"))
    async with open_storage(place.settings.database_url, FixedClock()) as storage:
        assert len(await storage.outbox.waiting()) == 1


async def bring_from_a_file(place: Place) -> None:
    """An appeal that has the moment which its file names: no backup of that moment can have it."""
    appeal = {"number": "1", "registered_at": NOON, "due_on": date(2026, 4, 1), "state": "closed", "text": ""}
    line = {"number": "1", "version": 1, "at": NOON, "act": "register", "part": "service", "said": ""}
    facts = {"state_after": "closed", "hidden": False, "facts": {"source": "import"}}
    async with open_storage(place.settings.database_url) as storage, storage.database.writing() as connection:
        await connection.execute(appeals.insert().values(**appeal))
        await connection.execute(appeal_history.insert().values(**line, **facts))


async def test_a_file_that_is_missing_is_told_and_the_last_whole_one_remembered(ours: Place) -> None:
    folders = ours.settings.folders
    await ours.back_up()
    whole = await prove(ours.settings, None, LATER)
    second = await ours.back_up(NOON + timedelta(days=1))
    (second / "evidence/ab/photo").unlink()
    proof = await prove(ours.settings, second, SetClock(NOON + timedelta(days=2)))
    assert "evidence/ab/photo is missing" in proof.fault
    assert proof.whole_at == whole.at
    assert not (second / "restored-at").exists()
    assert unproven_seconds(folders, NOON + timedelta(days=2)) == timedelta(hours=47).total_seconds()


async def test_a_backup_without_what_is_known_of_its_time_is_not_whole(ours: Place) -> None:
    """As one of another hotline would be, or of a database that was emptied meanwhile."""
    made = await ours.back_up(NOON + timedelta(minutes=30))
    async with open_storage(ours.settings.database_url) as storage, storage.database.writing() as connection:
        await connection.execute(audit.insert().values(at=NOON, **ACT))
    proof = await prove(ours.settings, made, LATER)
    assert proof.fault == "audit: 0 of 1 from before the backup are in it."


async def test_a_trial_does_not_fill_the_disk(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await place.back_up(NOON + timedelta(minutes=30))
    room = 500_000_000 + next(made.glob("database.*")).stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _where: Usage(room, 0, room))
    assert "No room" in (await prove(place.settings, made, LATER)).fault


async def test_a_damaged_database_is_told(ours: Place) -> None:
    made = await ours.back_up()
    whole = (made / "database.sqlite").read_bytes()
    (made / "database.sqlite").write_bytes(whole[: len(whole) // 2])
    assert "database.sqlite" in (await prove(ours.settings, made, LATER)).fault


async def test_what_a_killed_trial_has_left_goes_with_the_next(ours: Place) -> None:
    left = ours.settings.folders.var / f"{PLACE}left"
    left.mkdir()
    await ours.back_up()
    await prove(ours.settings, None, LATER)
    assert not left.exists()


def _of_another_program() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


async def test_another_program_that_got_the_number_of_a_killed_server_goes_on(ours: Place) -> None:
    left = ours.settings.folders.var / f"{PLACE}left"
    (left / "data").mkdir(parents=True)
    with _of_another_program() as other:
        (left / "data" / "postmaster.pid").write_text(f"{other.pid}\n")
        await clear_left(ours.settings)
        assert not left.exists()
        other.communicate(b"\n", timeout=60)
    assert other.returncode == 0


async def test_of_two_trials_one_is_refused_and_takes_nothing_from_the_other(ours: Place) -> None:
    folders = ours.settings.folders
    used = folders.var / f"{PLACE}used"
    used.mkdir()
    await ours.back_up()
    async with held(folders.proving_lock):
        with pytest.raises(BackupRefused, match="under way"):
            await prove(ours.settings, None, LATER)
        await clear_left(ours.settings)
        assert used.exists()
    assert last_proof(folders) is None


async def test_without_a_backup_there_is_nothing_to_prove(ours: Place) -> None:
    assert unproven_seconds(ours.settings.folders, NOON) is None
    with pytest.raises(BackupRefused, match="hotline backup"):
        await prove(ours.settings, None, LATER)
    await ours.back_up()
    assert unproven_seconds(ours.settings.folders, NOON) == NEVER
    assert unproven(ours.settings.folders, wished=False) is None


@pytest.mark.parametrize(
    ("made", "proof", "due"),
    [
        (None, None, False),
        (NOON, None, True),
        (NOON, Proof(at=NOON - timedelta(days=6), backup="b"), False),
        (NOON, Proof(at=NOON - WEEK, backup="b"), True),
        (NOON, Proof(at=NOON + timedelta(hours=1), backup="b", fault="x"), False),
        (NOON, Proof(at=NOON - timedelta(hours=1), backup="b", fault="x"), True),
    ],
)
def test_a_trial_is_due_each_week_and_at_once_after_a_faulty_one(
    made: datetime | None, proof: Proof | None, *, due: bool
) -> None:
    assert is_due(NOON, made, proof, WEEK) is due


@pytest.mark.parametrize(("moment", "tries"), [(NIGHT, 1), (NIGHT + timedelta(hours=8), 0)])
async def test_it_is_tried_at_night(ours: Place, moment: datetime, tries: int) -> None:
    await ours.back_up()
    tried = []

    async def trial() -> int:
        tried.append(await prove(ours.settings, None, SetClock(moment)))
        return 0

    one = proving_round(ours, trial, moment)
    await one.look()
    await one.look()
    assert len(tried) == tries


def proving_round(ours: Place, trial: Callable[[], Awaitable[int]], moment: datetime) -> ProvingRound:
    settings = ours.settings
    return ProvingRound(
        folders=settings.folders,
        clock=SetClock(moment),
        zone=settings.timezone,
        every=WEEK,
        prove=trial,
        clear=partial(clear_left, settings),
    )


@pytest.mark.parametrize(("code", "tries"), [(-signal.SIGKILL, 1), (-signal.SIGTERM, 2), (130, 2)])
async def test_a_trial_that_dies_is_a_fault_and_one_that_is_stopped_is_tried_again(
    ours: Place, code: int, tries: int
) -> None:
    """The outcome of the week before is not taken for its own."""
    await ours.back_up()
    whole = await prove(ours.settings, None, SetClock(NIGHT + timedelta(days=1)))
    tried = []

    async def trial() -> int:
        tried.append(code)
        return code

    one = proving_round(ours, trial, NIGHT + timedelta(days=1) + WEEK)
    await one.look()
    await one.look()
    assert len(tried) == tries
    proof = last_proof(ours.settings.folders)
    assert proof is not None
    assert proof.whole_at == whole.at
    assert proof.fault == (UNFINISHED if tries == 1 else "")


async def test_a_command_that_is_told_to_stop_twice_cleans_up_once() -> None:
    cleaned = []

    async def job() -> None:
        signal.raise_signal(signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(0)
            cleaned.append(True)

    assert await until_stopped(job()) is None
    assert cleaned == [True]
