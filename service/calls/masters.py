"""Turns finished talks' two files into one master and a copy to listen to, and deletes what it replaces.

Each step leaves a whole state behind, so that a service or machine that died at any of them goes on with the
next: the two sides are there until the master that holds every sample of them is on the disk and on record.
"""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.calls.call import CallLog, JourneyStep, Recording, Scalar, Step
from hotline.calls.recordings import Mark, MarkKind, Side
from hotline.calls.sound_store import SoundStore
from hotline.clock import Clock
from hotline.dialling.nodes import node_of
from hotline.events import Events, RecordingErased, RecordingFinished
from hotline.isolation import IsolatedItems, repeat
from hotline.retention.room import Room
from storage.calls.chain import StoredChain
from storage.calls.recordings import StoredRecordings
from telephony.calls.journey import FROM_CEL
from telephony.line.fallback_queue import FALLBACK
from telephony.voice.audio import SILENCE, NoSound
from telephony.voice.master_making import make
from telephony.voice.master_work import Done, Made, MasterDiffers, Work
from telephony.voice.sides import side_file, sides_of

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
SILENCE_WORTH_AN_ALARM_SECONDS = 5.0
LOSS_WORTH_AN_ALARM_SECONDS = 5.0
SIDES_KEPT = timedelta(days=1)
"""How long sides stay beside their master: a backup that has begun still finds what its database names."""
SCRATCH = ".mastering-"
Running = Callable[[], Awaitable[set[str] | None]]
"""Tells what lives in Asterisk; None when it cannot be asked."""


class Stage(StrEnum):
    """What has been done with a recording so far; a test may end the service at any of them."""

    WRITTEN = Done.WRITTEN.value
    VERIFIED = Done.VERIFIED.value
    COPIED = Done.COPIED.value
    PLACED = "placed"
    """The master has its own name."""
    COPY_PLACED = "copy-placed"
    ON_RECORD = "on-record"
    SIDE_GONE = "side-gone"
    """One of the two sides is deleted."""
    SIDES_GONE = "sides-gone"
    """So is the other."""


def _unwatched(_stage: Stage) -> None:
    pass


