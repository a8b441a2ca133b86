"""A talk: caller and dispatcher in one bridge, recorded on the dispatcher's own leg.

Every dispatcher gets a leg of their own, and every leg a recording of its own: a second dispatcher joining
cannot silence a side, as happens when one recording on the caller's channel outlives a transfer
(docs/decisions/0002-recording-per-leg.md).
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from attrs import define, field

from hotline import tracing
from hotline.calls.call import CallLog, Recording, Step, VoiceMessage
from hotline.calls.conversation import Done, TalkEnd
from hotline.clock import Clock
from hotline.errors import CallGone, ForbiddenTransition
from hotline.events import Events, TalkEnded, TalkStarted, TalkTakenUp
from hotline.isolation import read_isolated, run_isolated
from hotline.line.extensions import is_extension
from hotline.line.line import Dispatcher, Dispatchers, Line, Priority
from hotline.line.presence_states import UNREACHABLE, Presence
from telephony.ami.client import AmiConnection
from telephony.ari.actions import Ari
from telephony.ari.errors import AriUnavailable
from telephony.calls.channel import FollowedChannel
from telephony.calls.journey import Journey
from telephony.calls.leg import Leg, PassOn
from telephony.causes import NORMAL_CLEARING, OUT_OF_ORDER
from telephony.desks.endpoints import is_browser
from telephony.ids import bridge_id, is_outgoing
from telephony.owed import OwedWrites
from telephony.voice.audio import spoken_seconds

log = logging.getLogger(__name__)

LONGEST_TALK_SECONDS = 12 * 3600
"""A talk may outlast any lease; AMI takes no 0 for "without limit"."""
CAUSE_SECONDS = 1.0
"""How long the cause of a leg's end may come after the end itself."""
DIALPLAN_SECONDS = 3.0
"""How long a leg may take on its way through the dialplan; it usually takes milliseconds."""


class Talker(Protocol):
    """The caller's side of a talk."""

    id: str
    channel: FollowedChannel
    journey: Journey
    outgoing: bool
    recording_refused: bool
    leg: Leg | None

    async def meanwhile(self, work: Awaitable[Done]) -> Done:
        """Do work for which the caller waits, who is in no bridge any more."""
        ...

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        """Do the work as long as nobody has come for them; raises CallGone when they hang up meanwhile."""
        ...


