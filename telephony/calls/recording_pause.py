"""A pause in the recording of a talk: what is said then is silence in both sides' files, and time goes on.

The dispatcher asks for it before somebody says a card's number or a diagnosis. It ends by their key, by
itself after a while, or with the talk. Both people hear a tone when it begins, every now and then while it
lasts, and when the recording goes on; from the first tone on the talk is mixed, so that the recording stays
whole (docs/decisions/0031).
"""

import asyncio
import contextlib
import logging
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from weakref import WeakKeyDictionary

from attrs import define, field

from hotline.calls.call import Scalar, Step
from hotline.calls.recordings import ResumedBy
from hotline.clock import Clock
from hotline.errors import CallGone, NotRecorded
from hotline.events import Events, RecordingPaused, RecordingResumed
from hotline.isolation import run_isolated
from telephony.ami.client import AmiConnection, AmiRefused
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.calls.journey import Journey
from telephony.calls.leg import Leg
from telephony.calls.mixing import Mixing
from telephony.voice.signals import Signal, Signals

log = logging.getLogger(__name__)

REMINDED_EVERY = 15.0
"""Seconds between two tones while a recording is paused."""


class RecordedCall(Protocol):
    """The caller's side of a talk."""

    id: str
    journey: Journey
    recording_refused: bool


@define(eq=False, repr=False, kw_only=True)
class RecordingPauses:
    """Pauses of recordings on one Asterisk."""

    _ami: AmiConnection
    _mixing: Mixing
    _signals: Signals
    _events: Events
    _clock: Clock
    _longest: timedelta
    _tasks: asyncio.TaskGroup
    _reminded_every: float = REMINDED_EVERY
    _turns: MutableMapping[Leg, asyncio.Lock] = field(factory=WeakKeyDictionary, init=False)
    """Of two presses at once the second finds what the first has done; a leg that is gone has none."""

    async def pause(self, call: RecordedCall, leg: Leg) -> None:
        """Pause it; nothing while it is paused. Raises NotRecorded where nothing is recorded."""
        if call.recording_refused:
            raise NotRecorded("This talk is not recorded.")
        async with self._turns.setdefault(leg, asyncio.Lock()):
            if leg.recording_paused_at is None:
                await self._pause(call, leg)

    async def _pause(self, call: RecordedCall, leg: Leg) -> None:
        now = self._clock.now()
        try:
            await self._ami.mute_recording(leg.name, muted=True)
        except CallGone as error:
            raise NotRecorded("The talk is over.") from error
        leg.recording_paused_at = now
        seconds = self._longest.total_seconds()
        await call.journey.note(Step.RECORDING_PAUSED, _detail(leg) | {"seconds": seconds}, now)
        self._events.tell(
            RecordingPaused(
                call_id=call.id,
                dispatcher_id=leg.dispatcher_id,
                recording_id=leg.id,
                until=now + self._longest,
                at=now,
            )
        )
        self._end_after(call, leg, now, self._longest)
        await self._sound(leg, Signal.PAUSED)

    async def resume(self, call: RecordedCall, leg: Leg, by: ResumedBy) -> None:
        """Go on recording; nothing while it is recorded. Raises NotRecorded when the talk is over."""
        async with self._turns.setdefault(leg, asyncio.Lock()):
            if leg.recording_paused_at is None:
                return
            try:
                await self._ami.mute_recording(leg.name, muted=False)
            except CallGone as error:
                raise NotRecorded("The talk is over.") from error
            leg.recording_paused_at = None
            leg.changed()
            now = self._clock.now()
            await call.journey.note(Step.RECORDING_RESUMED, _detail(leg) | {"by": by.value}, now)
            self._events.tell(
                RecordingResumed(
                    call_id=call.id, dispatcher_id=leg.dispatcher_id, recording_id=leg.id, by=by, at=now
                )
            )
            await self._sound(leg, Signal.GOES_ON)

    def taken_up(self, call: RecordedCall, leg: Leg) -> None:
        """Take up a talk after a restart: a pause that goes on ends when it would have ended."""
        since = call.journey.recording_paused_at(leg.id)
        if since is not None:
            leg.recording_paused_at = since
            left = since + self._longest - self._clock.now()
            self._end_after(call, leg, since, max(left, timedelta()))
        elif not call.recording_refused:  # the service may have died before the pause was written
            going_on = run_isolated(
                partial(self._unmute, leg), f"recording may be paused leg={leg.id}", passing=AriUnavailable
            )
            self._tasks.create_task(going_on, name=f"recorded {leg.id}")

    async def _unmute(self, leg: Leg) -> None:
        with contextlib.suppress(CallGone, AmiRefused):  # it has just ended, or it is not recorded
            await self._ami.mute_recording(leg.name, muted=False)

    def _end_after(self, call: RecordedCall, leg: Leg, since: datetime, left: timedelta) -> None:
        ending = run_isolated(
            partial(self._end, call, leg, since, left.total_seconds()),
            f"pause of a recording not ended leg={leg.id}",
            passing=AriUnavailable,
        )
        self._tasks.create_task(ending, name=f"pause {leg.id}")

    async def _end(self, call: RecordedCall, leg: Leg, since: datetime, seconds: float) -> None:
        with contextlib.suppress(CallGone, NotRecorded):  # the talk has ended, and the pause with it
            while not await leg.until(
                lambda: leg.recording_paused_at is not since, min(seconds, self._reminded_every)
            ):
                seconds -= self._reminded_every
                if seconds <= 0:
                    await self.resume(call, leg, ResumedBy.TIME)
                    return
                await self._remind(leg, since)

    async def _remind(self, leg: Leg, since: datetime) -> None:
        async with self._turns.setdefault(leg, asyncio.Lock()):
            if leg.recording_paused_at is since:
                await self._sound(leg, Signal.STILL_PAUSED)

    async def _sound(self, leg: Leg, signal: Signal) -> None:
        """Have both hear it; a tone that fails is told in the log, and changes nothing of the pause."""
        try:
            await self._mixing.sound(leg, await asyncio.to_thread(self._signals.media, signal))
        except CallGone:
            pass  # the talk is over
        except (AriRefused, AriUnavailable, OSError) as error:
            log.warning("tone not heard tone=%s leg=%s: %s", signal, leg.id, error)


def _detail(leg: Leg) -> dict[str, Scalar]:
    return {"dispatcher": leg.dispatcher_id, "recording": leg.id}
