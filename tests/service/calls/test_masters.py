"""Masters: made once, when the talk is over, from whatever is there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Step
from hotline.calls.recordings import MarkKind, Side
from hotline.events import Event, RecordingErased, RecordingFinished
from hotline.retention.deletions import DeletedBy
from hotline.retention.room import Room
from hotline.retention.terms import Retention
from service.calls.masters import MasterMaker, Masters
from service.node.bus import Bus
from storage.store import Storage
from telephony.calls.journey import FROM_CEL
from telephony.voice.audio import MonoWav
from tests.fakes.clock import NOON, SetClock
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.sides import find_side
from tests.fakes.sounds import RATE, write_samples, write_wav
from tests.fakes.towns import KYIV

CALL, LEG = "hotline-1.1", "ring-hotline-1.1-1"


class Desk:
    """One recorded talk, and what lives in Asterisk (None: it cannot be asked)."""

    def __init__(self, storage: Storage, folder: Path, clock: SetClock | None = None) -> None:
        self.storage = storage
        self.folder = folder
        self.living: set[str] | None = set()
        self.room = Room.AMPLE
        self.clock = clock or SetClock()
        self.told: list[Event] = []
        events = Bus(self.told.append)
        self.maker = MasterMaker(
            calls=storage.calls,
            events=events,
            recordings=storage.recordings,
            chain=storage.recording_chain,
            sounds=sounds_in(folder),
            folder=folder,
            clock=self.clock,
            timezone=KYIV,
        )
        self.masters = Masters(
            events=events,
            calls=storage.calls,
            recordings=storage.recordings,
            chain=storage.recording_chain,
            maker=self.maker,
            sounds=sounds_in(folder),
            running=self.alive,
            folder=folder,
            room=lambda: self.room,
            clock=self.clock,
            timezone=KYIV,
        )

    async def alive(self) -> set[str] | None:
        return self.living

    async def recorded(
        self, caller: float | None, dispatcher: float | None, *, loudness: float = 0.3
    ) -> None:
        """A talk of which these seconds of each side are on disk."""
        one = await self.storage.dispatchers.add("201", "Олена", "s", frozenset())
        await self.storage.calls.open(CallRecord(id=CALL, number=None, shown="", arrived_at=NOON))
        await self.storage.calls.flush()
        files = {side: self.folder / f"{LEG}-{side}.wav" for side in ("caller", "dispatcher")}
        for side, seconds in (("caller", caller), ("dispatcher", dispatcher)):
            if seconds is not None:
                write_wav(files[side], seconds, loudness=loudness if side == "dispatcher" else 0.3)
        await self.storage.calls.keep_recording(
            Recording(
                id=LEG,
                call_id=CALL,
                dispatcher_id=one.id,
                started_at=NOON,
                caller_file=str(files["caller"]),
                dispatcher_file=str(files["dispatcher"]),
            )
        )

    async def talk_ends(self, *, after: float = 5) -> None:
        at = NOON + timedelta(seconds=after)
        await self.storage.calls.note(JourneyStep(call_id=CALL, number=9, at=at, step=Step.TALK_ENDED))
        await self.storage.calls.flush()

    async def made(self) -> Recording:
        (recording,) = await self.made_all()
        return recording

    async def made_all(self) -> Sequence[Recording]:
        await self.masters.once()
        return await self.storage.calls.recordings(CALL)


@pytest.fixture
def desk(storage: Storage, tmp_path: Path) -> Desk:
    return Desk(storage, tmp_path)


async def test_when_the_talk_is_over_both_sides_are_in_the_master(desk: Desk) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    recording = await desk.made()
    assert recording.seconds == pytest.approx(3)
    assert (recording.master_file, recording.listening_file) == (
        str(desk.folder / f"{LEG}.flac"),
        str(desk.folder / f"{LEG}.ogg"),
    )
    figures = (await desk.storage.recordings.of([LEG]))[LEG]
    assert (figures.caller_seconds, figures.dispatcher_seconds) == (3, 2)
    assert [path.name for path in desk.folder.iterdir() if path.name.startswith(".")] == []


async def test_the_sides_stay_for_a_day_and_are_deleted_when_the_master_has_them(desk: Desk) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    recording = await desk.made()
    before = [find_side(recording, side) for side in Side]
    heard = [b"".join(side.minutes(RATE)) for side in before]
    assert {type(one) for one in before} == {MonoWav}
    desk.clock.pass_by(23 * 3600)
    assert (await desk.made()).sides_gone_at is None
    assert len([*desk.folder.glob(f"{LEG}-*.wav")]) == 2

    desk.clock.pass_by(2 * 3600)
    assert (await desk.made()).sides_gone_at == desk.clock.now()
    assert [*desk.folder.glob(f"{LEG}-*.wav")] == []
    after = [b"".join(find_side(recording, side).minutes(RATE)) for side in Side]
    assert after == [heard[0], heard[1].ljust(len(heard[0]), b"\0")]


async def test_where_there_is_little_room_the_sides_go_at_once(desk: Desk) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    desk.room = Room.LOW
    assert (await desk.made()).sides_gone_at == desk.clock.now()


def anew(desk: Desk) -> Masters:
    """The service started again: it does not know what has failed."""
    return Desk(desk.storage, desk.folder, clock=desk.clock).masters


async def test_sides_stay_beside_a_master_that_is_gone_or_shorter(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.recorded(3, 3)
    await desk.talk_ends()
    recording = await desk.made()
    write_wav(desk.folder / f"{LEG}-caller.wav", 4)
    desk.clock.pass_by(2 * 86400)
    assert (await desk.made()).sides_gone_at is None
    assert "is shorter than the sides" in caplog.text
    master = Path(recording.master_file or "")
    master.write_bytes(master.read_bytes() + b"more")
    await desk.made()
    assert "is not the file that was linked" in caplog.text
    master.unlink()
    await anew(desk).once()
    assert "is missing: the sides" in caplog.text
    assert len([*desk.folder.glob(f"{LEG}-*.wav")]) == 2


async def test_what_asterisks_own_queue_records_may_go_on_until_the_caller_has_gone(desk: Desk) -> None:
    await desk.recorded(3, 3)
    (leg,) = await desk.storage.calls.recordings(CALL)
    queued = f"{CALL}-fallback"
    await desk.storage.calls.keep_recording(replace(leg, id=queued))
    await desk.talk_ends()
    desk.living = {CALL}
    await desk.made_all()
    assert {one.id: one.master_file is not None for one in await desk.made_all()} == {
        LEG: True,
        queued: False,
    }
    desk.living = set()
    assert all(one.master_file for one in await desk.made_all())


async def test_a_master_is_made_once_and_only_its_copy_anew(desk: Desk) -> None:
    await desk.recorded(3, 3)
    await desk.talk_ends()
    recording = await desk.made()
    master = Path(recording.master_file or "").read_bytes()
    write_wav(desk.folder / f"{LEG}-caller.wav", 1)
    await desk.storage.calls.keep_recording(replace(recording, listening_file=None))
    again = await desk.made()
    assert (again.seconds, again.mastered_at) == (3, recording.mastered_at)
    assert Path(again.master_file or "").read_bytes() == master


@pytest.mark.parametrize("living", [{LEG}, None])
async def test_while_the_leg_lives_or_cannot_be_asked_after_nothing_is_made(
    desk: Desk, living: set[str] | None
) -> None:
    await desk.recorded(3, 3)
    await desk.talk_ends()
    desk.living = living
    assert (await desk.made()).listening_file is None


async def test_before_the_talk_has_ended_on_record_nothing_is_made(desk: Desk) -> None:
    await desk.recorded(3, 3)
    assert (await desk.made()).listening_file is None
    await desk.talk_ends(after=-10)
    assert (await desk.made()).listening_file is None, "that was an earlier talk"


async def test_a_call_that_went_down_with_asterisk_gets_its_copy_too(desk: Desk) -> None:
    await desk.recorded(3, None)
    await desk.storage.calls.close(CALL, Outcome.LOST, NOON)
    await desk.storage.calls.flush()
    assert (await desk.made()).listening_file


async def test_a_recording_without_any_sound_is_told_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.recorded(None, None)
    await desk.talk_ends()
    recording = await desk.made()
    assert (recording.listening_file, recording.seconds) == ("", 0.0)
    await desk.made()
    assert caplog.text.count("recording is empty") == 1


async def test_a_recording_on_the_disk_of_another_node_stays_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "CALL", "hotline-b-1.1")
    await desk.recorded(None, None)
    await desk.talk_ends()
    assert (await desk.made()).listening_file is None
    write_wav(desk.folder / f"{LEG}-caller.wav", 1, loudness=0.3)  # that disk is seen from here by now
    assert (await desk.made()).listening_file


async def test_a_long_silent_side_raises_the_alarm(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.recorded(6, 6, loudness=0)
    await desk.talk_ends()
    await desk.made()
    assert "silent side=dispatcher" in caplog.text


async def test_a_short_silence_is_no_alarm(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.recorded(2, 2, loudness=0)
    await desk.talk_ends()
    await desk.made()
    assert "silent side" not in caplog.text


async def test_a_recording_that_cannot_be_worked_off_does_not_block_the_next(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    (good,) = await desk.storage.calls.recordings(CALL)
    in_the_way = desk.folder / "older.ogg"
    in_the_way.mkdir()  # where the copy is to be: it can never be put there
    write_wav(desk.folder / "older-caller.wav", 3)
    older = {"id": "older", "started_at": NOON - timedelta(seconds=1)}
    await desk.storage.calls.keep_recording(
        replace(good, **older, caller_file=str(desk.folder / "older-caller.wav"))
    )

    for _ in range(3):
        await desk.masters.once()

    made = {one.id: one.listening_file for one in await desk.storage.calls.recordings(CALL)}
    assert made == {"older": None, LEG: str(desk.folder / f"{LEG}.ogg")}
    assert caplog.text.count("master not made item=older") == 2


@pytest.mark.parametrize(
    ("room", "seconds", "marked"),
    [(Room.SPENT, 20, True), (Room.SPENT, 0.5, True), (Room.SPENT, 58, False), (Room.AMPLE, 20, False)],
)
async def test_a_recording_that_the_disk_had_no_room_for_is_marked_on_the_call_once(
    desk: Desk, caplog: pytest.LogCaptureFixture, room: Room, seconds: float, *, marked: bool
) -> None:
    await desk.recorded(seconds, seconds)
    desk.room = room
    await desk.talk_ends(after=60)
    await desk.made()
    await desk.made()
    steps = await desk.storage.calls.journey(CALL)
    cut = [step for step in steps if step.step is Step.RECORDING_CUT]
    assert [step.detail["lost_seconds"] for step in cut] == ([round(60 - seconds)] if marked else [])
    assert all(step.number > FROM_CEL for step in cut)  # the call may go on: its own next number stays free
    assert ("recording cut for lack of room" in caplog.text) is marked


async def test_a_copy_that_was_deleted_for_lack_of_room_is_made_anew(desk: Desk) -> None:
    await desk.recorded(2, 2)
    await desk.talk_ends()
    recording = await desk.made()
    copy = Path(recording.listening_file or "")
    sound = copy.read_bytes()
    copy.unlink()
    await desk.maker.finish(recording)
    assert len(copy.read_bytes()) == len(sound)  # an Ogg stream has a number of its own each time


async def test_what_was_paused_is_marked_and_is_no_silence(desk: Desk) -> None:
    await desk.recorded(10, 10, loudness=0)
    write_samples(desk.folder / f"{LEG}-caller.wav", _silent_between(2, 7, seconds=10))
    leg = {"recording": LEG}
    for number, (step, at, detail) in enumerate(
        [
            (Step.RECORDING_PAUSED, 2, leg),
            (Step.RECORDING_RESUMED, 7, leg | {"by": "time"}),
            (Step.RECORDING_PAUSED, 8, {"recording": "another"}),
            (Step.RECORDING_PAUSED, 9, leg),
        ]
    ):
        moment = NOON + timedelta(seconds=at)
        await desk.storage.calls.note(
            JourneyStep(call_id=CALL, number=number, at=moment, step=step, detail=detail)
        )
    await desk.talk_ends(after=10)
    await desk.made()
    figures = (await desk.storage.recordings.of([LEG]))[LEG]
    assert [(one.kind, one.begins, one.ends) for one in figures.marks] == [
        (MarkKind.PAUSED, 2, 7),
        (MarkKind.PAUSED, 9, 10),
    ]
    assert figures.longest_silence == 0


def _silent_between(begins: float, ends: float, *, seconds: float) -> NDArray[np.float64]:
    samples = np.sin(np.arange(int(seconds * RATE)) / 3) * 0.3
    samples[int(begins * RATE) : int(ends * RATE)] = 0
    return samples


async def test_other_systems_are_told_of_a_finished_recording_once_and_of_one_that_was_deleted(
    desk: Desk,
) -> None:
    await desk.recorded(3, 3)
    await desk.talk_ends()
    recording = await desk.made()
    await desk.maker.finish(recording)  # only the copy anew
    (finished,) = desk.told
    assert isinstance(finished, RecordingFinished)
    link = await desk.storage.recording_chain.of(LEG)
    assert link is not None
    assert (finished.recording_id, finished.seconds, finished.sha256) == (LEG, 3, link.sha256)

    desk.clock.pass_by(2 * 86400)
    await desk.storage.retention.sweep(Retention(recordings=timedelta(days=1)), desk.clock.now())
    desk.told.clear()
    for _ in range(2):
        await desk.masters.once()
    (erased,) = desk.told
    assert isinstance(erased, RecordingErased)
    assert (erased.recording_id, erased.call_id, erased.cause) == (LEG, CALL, DeletedBy.TERM)
