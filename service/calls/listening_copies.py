"""Turns finished talks' recordings into copies to listen to, and raises the alarm on a silent side."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from hotline.calls.call import CallLog, Recording, Step
from hotline.isolation import IsolatedItems, repeat
from telephony.voice.audio import NoSound, listening_copy, silent_sides

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
SILENCE_WORTH_AN_ALARM_SECONDS = 5.0


class ListeningCopies:
    """Works through the recordings that have no listening copy yet; goes on where it stopped."""

    def __init__(
        self, calls: CallLog, running: Callable[[], Awaitable[set[str] | None]], folder: Path
    ) -> None:
        """`folder`: where the copies go, which is all that can be listened to."""
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
        if await self._talk_is_over(recording):
            await self._finish(recording)

    async def _talk_is_over(self, recording: Recording) -> bool:
        call = await self._calls.find(recording.call_id)
        steps = await self._calls.journey(recording.call_id)
        ended = any(step.step is Step.TALK_ENDED and step.at >= recording.started_at for step in steps)
        return ended or call is None or call.ended_at is not None

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
