"""Listening copies: made once, when the talk is over, from whatever is there."""

import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Step
from hotline.retention.room import Room
from service.calls.listening_copies import ListeningCopies, made_anew
from storage.store import Storage
from telephony.calls.journey import FROM_CEL
from tests.fakes.clock import NOON
from tests.fakes.sounds import write_wav

CALL, LEG = "hotline-1.1", "ring-hotline-1.1-1"


class Desk:
    """One recorded talk, and what lives in Asterisk (None: it cannot be asked)."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.storage = storage
        self.folder = folder
        self.living: set[str] | None = set()
        self.room = Room.AMPLE
        self.copies = ListeningCopies(storage.calls, self.alive, folder, lambda: self.room)

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
        await self.copies.once()
        (recording,) = await self.storage.calls.recordings(CALL)
        return recording


@pytest.fixture
def desk(storage: Storage, tmp_path: Path) -> Desk:
    return Desk(storage, tmp_path)


async def test_when_the_talk_is_over_both_sides_are_joined(desk: Desk) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    recording = await desk.made()
    assert recording.seconds == pytest.approx(3)
    assert recording.listening_file
    with wave.open(recording.listening_file) as file:
        assert (file.getnchannels(), file.getnframes() / file.getframerate()) == (2, pytest.approx(3))


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


async def test_the_two_recordings_are_never_touched(desk: Desk) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    before = {file.name: file.read_bytes() for file in desk.folder.glob(f"{LEG}-*.wav")}
    assert len(before) == 2
    await desk.made()
    assert {file.name: file.read_bytes() for file in desk.folder.glob(f"{LEG}-*.wav")} == before


async def test_a_recording_that_cannot_be_worked_off_does_not_block_the_next(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.recorded(3, 2)
    await desk.talk_ends()
    (good,) = await desk.storage.calls.recordings(CALL)
    in_the_way = desk.folder / "older.wav"
    in_the_way.mkdir()  # where the copy is to be: it can never be put there
    write_wav(desk.folder / "older-caller.wav", 3)
    older = {"id": "older", "started_at": NOON - timedelta(seconds=1)}
    await desk.storage.calls.keep_recording(
        replace(good, **older, caller_file=str(desk.folder / "older-caller.wav"))
    )

    for _ in range(3):
        await desk.copies.once()

    made = {one.id: one.listening_file for one in await desk.storage.calls.recordings(CALL)}
    assert made == {"older": None, LEG: str(desk.folder / f"{LEG}.wav")}
    assert caplog.text.count("listening copy not made item=older") == 2


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
    await made_anew(recording)
    assert copy.read_bytes() == sound
