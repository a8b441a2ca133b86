"""A talk: caller and dispatcher in one bridge, recorded on the dispatcher's own leg.

Every dispatcher gets a leg of their own, and every leg a recording of its own: a second dispatcher joining
cannot silence a side, as happens when one recording on the caller's channel outlives a transfer
(docs/decisions/0002-recording-per-leg.md).
"""

import asyncio
import contextlib
import logging
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from hotline.calls import CallLog, Recording, Step, VoiceMessage
from hotline.clock import Clock
from hotline.conversation import TalkEnd
from hotline.errors import CallGone, TelephonyError
from hotline.line import Dispatchers, Line, Priority
from telephony.ami.client import AmiConnection
from telephony.ari.actions import Ari
from telephony.audio import seconds_of
from telephony.channel import FollowedChannel
from telephony.journey import Journey
from telephony.leg import NORMAL_CLEARING, Leg, PassOn

log = logging.getLogger(__name__)

LONGEST_TALK_SECONDS = 12 * 3600
"""A talk may outlast any lease; AMI takes no 0 for "without limit"."""
CAUSE_SECONDS = 1.0
"""How long the cause of a leg's end may come after the end itself."""


class Talker(Protocol):
    """The caller's side of a talk."""

    id: str
    channel: FollowedChannel
    journey: Journey
    recording_refused: bool
    leg: Leg | None


def bridge_id(call_id: str) -> str:
    """The bridge of a call: derived, so that any worker finds it again."""
    return f"talk-{call_id}"


class Talks:
    """Carries out talks on one Asterisk."""

    def __init__(
        self,
        *,
        ari: Ari,
        ami: AmiConnection,
        line: Line,
        dispatchers: Dispatchers,
        calls: CallLog,
        clock: Clock,
        recordings: Path,
        rest: timedelta,
        line_changed: asyncio.Event,
    ) -> None:
        self._ari = ari
        self._ami = ami
        self._line = line
        self._dispatchers = dispatchers
        self._calls = calls
        self._clock = clock
        self._recordings = recordings
        self._rest = rest
        self._line_changed = line_changed
        self._colleagues: dict[str, Leg] = {}

    def colleague(self, leg: Leg) -> None:
        """Remember an answered leg between two dispatchers, to which a caller may be passed on."""
        self._colleagues[leg.id] = leg

    def colleague_gone(self, leg: Leg) -> None:
        self._colleagues.pop(leg.id, None)

    async def talk(self, call: Talker, leg: Leg) -> TalkEnd:
        """Bring the two together and wait until the talk ends; raises CallGone when the caller hangs up."""
        if not leg.joined:
            await self._join(call, leg)
        try:
            await call.channel.until(lambda: leg.over)
        except CallGone:
            await self._part(call, leg)
            raise
        return await self._after(call, leg)

    async def message_kept(self, message: VoiceMessage) -> float:
        """The length of a voice message, stored with it; 0 when the file holds nothing."""
        seconds = await asyncio.to_thread(seconds_of, Path(message.file))
        await self._calls.keep_message(
            VoiceMessage(
                id=message.id,
                call_id=message.call_id,
                number=message.number,
                file=message.file,
                began_at=message.began_at,
                seconds=seconds,
            )
        )
        return seconds

    async def _join(self, call: Talker, leg: Leg) -> None:
        bridge = bridge_id(call.id)
        await self._ami.absolute_timeout(call.channel.name, LONGEST_TALK_SECONDS)
        await self._ari.create_bridge(bridge)
        await self._ari.add_to_bridge(bridge, call.id, leg.id)
        leg.joined = True
        if not call.recording_refused:
            await self._record(call, leg)
        await call.journey.note(Step.TALK_STARTED, {"dispatcher": leg.dispatcher_id, "leg": leg.id})

    async def _record(self, call: Talker, leg: Leg) -> None:
        recording = Recording(
            id=leg.id,
            call_id=call.id,
            dispatcher_id=leg.dispatcher_id,
            started_at=self._clock.now(),
            caller_file=str(self._recordings / f"{leg.id}-caller.wav"),
            dispatcher_file=str(self._recordings / f"{leg.id}-dispatcher.wav"),
        )
        await self._calls.keep_recording(recording)
        try:
            await self._ami.start_recording(
                leg.name, Path(recording.dispatcher_file), Path(recording.caller_file)
            )
        except TelephonyError as error:
            log.error("recording not started call_id=%s leg=%s reason=%s", call.id, leg.id, error)

    async def _after(self, call: Talker, leg: Leg) -> TalkEnd:
        """The dispatcher's side ended it: what now?"""
        call.leg = None
        passed_on = leg.passed_on
        if passed_on is not None and not leg.hung_up:
            return await self._pass_on(call, leg, passed_on)
        await call.channel.until(lambda: leg.destroyed, CAUSE_SECONDS)
        await self._end(call, leg)
        return TalkEnd.OVER if leg.cause in {0, NORMAL_CLEARING} else TalkEnd.BROKEN

    async def _pass_on(self, call: Talker, leg: Leg, passed_on: PassOn) -> TalkEnd:
        await call.journey.note(Step.TRANSFERRED, {"to": passed_on.extension})
        colleague = self._colleagues.pop(passed_on.answered_channel or "", None)
        with contextlib.suppress(CallGone):
            await self._ari.transfer_done(leg.id)
        await self._part(call, leg)
        if colleague is not None and not colleague.gone:
            colleague.caller = call.channel
            call.leg = colleague
            return TalkEnd.PASSED_ON
        wanted = await self._dispatchers.by_extension(passed_on.extension)
        await self._line.enter(
            call.id,
            at=self._clock.now(),
            priority=Priority.RETURNING,
            wanted_dispatcher_id=wanted.id if wanted else None,
        )
        return TalkEnd.PASSED_ON

    async def _part(self, call: Talker, leg: Leg) -> None:
        """The leg's part is over: it is hung up, and its dispatcher is free."""
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(leg.id)
        await self._end(call, leg)

    async def _end(self, call: Talker, leg: Leg) -> None:
        now = self._clock.now()
        await call.journey.note(Step.TALK_ENDED, {"dispatcher": leg.dispatcher_id, "cause": leg.cause})
        await self._line.talk_ended(leg.dispatcher_id, now, rest=self._rest)
        self._line_changed.set()
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(bridge_id(call.id))