@define(eq=False, repr=False, kw_only=True)
class MasterMaker:
    """Makes the master of one recording and links it into the chain; where there is one, only the copy."""

    _calls: CallLog
    _recordings: StoredRecordings
    _chain: StoredChain
    _events: Events
    _sounds: SoundStore
    _folder: Path
    """Where masters and copies go, which is all that can be listened to."""
    _clock: Clock
    _timezone: ZoneInfo
    _reached: Callable[[Stage], None] = _unwatched

    async def finish(self, recording: Recording) -> Recording:
        """Make what is missing and put it on record; returns the recording as it is then.

        Raises NoSound when neither side left any, and MasterNotMade when it is to be tried again.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self._folder)))
            return await self._finish(recording, scratch, stack)

    async def _finish(self, recording: Recording, scratch: Path, stack: AsyncExitStack) -> Recording:
        master, copy = self._folder / f"{recording.id}.flac", self._folder / f"{recording.id}.ogg"
        sides = await asyncio.to_thread(sides_of, recording)
        there = await self._sounds.has(master) and (
            recording.master_file is not None or not any(one.size for one in sides)
        )
        plain = scratch / "master.flac"
        if there:
            plain = await stack.enter_async_context(self._sounds.laid_out(master))
        work = Work(
            sides=[] if there else [str(one.path) for one in sides],
            master=str(plain),
            copy=str(scratch / "copy.ogg"),
            paused=_pauses(recording, await self._calls.journey(recording.call_id)),
        )
        made = await make(work, lambda done: self._reached(Stage(done.value)))
        if not there:
            await self._sounds.keep(plain, master)
            self._reached(Stage.PLACED)
        await self._sounds.keep(Path(work.copy), copy)
        self._reached(Stage.COPY_PLACED)
        finished = replace(
            recording,
            listening_file=str(copy),
            seconds=made.seconds,
            master_file=str(master),
            mastered_at=recording.mastered_at or self._clock.now(),
        )
        return await self._put_on_record(finished, made, again=recording.master_file is not None)

    async def _put_on_record(self, finished: Recording, made: Made, *, again: bool) -> Recording:
        today = self._clock.now().astimezone(self._timezone).date()
        if not await self._recordings.mastered(finished, made.figures, made.sha256, today):
            log.info("recording was deleted before its master was made recording=%s", finished.id)
            for file in (finished.master_file, finished.listening_file):
                await self._sounds.delete(file or "")
            return finished
        self._reached(Stage.ON_RECORD)
        if not again:
            self._events.tell(
                RecordingFinished(
                    call_id=finished.call_id,
                    recording_id=finished.id,
                    seconds=made.seconds,
                    sha256=made.sha256,
                    at=self._clock.now(),
                )
            )
        silent = [side for side, level in zip(Side, made.loudest, strict=False) if level < SILENCE]
        if silent and made.seconds > SILENCE_WORTH_AN_ALARM_SECONDS:
            log.error("recording has a silent side=%s recording=%s", ",".join(silent), finished.id)
        return finished

    async def delete_sides(self, recording: Recording) -> None:
        """Delete the files that the master replaces; raises MasterDiffers when it does not."""
        await self._require_replaced(recording)
        for side, stage in zip(Side, (Stage.SIDE_GONE, Stage.SIDES_GONE), strict=True):
            await asyncio.to_thread(side_file(recording, side).unlink, missing_ok=True)
            self._reached(stage)
        await self._recordings.sides_gone(recording.id, self._clock.now())

    async def _require_replaced(self, recording: Recording) -> None:
        master, link = Path(recording.master_file or ""), await self._chain.of(recording.id)
        if not await self._sounds.has(master):
            raise MasterDiffers(f"{master} is missing: the sides of {recording.id} stay.")
        if link is None or await self._sounds.digest(master) != link.sha256:
            raise MasterDiffers(
                f"{master} is not the file that was linked: the sides of {recording.id} stay."
            )
        if any(side.seconds > link.seconds for side in await asyncio.to_thread(sides_of, recording)):
            raise MasterDiffers(f"{master} is shorter than the sides of {recording.id}: they stay.")


@define(eq=False, repr=False, kw_only=True)
class Masters:
    """Works through the recordings that have no master yet; goes on where it stopped."""

    _calls: CallLog
    _recordings: StoredRecordings
    _chain: StoredChain
    _events: Events
    _maker: MasterMaker
    _sounds: SoundStore
    _running: Running
    _folder: Path
    _room: Callable[[], Room]
    _clock: Clock
    _timezone: ZoneInfo
    _sides_kept: timedelta = SIDES_KEPT
    _node: str = ""
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("master not made"), init=False)
    _cleared: bool = field(default=False, init=False)
    _sealed_before: date | None = field(default=None, init=False)
    """The day before which all is sealed."""
    _erased_until: datetime = field(init=False)
    """What was deleted until then was told, or is older than this service."""

    def __attrs_post_init__(self) -> None:
        self._erased_until = self._clock.now()

    async def keep(self) -> None:
        """Make masters now and then, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="masters not made")

    async def once(self) -> None:
        """Make the masters that are owed, and delete sides whose time has come."""
        if not self._cleared:
            await asyncio.to_thread(self._clear)
            self._cleared = True
        await self._make()
        await self._delete_sides()
        await self._seal()
        await self._tell_erased()

    def _clear(self) -> None:
        """Delete what a service that was killed left half made."""
        for left in self._folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)

    async def _make(self) -> None:
        if self._sounds.locked() or not (unfinished := await self._calls.unfinished_recordings()):
            return
        alive = await self._running()
        for recording in unfinished:
            if alive is None or _may_grow(recording, alive):
                continue
            if not await asyncio.to_thread(self._lies_elsewhere, recording):
                await self._isolated.do(recording.id, partial(self._work_off, recording))

    def _lies_elsewhere(self, recording: Recording) -> bool:
        """Tell whether neither side is here, as another Asterisk node has recorded them on its own disk."""
        if recording.master_file is not None or node_of(recording.call_id) in {"", self._node}:
            return False
        return not any(side_file(recording, side).exists() for side in Side)

    async def _delete_sides(self) -> None:
        """Delete them after their time, or as soon as there is little room."""
        kept = self._sides_kept if self._room() is Room.AMPLE else timedelta()
        for recording in await self._recordings.with_sides(self._clock.now() - kept):
            await self._isolated.do(recording.id, partial(self._maker.delete_sides, recording))

    async def _tell_erased(self) -> None:
        """Tell what was deleted since the last look, by this process or another."""
        for link in await self._chain.erased_after(self._erased_until):
            if link.erased_at is not None and link.erased_by is not None:
                self._erased_until = link.erased_at
                self._events.tell(
                    RecordingErased(
                        call_id=link.call_id,
                        recording_id=link.recording_id,
                        cause=link.erased_by,
                        at=link.erased_at,
                    )
                )

    async def _seal(self) -> None:
        """Seal the day before, once it is over; the seal stands in the log, which is kept elsewhere."""
        now = self._clock.now()
        today = now.astimezone(self._timezone).date()
        if today == self._sealed_before:
            return
        if (seal := await self._chain.seal(today, now)) is not None:
            log.info("recordings sealed day=%s last=%d seal=%s", seal.day, seal.last, seal.digest)
        self._sealed_before = today

    async def _work_off(self, recording: Recording) -> None:
        call = await self._calls.find(recording.call_id)
        steps = await self._calls.journey(recording.call_id)
        ended = [
            step.at for step in steps if step.step is Step.TALK_ENDED and step.at >= recording.started_at
        ]
        if ended or call is None or call.ended_at is not None:
            over = min(ended) if ended else call.ended_at if call else None
            await self._tell_loss(recording, over, steps)
            await self._finish(recording)

    async def _tell_loss(
        self, recording: Recording, ended: datetime | None, steps: Sequence[JourneyStep]
    ) -> None:
        """Mark the call when the disk had no room for all of its recording; an alarm in the log as well."""
        if self._room() is not Room.SPENT or ended is None:
            return
        recorded = max(side.seconds for side in await asyncio.to_thread(sides_of, recording))
        lost = (ended - recording.started_at).total_seconds() - recorded
        known = any(
            step.step is Step.RECORDING_CUT and step.detail.get("recording") == recording.id for step in steps
        )
        if lost < LOSS_WORTH_AN_ALARM_SECONDS or known or recording.master_file:
            return
        log.error("recording cut for lack of room recording=%s lost_seconds=%.0f", recording.id, lost)
        # The call may go on, and number its own steps by itself: this one stands behind all of them.
        number = max([FROM_CEL, *(step.number for step in steps)]) + 1
        detail: dict[str, Scalar] = {"recording": recording.id, "lost_seconds": round(lost)}
        await self._calls.note(
            JourneyStep(
                call_id=recording.call_id, number=number, at=ended, step=Step.RECORDING_CUT, detail=detail
            )
        )

    async def _finish(self, recording: Recording) -> None:
        try:
            await self._maker.finish(recording)
        except NoSound as error:
            log.error(
                "recording is empty recording=%s call_id=%s reason=%s", recording.id, recording.call_id, error
            )
            await self._calls.keep_recording(replace(recording, listening_file="", seconds=0.0))


