"""A call that a dispatcher places: their own phone rings first, then the number is dialled, then both talk.

Once the citizen has answered, their channel is served like any citizen's call: recorded, recovered after a
restart, and brought back to its dispatcher when a browser dies (`telephony.node.call_session`).
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from functools import partial

from hotline.calls.call import Outcome, Scalar, Step
from hotline.calls.conversation import Arrival
from hotline.clock import Clock
from hotline.contact.numbers import masked
from hotline.dialling.calling_out import BeingCalled, CalledBack, CallOut, DeskTalk, Phase
from hotline.dialling.jobs import CallJobs
from hotline.errors import CallGone, ForbiddenTransition
from hotline.events import Events, LineChanged
from hotline.isolation import run_isolated
from hotline.line.line import Dispatcher, Dispatchers, Line
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.ari.messages import Channel
from telephony.calls.call import AsteriskCall
from telephony.calls.leg import Leg
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.endpoints import PJSIP
from telephony.dialling.outgoing import RINGING_TONE, Outgoing
from telephony.dialling.placed import Calls, Placed
from telephony.ids import leg_id, outgoing_id, trial_id
from telephony.owed import OwedWrites

log = logging.getLogger(__name__)

CLICKED = "X-Hotline-Clicked"
"""The header in which the page's own word comes back to it, so that its phone answers by itself."""
TOLD_FOR = timedelta(minutes=1)
"""How long a page shows the outcome of a call that is over."""
MARGIN_SECONDS = 5.0

Refused = Callable[[str], Awaitable[bool]]