@define(eq=False, repr=False, kw_only=True)
class Talks:
    """Carries out talks on one Asterisk."""

    _ari: Ari
    _ami: AmiConnection
    _line: Line
    _dispatchers: Dispatchers
    _calls: CallLog
    _clock: Clock
    _recordings: Path
    _wrap_up: timedelta
    _line_changed: asyncio.Event
    _events: Events
    _owed: OwedWrites
    _colleagues: dict[str, Leg] = field(factory=dict, init=False)

    def colleague(self, leg: Leg) -> None:
        """Remember an answered leg between two dispatchers, to which a caller may be passed on."""
        self._colleagues[leg.id] = leg

    def colleague_gone(self, leg: Leg) -> None:
        self._colleagues.pop(leg.id, None)

    async def talk(self, call: Talker, leg: Leg) -> TalkEnd:
        """Bring the two together and wait until the talk ends; raises CallGone when the caller hangs up."""
        passing = None
        try:
            return await self._begun(call, leg)
        except CallGone:
            passing, leg.passed_on = leg.passed_on, None  # there is nobody left to be passed on
            raise
        finally:
            passing = passing or leg.passed_on
            if passing is not None:
                passing.settled.set()

    async def _begun(self, call: Talker, leg: Leg) -> TalkEnd:
        """One talk's boundary: one that fails is as good as broken, and its dispatcher is free."""
        ended = TalkEnd.BROKEN

        async def talked() -> None:
            nonlocal ended
            ended = await self._talk(call, leg)

        failure = f"talk broke off call_id={call.id} leg={leg.id}"
        if not await run_isolated(talked, failure, passing=(CallGone, AriUnavailable)):
            call.leg = None
            await self._end(call, leg, self._wrap_up)
        if ended is TalkEnd.BROKEN:
            await call.meanwhile(self._settled(call))
        return ended

    async def _talk(self, call: Talker, leg: Leg) -> TalkEnd:
        if leg.joined and not leg.gone:
            now = self._clock.now()
            self._events.tell(TalkTakenUp(call_id=call.id, dispatcher_id=leg.dispatcher_id, at=now))
        try:
            to = await self._over(call, leg) if leg.joined or await self._join(call, leg) else None
        except CallGone:
            call.leg = None
            if leg.third is not None and not leg.gone:  # the dispatcher continues with the third
                await self._told_ended(call, leg)
            else:
                await self._end(call, leg, self._wrap_up)
            raise
        call.leg = None
        if (stays := leg.stays) is not None:
            leg.left_to = stays
            if not is_browser(leg.name):
                await self._pause_until_there(call, leg)
        if leg.left_to is not None:
            return await self._left_together(call, leg, leg.left_to)
        if leg.passed_on is not None:
            return await self._pass_on(call, leg, leg.passed_on, to)
        if leg.joined and leg.cause == OUT_OF_ORDER and is_browser(leg.name):
            return await self._interrupted(call, leg)
        if leg.cause not in {0, NORMAL_CLEARING}:
            await self._pause_until_there(call, leg)
        await self._end(call, leg, self._wrap_up)
        # The caller may hang up before a word is said; the one who hears music meanwhile must not be
        # forgotten; nor may one whose talk we have ended ourselves.
        wanted = (leg.joined or leg.met or call.outgoing) and not leg.parted and not leg.placeless
        return TalkEnd.OVER if wanted and leg.cause in {0, NORMAL_CLEARING} else TalkEnd.BROKEN

    async def _interrupted(self, call: Talker, leg: Leg) -> TalkEnd:
        """Offer the caller to the same dispatcher first: ringing gives a reloading page a moment."""
        log.warning("browser left a talk dispatcher=%s call_id=%s", leg.dispatcher_id, call.id)
        await self._waits_again(call, leg, leg.dispatcher_id, timedelta())
        return TalkEnd.INTERRUPTED

    async def _waits_again(self, call: Talker, leg: Leg, wanted: int | None, wrap_up: timedelta) -> None:
        """Put the caller at the head of the line, for this dispatcher or for any; then end the leg's part.

        They are in no bridge with nobody, should the database take nothing for a while.
        """
        now = self._clock.now()

        async def enter() -> None:
            await self._settled(call)
            await self._line.enter(call.id, at=now, priority=Priority.RETURNING, wanted_dispatcher_id=wanted)

        await self._take_out(call, bridge_id(leg.id))
        try:
            await call.meanwhile(enter())
        except CallGone:
            await self._end(call, leg, wrap_up)
            raise
        await self._end(call, leg, wrap_up)

    async def _settled(self, call: Talker) -> None:
        """Let what the line is still owed of this talk be written before the caller waits again.

        Else they may be offered anew first, and the talk that is over is on record nowhere.
        """
        await call.unless_somebody_comes(self._owed.settled(call.id), None)

    async def abandoned(self, call: Talker, leg: Leg) -> None:
        """The caller hung up after a dispatcher had answered and before they could speak."""
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(leg.id)
        await self._free(call.id, leg, timedelta(0))

    async def _pause_until_there(self, call: Talker, leg: Leg) -> None:
        """Pause the dispatcher of a phone that died in a talk until it registers again."""
        log.warning("desk phone died dispatcher=%s cause=%s", leg.dispatcher_id, leg.cause)
        now = self._clock.now()

        async def pause() -> None:
            with contextlib.suppress(ForbiddenTransition):
                await self._dispatchers.set_presence(
                    leg.dispatcher_id, Presence.PAUSED, now, UNREACHABLE, found_in=call.id
                )

        await self._owed.write(pause, f"dispatcher not paused dispatcher={leg.dispatcher_id}")

    async def keep_message(self, message: VoiceMessage) -> None:
        """Have a voice message on record; whom we call does not wait for it where the database is away."""
        keep = partial(self._calls.keep_message, message)
        if is_outgoing(message.call_id):
            await self._owed.write(keep, f"message not on record message={message.id}", of=message.call_id)
        else:
            await keep()

    async def message_kept(self, message: VoiceMessage) -> float:
        """Store the length of a voice message with it and return it; 0 when nobody spoke."""
        seconds = await asyncio.to_thread(spoken_seconds, Path(message.file))
        await self.keep_message(
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

    async def _join(self, call: Talker, leg: Leg) -> bool:
        """Bridge the two; False when the dispatcher's phone went away before they could speak."""
        leg.lasting = True
        try:
            await self._ami.absolute_timeout(call.channel.name, LONGEST_TALK_SECONDS)
            if not call.recording_refused:
                with tracing.span(call.id, "recording"):
                    await self._record(call, leg)
            await self._ari.create_bridge(bridge_id(leg.id))
            await self._ari.add_to_bridge(bridge_id(leg.id), call.id, leg.id)
        except CallGone:  # one of the two hung up in this very moment; their events tell which
            await call.channel.until(lambda: leg.gone, CAUSE_SECONDS)
            return False
        leg.joined = True
        leg.changed()
        await call.journey.note(Step.TALK_STARTED, {"dispatcher": leg.dispatcher_id, "leg": leg.id})
        now = self._clock.now()
        self._events.tell(TalkStarted(call_id=call.id, dispatcher_id=leg.dispatcher_id, at=now))
        return True

    async def record_again(self, call: Talker, leg: Leg) -> bool:
        """Record a talk that goes on and is not; False for one that is not to be recorded, or not here."""
        if call.recording_refused or leg.parted or not leg.joined:
            return False
        await self._record(call, leg)
        await self._ari.add_to_bridge(bridge_id(leg.id), leg.id)
        return True

    async def _record(self, call: Talker, leg: Leg) -> None:
        """Send the leg through the dialplan's `[record]`, which names the files by the leg, as we do here."""
        recording = Recording(
            id=leg.id,
            call_id=call.id,
            dispatcher_id=leg.dispatcher_id,
            started_at=self._clock.now(),
            caller_file=str(self._recordings / f"{leg.id}-caller.wav"),
            dispatcher_file=str(self._recordings / f"{leg.id}-dispatcher.wav"),
        )
        keep = partial(self._calls.keep_recording, recording)
        await self._owed.write(keep, f"recording not on record leg={leg.id}")
        leg.in_dialplan = True
        await self._ari.leave_to(leg.id, "record")
        if not await call.channel.until(lambda: leg.gone or not leg.in_dialplan, DIALPLAN_SECONDS):
            raise CallGone(f"{leg.id} did not come back from the dialplan")

    async def _over(self, call: Talker, leg: Leg) -> Leg | Dispatcher | None:
        """Wait until the leg's part is over; returns the dispatcher of a transfer, if any."""
        while True:
            await self._followed(call, leg)
            if leg.passed_on is None:
                await call.channel.until(lambda: leg.destroyed, CAUSE_SECONDS)
                return None
            to = await self._passed_to(call, leg, leg.passed_on)
            if to is not None or leg.gone:
                return to
            log.info("transfer refused call_id=%s to=%s", call.id, leg.passed_on.extension)
            refused, leg.passed_on = leg.passed_on, None
            refused.settled.set()
            if refused.by_phone:
                with contextlib.suppress(CallGone):
                    await self._ari.transfer_refused(leg.id)

    async def _followed(self, call: Talker, leg: Leg) -> None:
        """Wait until the leg's part is over, and take holds down meanwhile, with the times of Asterisk."""
        while True:
            try:
                await call.channel.until(lambda: leg.over or bool(leg.hold_changes))
            finally:
                while leg.hold_changes:
                    at, holds = leg.hold_changes.popleft()
                    if holds is not call.journey.on_hold(leg.dispatcher_id):
                        step = Step.HOLD_BEGAN if holds else Step.HOLD_ENDED
                        await call.journey.note(step, {"dispatcher": leg.dispatcher_id}, at)
            if leg.over:
                return

    async def _passed_to(self, call: Talker, leg: Leg, passed_on: PassOn) -> Leg | Dispatcher | None:
        """Return the new dispatcher: the consulted colleague, or the one at the extension if on duty.

        The phone that asks may hang up while the latter is looked up: the caller does not wait in silence.

        A colleague who hangs up as the caller is left with them on the page has left a talk in which the
        dispatcher still is: None, and the two talk on, as after any third who leaves. Rung anew, they would
        be asked for what they have just ended, and the caller wait in line, whom nobody had let go. Nor does
        a supervisor who takes over and is gone tear the two apart. Who passes on by telephone is out of it.
        """
        asked = self._colleagues.get(passed_on.answered_channel or "")
        if asked is not None and not asked.gone:
            return asked
        if asked is not None and not passed_on.by_phone:
            return None
        looking = asyncio.ensure_future(self._reachable(leg, passed_on.extension))
        looking.add_done_callback(lambda _: call.channel.changed())
        try:
            await call.channel.until(lambda: looking.done() or leg.gone)
            if looking.done():
                return looking.result()
            call.leg = None
            await self._take_out(call, bridge_id(leg.id))
            return await call.meanwhile(call.unless_somebody_comes(looking, None))
        finally:
            looking.cancel()

    async def _reachable(self, leg: Leg, extension: str) -> Dispatcher | None:
        if not is_extension(extension):
            return None
        colleague = await read_isolated(
            self._dispatchers.by_extension(extension),
            f"transfer refused, nobody can be looked up to={extension}",
            otherwise=None,
        )
        if colleague is None or colleague.id == leg.dispatcher_id:
            return None
        return colleague if colleague.on_duty else None

    async def _pass_on(
        self, call: Talker, leg: Leg, passed_on: PassOn, to: Leg | Dispatcher | None
    ) -> TalkEnd:
        """Carry out the transfer; a caller whom nobody takes over goes to any dispatcher."""
        asked_by = None
        if isinstance(to, Leg):  # taken before anything is awaited: the asking phone may hang up at once
            asked_by, to.caller, call.leg = to.caller, call.channel, to
        now = self._clock.now()
        await call.journey.note(Step.TRANSFERRED, {"to": passed_on.extension})
        if passed_on.by_phone:
            with contextlib.suppress(CallGone):
                await self._ari.transfer_done(leg.id)
        if isinstance(to, Leg):
            self.colleague_gone(to)
            taking_over = partial(self._line.passed_on, call.id, to.dispatcher_id, now)
            await self._owed.write(taking_over, f"talk not on record call_id={call.id}", of=call.id)
            if asked_by is not None:
                asked_by.changed()
            await self._end(call, leg, self._wrap_up)
        else:
            await self._hang_up(leg)
            await self._waits_again(call, leg, to.id if to else None, self._wrap_up)
        return TalkEnd.PASSED_ON

    async def _leave(self, call: Talker, leg: Leg) -> None:
        """The dispatcher is out of the talk from now on."""
        await call.journey.note(Step.LEFT_TOGETHER, {"dispatcher": leg.dispatcher_id})
        await self._free(call.id, leg, self._wrap_up)
        self._events.tell(TalkEnded(call_id=call.id, dispatcher_id=leg.dispatcher_id, at=self._clock.now()))

    async def _left_together(self, call: Talker, leg: Leg, third: Leg) -> TalkEnd:
        """The dispatcher is free; the citizen and the third talk on, until one of them hangs up."""
        third.caller = call.channel
        if not leg.freed:
            await self._leave(call, leg)
        try:
            await call.channel.until(lambda: third.gone)
        finally:
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(third.id)
            await call.journey.note(Step.TALK_ENDED, {"dispatcher": leg.dispatcher_id, "cause": third.cause})
            await self._take_out(call, bridge_id(leg.id))
        return TalkEnd.OVER

    async def free(self, call: Talker, leg: Leg) -> None:
        """End the part of a dispatcher whose citizen has gone, with the bridge of the talk."""
        await self._hang_up(leg)
        await self._free(call.id, leg, self._wrap_up)
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(bridge_id(leg.id))

    async def _end(self, call: Talker, leg: Leg, wrap_up: timedelta) -> None:
        """Hang the leg up, for its part is over, and free its dispatcher."""
        await self._hang_up(leg)
        await self._told_ended(call, leg)
        await self._free(call.id, leg, wrap_up)
        await self._take_out(call, bridge_id(leg.id))

    async def _hang_up(self, leg: Leg) -> None:
        if not leg.hung_up:
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(leg.id)

    async def _told_ended(self, call: Talker, leg: Leg) -> None:
        if leg.joined:
            await call.journey.note(Step.TALK_ENDED, {"dispatcher": leg.dispatcher_id, "cause": leg.cause})
        now = self._clock.now()
        self._events.tell(TalkEnded(call_id=call.id, dispatcher_id=leg.dispatcher_id, at=now))

    async def _free(self, call_id: str, leg: Leg, wrap_up: timedelta) -> None:
        """Have it written that the dispatcher is free, however long the database takes nothing."""
        now = self._clock.now()

        async def free() -> None:
            await self._line.talk_ended(call_id, leg.dispatcher_id, now, wrap_up=wrap_up)
            self._line_changed.set()

        await self._owed.write(free, f"dispatcher not freed dispatcher={leg.dispatcher_id}", of=call_id)

    async def _take_out(self, call: Talker, bridge: str) -> None:
        """End the bridge, the caller taken out first.

        A caller who is thrown out by a bridge that ends may lose the next prompt, and we the word of its end.
        """
        with contextlib.suppress(CallGone):
            await self._ari.remove_from_bridge(bridge, call.id)
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(bridge)