def _pauses(recording: Recording, steps: Sequence[JourneyStep]) -> tuple[Mark, ...]:
    """Tell which spans of a recording the dispatcher had paused, in seconds from its beginning."""
    found: list[Mark] = []
    since: datetime | None = None
    for step in [one for one in steps if one.detail.get("recording") == recording.id]:
        if step.step is Step.RECORDING_PAUSED:
            since = step.at
        elif step.step is Step.RECORDING_RESUMED and since is not None:
            found.append(_paused(recording, since, step.at))
            since = None
    if since is not None:  # it ended with its talk; a call may have others
        ends = [step.at for step in steps if step.step is Step.TALK_ENDED and step.at >= since]
        found += [_paused(recording, since, end) for end in sorted(ends)[:1]]
    return tuple(found)


def _paused(recording: Recording, since: datetime, until: datetime) -> Mark:
    begins, ends = (round((at - recording.started_at).total_seconds(), 1) for at in (since, until))
    return Mark(kind=MarkKind.PAUSED, begins=max(0.0, begins), ends=max(0.0, ends))


def _may_grow(recording: Recording, alive: set[str]) -> bool:
    """Whether Asterisk may still write into it: its own queue's does so as long as the caller is there."""
    of_queue = recording.id == f"{recording.call_id}-{FALLBACK}"
    return (recording.call_id if of_queue else recording.id) in alive