class CallingOut:
    """Calls that dispatchers place on one Asterisk. `legs` is where events find the legs by channel id."""

    def __init__(
        self,
        *,
        ari: Ari,
        outgoing: Outgoing,
        calls: Calls,
        placed: Placed,
        line: Line,
        dispatchers: Dispatchers,
        clock: Clock,
        events: Events,
        browsers: BrowserPhones,
        legs: MutableMapping[str, Leg],
        ring_seconds: int,
        called_back: Callable[[CalledBack], Awaitable[None]],
        jobs: CallJobs,
        owed: OwedWrites,
        node: str = "",
    ) -> None:
        self._ari = ari
        self._outgoing = outgoing
        self._calls = calls
        self._placed = placed
        self._line = line
        self._dispatchers = dispatchers
        self._clock = clock
        self._events = events
        self._browsers = browsers
        self._legs = legs
        self._ring_seconds = ring_seconds
        self._called_back = called_back
        self._jobs = jobs
        self._owed = owed
        self._node = node
        self._talks: dict[int, DeskTalk] = {}
        self._answered: dict[int, AsteriskCall] = {}

    def talk(self, dispatcher_id: int) -> DeskTalk | None:
        """The latest call of this dispatcher, until its outcome is old news."""
        talk, call = self._talks.get(dispatcher_id), self._answered.get(dispatcher_id)
        if talk and call and talk.phase is Phase.NOTICE and call.leg and call.leg.joined:
            talk.phase = Phase.TALKING
        if talk and talk.phase is Phase.OVER and abs(self._clock.now() - talk.at) > TOLD_FOR:
            del self._talks[dispatcher_id]
            return None
        return talk

    def taken_up(self, dispatcher_id: int, call: AsteriskCall) -> None:
        """Remember a call that went on while we were away."""
        self._talks[dispatcher_id] = DeskTalk(
            call_id=call.id, number=call.shown, phase=Phase.TALKING, city=_city(call), at=self._clock.now()
        )

    def over(self, call: AsteriskCall, outcome: Outcome) -> None:
        """Tell the page that the call is over and how it went."""
        for dispatcher_id, talk in self._talks.items():
            if talk.call_id == call.id:
                self._answered.pop(dispatcher_id, None)
                talk.phase, talk.outcome, talk.at = Phase.OVER, outcome, self._clock.now()

    async def ended(self, call: AsteriskCall, outcome: Outcome) -> None:
        """Tell the page how a call of ours went, and the list of missed calls if it answered one."""
        self.over(call, outcome)
        asked = call.journey.detail(Step.CALLED_OUT)
        missed, user_id = asked.get("missed"), asked.get("user")
        if isinstance(missed, str) and isinstance(user_id, int):
            await self._tell_called_back(call.id, missed, user_id, outcome)

    async def _tell_called_back(self, call_id: str, missed: str, user_id: int, outcome: Outcome) -> None:
        now = self._clock.now()
        back = CalledBack(call_id=call_id, missed=missed, user_id=user_id, outcome=outcome, at=now)
        await self._called_back(back)

    async def require_not_called(self, number: str) -> None:
        """Raise BeingCalled where the hotline itself is calling this number."""
        if number and await self._jobs.dialled_to(number):
            raise BeingCalled("The hotline itself is calling this number.")

    async def claim(self, wanted: CallOut) -> tuple[DeskTalk, Dispatcher]:
        """Take the dispatcher out of the line; raises ForbiddenTransition for who is engaged or away.

        BeingCalled, where the hotline itself is calling them: what it has only claimed gives way to a person.
        """
        await self.require_not_called(wanted.number)
        now = self._clock.now()
        call_id = trial_id(self._node) if wanted.trial else outgoing_id(self._node)
        before = await self._line.calls_out(call_id, wanted.dispatcher_id, now)
        if before is None:
            raise ForbiddenTransition("A dispatcher who is away or engaged cannot call out.")
        talk = DeskTalk(call_id=call_id, number=wanted.number, phase=Phase.DESK, at=now)
        self._talks[wanted.dispatcher_id] = talk
        self._events.tell(LineChanged(at=now))
        return talk, before

    async def call(self, wanted: CallOut, talk: DeskTalk, before: Dispatcher) -> None:
        """Carry out the call to its end.

        It is isolated: after an error both sides are hung up, and no other call notices.
        """
        log.info("calling out call_id=%s to=%s desk=%s", talk.call_id, masked(talk.number), before.extension)
        try:
            channel = await self._prepare(talk.call_id, wanted)
        except AriRefused as refused:
            log.warning("no way out call_id=%s reason=%s", talk.call_id, refused)
            await self._never_placed(wanted, talk)
        else:
            carrying = partial(self._carry_out, channel, wanted, talk, before)
            failure = f"call out failed call_id={talk.call_id}"
            if not await run_isolated(carrying, failure, passing=AriUnavailable):
                await self._break_off(wanted, talk)

    async def _prepare(self, call_id: str, wanted: CallOut) -> Channel:
        if wanted.trial:
            return await self._outgoing.prepare_trial(call_id, wanted.trial.lines)
        return await self._outgoing.prepare(call_id, wanted.number)

    async def _carry_out(self, channel: Channel, wanted: CallOut, talk: DeskTalk, before: Dispatcher) -> None:
        call = await self._on_record(channel, wanted)
        talk.city = _city(call)
        leg = self._leg(call, before)
        outcome = await self._connect(call, leg, wanted, talk)
        await (self._talk(call, leg, talk) if outcome is None else self._in_vain(call, leg, outcome))

    async def _break_off(self, wanted: CallOut, talk: DeskTalk) -> None:
        """Hang up on both sides, where they are there, and free the dispatcher."""
        call, leg = self._calls.followed(talk.call_id), leg_id(talk.call_id, 1)
        for one in (talk.call_id, leg):
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(one)
        self._legs.pop(leg, None)
        if call is None:
            await self._never_placed(wanted, talk)
            return
        await call.note(Step.NOT_CONNECTED, outcome=Outcome.FAILED.value, cause=call.channel.cause)
        self.over(call, Outcome.FAILED)
        await self._free(talk.call_id, wanted.dispatcher_id)
        await self._calls.finish(call)

    async def _free(self, call_id: str, dispatcher_id: int) -> None:
        freeing = partial(
            self._line.talk_ended, call_id, dispatcher_id, self._clock.now(), wrap_up=timedelta()
        )
        await self._owed.write(freeing, f"dispatcher not freed dispatcher={dispatcher_id}", of=call_id)

    async def _never_placed(self, wanted: CallOut, talk: DeskTalk) -> None:
        now = self._clock.now()
        await self._free(talk.call_id, wanted.dispatcher_id)
        leaving = partial(self._line.leave, talk.call_id, now)
        await self._owed.write(leaving, f"place in the line not freed call_id={talk.call_id}")
        talk.phase, talk.outcome, talk.at = Phase.OVER, Outcome.FAILED, now
        if wanted.answers_missed:  # no call is on record that could have been a try
            told = partial(
                self._tell_called_back,
                *(talk.call_id, wanted.answers_missed, wanted.user_id, Outcome.GIVEN_UP),
            )
            await self._owed.write(told, f"call-back not on record call_id={talk.call_id}")

    async def _on_record(self, channel: Channel, wanted: CallOut) -> AsteriskCall:
        who: dict[str, Scalar] = {"user": wanted.user_id, "dispatcher": wanted.dispatcher_id}
        if wanted.answers_missed:
            who["missed"] = wanted.answers_missed
        if wanted.trial:
            who["trial"] = wanted.trial.scenario
        return await self._placed.on_record(
            *(channel, wanted.number or None, Step.CALLED_OUT, who),
            answers=wanted.for_call or wanted.answers_missed,
        )

    def _leg(self, call: AsteriskCall, dispatcher: Dispatcher) -> Leg:
        leg = Leg(leg_id(call.id, 1), "")
        leg.dispatcher_id = dispatcher.id
        leg.caller = call.channel
        self._legs[leg.id] = leg
        return leg

    async def _connect(self, call: AsteriskCall, leg: Leg, wanted: CallOut, talk: DeskTalk) -> Outcome | None:
        """Ring the desk, then the number; None when both have answered."""
        try:
            if not await self._desk_answers(call, leg, wanted):
                return Outcome.GIVEN_UP
        except (AriRefused, CallGone) as refused:
            log.warning("desk cannot be rung call_id=%s reason=%s", call.id, refused)
            return Outcome.GIVEN_UP
        if wanted.number and await self._jobs.dialled_to(wanted.number):  # begun while the desk rang
            return Outcome.BUSY
        talk.phase = Phase.DIALLING

        async def rings() -> None:
            talk.phase = Phase.RINGING
            await call.note(Step.RANG)
            with contextlib.suppress(CallGone):  # the dispatcher hung up in this very moment
                await self._ari.play(leg.id, _tone_id(leg), [RINGING_TONE])

        outcome = await self._outgoing.ring(call.channel, rings=rings, given_up=lambda: leg.gone)
        with contextlib.suppress(CallGone):
            await self._ari.stop_playback(_tone_id(leg))
        return outcome

    async def _desk_answers(self, call: AsteriskCall, leg: Leg, wanted: CallOut) -> bool:
        dispatcher = await self._dispatchers.get(wanted.dispatcher_id)
        await self._ari.originate(
            leg.id,
            PJSIP + await self._browsers.reach(dispatcher),
            args=f"leg,{call.id},{dispatcher.id}",
            caller_id='"Trial call" <anonymous>' if wanted.trial else f'"{wanted.number}" <{wanted.number}>',
            ring_seconds=self._ring_seconds,
            originator=call.id,
            headers={CLICKED: wanted.clicked} if wanted.clicked else None,
        )
        await call.channel.until(lambda: leg.answered or leg.gone, self._ring_seconds + MARGIN_SECONDS)
        return leg.answered and not leg.gone

    async def _talk(self, call: AsteriskCall, leg: Leg, talk: DeskTalk) -> None:
        talk.phase = Phase.NOTICE
        await call.note(Step.ANSWERED)
        beginning = partial(self._line.passed_on, call.id, leg.dispatcher_id, self._clock.now())
        # Both have answered: they talk whatever the database says, and it is written before the end of that.
        await self._owed.write(beginning, f"talk not on record call_id={call.id}", of=call.id)
        self._answered[leg.dispatcher_id] = call
        await call.hand_over(leg)
        await self._calls.serve(call, Arrival.CALLED)

    async def _in_vain(self, call: AsteriskCall, leg: Leg, outcome: Outcome) -> None:
        await call.note(Step.NOT_CONNECTED, outcome=outcome.value, cause=call.channel.cause)
        self.over(call, outcome)
        for one in (call.channel, leg):
            if not one.gone:
                with contextlib.suppress(CallGone):
                    await self._ari.hang_up(one.id, reason_code=call.channel.cause or 16)
        await self._free(call.id, leg.dispatcher_id)
        self._legs.pop(leg.id, None)
        await self._calls.finish(call)


def _city(call: AsteriskCall) -> str:
    """Name the other city in whose name the call is made."""
    return str(call.journey.detail(Step.FOR_NEIGHBOUR).get("name", ""))


def _tone_id(leg: Leg) -> str:
    return f"tone-{leg.id}"
