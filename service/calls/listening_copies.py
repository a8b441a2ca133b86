"""Turns finished talks' recordings into copies to listen to, and raises the alarm on a silent side."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from hotline.calls.call import CallLog, JourneyStep, Recording, Scalar, Step
from hotline.isolation import IsolatedItems, repeat
from hotline.retention.room import Room
from telephony.calls.journey import FROM_CEL
from telephony.voice.audio import NoSound, listening_copy, seconds_of, silent_sides

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
SILENCE_WORTH_AN_ALARM_SECONDS = 5.0
LOSS_WORTH_AN_ALARM_SECONDS = 5.0
Running = Callable[[], Awaitable[set[str] | None]]
"""Tells what lives in Asterisk; None when it cannot be asked."""


async def made_anew(recording: Recording) -> None:
    """Make a copy once more that was deleted for lack of room; nothing if there is no sound any more."""
    if recording.listening_file:
        sides = Path(recording.caller_file), Path(recording.dispatcher_file)
        with suppress(NoSound):
            await listening_copy(*sides, Path(recording.listening_file))


class ListeningCopies:
    """Works through the recordings that have no listening copy yet; goes on where it stopped."""

    def __init__(self, calls: CallLog, running: Running, folder: Path, room: Callable[[], Room]) -> None:
        """`folder`: where the copies go, which is all that can be listened to."""
        self._room = room
        self._calls = calls
        self._folder = folder
        self._running = running
        self._isolated = IsolatedItems("listening copy not made")

    async def keep(self) -> None:
        """Make copies now and then, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="listening copies not made")

    async def once(self) -> None:
        if not (unfinished := await self._calls.unfinished_recordings()):
            return
        alive = await self._running()
        for recording in unfinished:
            if alive is not None and recording.id not in alive:
                await self._isolated.do(recording.id, partial(self._work_off, recording))

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
        sides = (Path(recording.caller_file), Path(recording.dispatcher_file))
        recorded = max([await asyncio.to_thread(seconds_of, side) for side in sides])
        lost = (ended - recording.started_at).total_seconds() - recorded
        known = any(
            step.step is Step.RECORDING_CUT and step.detail.get("recording") == recording.id for step in steps
        )
        if lost < LOSS_WORTH_AN_ALARM_SECONDS or known:
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
        caller, dispatcher = Path(recording.caller_file), Path(recording.dispatcher_file)
        target = self._folder / f"{recording.id}.wav"
        try:
            seconds = await listening_copy(caller, dispatcher, target)
        except NoSound as error:
            log.error(
                "recording is empty recording=%s call_id=%s reason=%s", recording.id, recording.call_id, error
            )
            await self._calls.keep_recording(replace(recording, listening_file="", seconds=0.0))
            return
        silent = await silent_sides(caller, dispatcher)
        if silent and seconds > SILENCE_WORTH_AN_ALARM_SECONDS:
            log.error("recording has a silent side=%s recording=%s", ",".join(sorted(silent)), recording.id)
        await self._calls.keep_recording(replace(recording, listening_file=str(target), seconds=seconds))
