"""Asterisk's side of the hotline: every event finds its call, every citizen has one task of their own.

All that belongs to one connection lives in one task group. When the connection is lost, or the service or
Asterisk died, the next connection re-reads what is alive and goes on (`telephony.resumption`).
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hotline.calling_out import CalledBack, CallOut, DeskTalk, Phase
from hotline.calls import CallLog, CallRecord, Outcome, Step
from hotline.clock import Clock
from hotline.conversation import Arrival, Call
from hotline.errors import CallGone, ForbiddenTransition
from hotline.events import CallArrived, CallEnded, Events, Screens
from hotline.line import Dispatchers, Line, Offer
from hotline.numbers import masked
from hotline.speech import Language, Voice
from telephony.ami.client import AmiConnection
from telephony.ami.messages import DeviceState, FallbackCaller
from telephony.ari.actions import Ari
from telephony.ari.client import AriConnection
from telephony.ari.errors import AriUnavailable
from telephony.ari.messages import EVENT_NAMES, Channel, Event, StasisStart, channel_of
from telephony.browser_phones import BrowserPhones
from telephony.call import AsteriskCall
from telephony.calling_out import CallingOut, to_whom
from telephony.channel import FollowedChannel
from telephony.conference import Conference, Conferences
from telephony.consult import Consults
from telephony.desk_phones import DeskPhones
from telephony.dialling import Dialling, Ringing
from telephony.endpoints import DeskPlan
from telephony.journey import Journey
from telephony.leg import Leg
from telephony.outgoing import Outgoing, Trunk, is_outgoing
from telephony.pairing import Pairing
from telephony.resumption import Alive, Resumption
from telephony.talk import Talks

log = logging.getLogger(__name__)

END_SECONDS = 2.0
FETCHED_WITHIN = timedelta(seconds=2)

FALLBACK = "fallback"

Converse = Callable[[Call, Arrival], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What a call may touch besides Asterisk."""

    calls: CallLog
    line: Line
    dispatchers: Dispatchers
    voice: Voice
    clock: Clock
    events: Events
    screens: Screens
    called_back: Callable[[CalledBack], Awaitable[None]]
    """Where it is written down how calling a missed call back went."""
    refuses_recording: Callable[[str], Awaitable[bool]]
    """Whether somebody, by their number, has refused to be recorded when they were last asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the exchange behaves."""

    ringing: Ringing
    lease_seconds: int
    rest: timedelta
    recordings: Path
    messages: Path
    desks: DeskPlan
    trunk: Trunk


class Exchange:
    """The calls on one Asterisk, for as long as one connection lasts."""

    def __init__(
        self,
        ari: AriConnection,
        ami: AmiConnection,
        *,
        application: str,
        city: City,
        plan: Plan,
        converse: Converse,
        passwords: MutableMapping[str, str],
    ) -> None:
        self._connection = ari
        self._tasks = asyncio.TaskGroup()
        self._ari = Ari(ari.requests, application)
        self._ami = ami
        self._city = city
        self._plan = plan
        self._converse = converse
        self._calls: dict[str, AsteriskCall] = {}
        self._legs: dict[str, Leg] = {}
        self._others: dict[str, FollowedChannel] = {}
        self._given_up: set[str] = set()
        self._fetching: dict[str, datetime] = {}
        self._engaged: dict[str, int] = {}
        self._line_changed = asyncio.Event()
        self._pairing = Pairing(
            line=city.line,
            clock=city.clock,
            events=city.events,
            changed=self._line_changed,
            ring=self.ring,
            rung=self._rung,
            held=self._somebody_returns,
        )
        self.browsers = BrowserPhones(
            ari=self._ari,
            passwords=passwords,
            plan=plan.desks,
            tells_transfers=ari.tells_transfers,
            tasks=self._tasks,
        )
        self._talks = Talks(
            ari=self._ari,
            ami=ami,
            line=city.line,
            dispatchers=city.dispatchers,
            calls=city.calls,
            clock=city.clock,
            recordings=plan.recordings,
            rest=plan.rest,
            line_changed=self._line_changed,
            events=city.events,
        )
        self._dialling = Dialling(
            ari=self._ari,
            line=city.line,
            dispatchers=city.dispatchers,
            clock=city.clock,
            ringing=plan.ringing,
            legs=self._legs,
            events=city.events,
            screens=city.screens,
            browsers=self.browsers,
        )
        self._consults = Consults(
            ari=self._ari,
            talks=self._talks,
            dispatchers=city.dispatchers,
            clock=city.clock,
            legs=self._legs,
            channels=self._others,
            ring_seconds=plan.ringing.seconds,
            line_changed=self._line_changed,
            browsers=self.browsers,
        )

        outgoing = Outgoing(self._ari, plan.trunk)
        self._calling_out = CallingOut(
            ari=self._ari,
            outgoing=outgoing,
            calls=self,
            log=city.calls,
            line=city.line,
            dispatchers=city.dispatchers,
            clock=city.clock,
            events=city.events,
            browsers=self.browsers,
            legs=self._legs,
            ring_seconds=plan.ringing.seconds,
        )

        self.conferences = Conferences(
            ari=self._ari,
            outgoing=outgoing,
            talks=self._talks,
            consults=self._consults,
            dispatchers=city.dispatchers,
            clock=city.clock,
            channels=self._others,
            browsers=self.browsers,
            ring_seconds=plan.ringing.seconds,
            tasks=self._tasks,
        )

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve calls until the connection is lost; raises AriUnavailable then."""
        async with self._tasks:
            self._tasks.create_task(self._read(), name="ari-events")
            await self._ari.filter_events(EVENT_NAMES)
            phones = DeskPhones(
                ari=self._ari,
                ami=self._ami,
                dispatchers=self._city.dispatchers,
                clock=self._city.clock,
                plan=self._plan.desks,
                tells_transfers=self._connection.tells_transfers,
                browsers=self.browsers,
            )
            await self.browsers.begin()
            await phones.reconcile()
            await self._take_up_alive()
            self._tasks.create_task(self._follow_ami(phones), name="ami-events")
            self._tasks.create_task(self._pairing.keep(), name="line")
            self._tasks.create_task(self._pairing.keep_duty(phones), name="duty")
            self._tasks.create_task(self._keep_leases(), name="leases")
            ready()

    async def alive(self) -> set[str]:
        """Ids of all channels that live in Asterisk."""
        return {channel.id for channel in await self._ari.channels()}

    async def _read(self) -> None:
        await self._connection.read(self._take)
        raise AriUnavailable("Asterisk ended the event connection.")

    def _take(self, event: Event) -> None:
        channel = channel_of(event)
        if isinstance(event, StasisStart):
            self._arrived(event)
        followed = self._calls.get(channel) or self._legs.get(channel) or self._others.get(channel)
        if followed is not None:
            followed.take(event)

    def _arrived(self, event: StasisStart) -> None:
        match event.args:
            case ["leg" | "outgoing" | "third", *_]:
                pass  # whoever rings or dials follows this channel
            case ["dispatcher", extension]:
                self._tasks.create_task(self._consults.consult(event.channel, extension))
            case ["resumed", *_]:
                self._tasks.create_task(self._take_back(event.channel))
            case _:
                self._greet(event.channel)

    def _greet(self, channel: Channel) -> None:
        if channel.id not in self._calls:
            journey = Journey(channel.id, self._city.calls, self._city.clock)
            call = self._follow(channel, journey)
            self._tasks.create_task(self._serve(call, Arrival.NEW), name=f"call {channel.id}")

    def _follow(self, channel: Channel, journey: Journey, record: CallRecord | None = None) -> AsteriskCall:
        call = AsteriskCall(
            channel,
            ari=self._ari,
            voice=self._city.voice,
            log=self._city.calls,
            journey=journey,
            talks=self._talks,
            clock=self._city.clock,
            line_changed=self._line_changed,
            tasks=self._tasks,
            language=record.language if record else Language.UKRAINIAN,
            recording_refused=record.recording_refused if record else False,
            messages=self._plan.messages,
        )
        self._calls[call.id] = call
        return call

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        """Begin a call that a dispatcher places; raises ForbiddenTransition for who is engaged or away."""
        talk, before = await self._calling_out.claim(wanted)
        self._tasks.create_task(self._calling_out.call(wanted, talk, before), name=f"call {talk.call_id}")
        return talk

    def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        """What this dispatcher has on the telephone beyond a plain talk."""
        one, missed = self.conferences.of(dispatcher_id), self.conferences.missed(dispatcher_id)
        placed = self._calling_out.talk(dispatcher_id)
        if one is None and missed is None:
            return placed
        call = one.call if one else self._talk_of(dispatcher_id)
        if call is None:
            return placed
        return DeskTalk(
            call_id=call.id,
            number=call.shown,
            phase=Phase.TALKING,
            third=one.shown if one else None,
            third_missed=missed,
            at=self._city.clock.now(),
        )

    def conference(self, dispatcher_id: int) -> Conference:
        """The dispatcher's talk with a third; raises ForbiddenTransition without one."""
        one = self.conferences.of(dispatcher_id)
        if one is None:
            raise ForbiddenTransition("There is no third in this talk.")
        return one

    async def consult(self, dispatcher_id: int, number: str) -> None:
        """Ring a third for a dispatcher who talks; raises ForbiddenTransition for who does not."""
        call = self._talk_of(dispatcher_id)
        if call is None or call.leg is None:
            raise ForbiddenTransition("There is no talk into which a third could be brought.")
        await self.conferences.consult(call, call.leg, number)

    def _talk_of(self, dispatcher_id: int) -> AsteriskCall | None:
        """The call that this dispatcher is talking on."""
        for call in self._calls.values():
            if call.leg is not None and call.leg.joined and call.leg.dispatcher_id == dispatcher_id:
                return call
        return None

    def place(self, channel: Channel, record: CallRecord) -> AsteriskCall:
        """Follow a call that we place ourselves, like any other."""
        journey = Journey(channel.id, self._city.calls, self._city.clock)
        return self._follow(to_whom(channel, record), journey, record)

    async def serve(self, call: AsteriskCall, arrival: Arrival) -> None:
        if call.number is not None and await self._city.refuses_recording(call.number):
            call.recording_refused = True
        await self._serve(call, arrival)

    async def finish(self, call: AsteriskCall) -> None:
        await self._finish(call)

    async def _serve(self, call: AsteriskCall, arrival: Arrival) -> None:
        """One call's boundary: whatever happens here, the citizen is not left alone."""
        try:
            if not call.journey.begun:
                await self._open(call)
            await self._converse(call, arrival)
            await self._ari.hang_up(call.id)
            call.channel.hung_up = True
            await call.channel.until(lambda: False, END_SECONDS)
        except CallGone:
            pass
        except AriUnavailable:
            raise  # the connection is gone, or as good as gone; the next one takes this call up again
        except Exception:
            log.exception("call failed, the caller goes to Asterisk's own queue call_id=%s", call.id)
            await self._give_up(call)
        await self._finish(call)

    async def _open(self, call: AsteriskCall) -> None:
        log.info("call arrived call_id=%s from=%s", call.id, masked(call.number))
        await self._city.calls.open(
            CallRecord(id=call.id, number=call.number, shown=call.shown, arrived_at=call.arrived_at)
        )
        await call.journey.note(Step.ARRIVED, {}, call.arrived_at)
        self._city.events.tell(CallArrived(call_id=call.id, number=call.number, at=call.arrived_at))

    async def _finish(self, call: AsteriskCall) -> None:
        if not call.channel.gone:  # a request failed before the event told why
            with contextlib.suppress(CallGone):
                call.channel.hung_up = not await call.channel.until(lambda: False, END_SECONDS)
        self._calls.pop(call.id, None)
        if not call.channel.hung_up:
            await call.note(Step.FELL_BACK)  # Asterisk's own queue has them now
            return
        if call.leg is not None:
            await self._talks.abandoned(call.leg)
        await call.keep_first_prompt()
        now = self._city.clock.now()
        if call.outgoing or call.journey.has(Step.JOINED_LINE):
            await self._leave_line(call)
        outcome = await call.journey.end(call.channel.left_at or now)
        self._city.events.tell(CallEnded(call_id=call.id, outcome=outcome, at=now))
        if call.outgoing:
            await self._called_out(call, outcome)
        log.info("call ended call_id=%s", call.id)

    async def _called_out(self, call: AsteriskCall, outcome: Outcome) -> None:
        """Tell the page how a call of ours went, and the list of missed calls if it answered one."""
        self._calling_out.over(call, outcome)
        asked = call.journey.detail(Step.CALLED_OUT)
        missed, user_id = asked.get("missed"), asked.get("user")
        if isinstance(missed, str) and isinstance(user_id, int) and outcome is not Outcome.GIVEN_UP:
            now = self._city.clock.now()
            back = CalledBack(call_id=call.id, missed=missed, user_id=user_id, outcome=outcome, at=now)
            await self._city.called_back(back)

    async def _leave_line(self, call: AsteriskCall) -> None:
        """Free the place. One that cannot be freed now (no database) is freed when its turn comes."""
        try:
            await self._city.line.leave(call.id, self._city.clock.now())
        except Exception:
            log.exception("place in the line not freed call_id=%s", call.id)
        self._line_changed.set()

    async def _give_up(self, call: AsteriskCall) -> None:
        self._given_up.add(call.id)
        await self._leave_line(call)
        try:
            if call.outgoing:  # they did not call us: no queue of ours is theirs
                await self._ari.hang_up(call.id)
                return
            await self._ari.leave_to(call.id, FALLBACK)
        except CallGone:
            call.channel.hung_up = True

    async def _take_up_alive(self) -> None:
        resumption = Resumption(
            ari=self._ari,
            calls=self._city.calls,
            line=self._city.line,
            dispatchers=self._city.dispatchers,
            clock=self._city.clock,
            rest=self._plan.rest,
        )
        for alive in await resumption.alive_calls():
            if alive.channel.id not in self._calls:
                self._resume(alive)
        self._engaged.update(await resumption.engaged())
        for caller in await resumption.fallen_back(await self._ami.fallback_callers()):
            await self._fetch(caller)

    def _resume(self, alive: Alive) -> None:
        channel = alive.channel
        if alive.record is not None and is_outgoing(channel.id):
            channel = to_whom(channel, alive.record)
        call = self._follow(channel, alive.journey, alive.record)
        if alive.leg is not None:
            self._legs[alive.leg.id] = alive.leg
            alive.leg.caller = call.channel
            call.leg = alive.leg
            if call.outgoing and alive.arrival is Arrival.IN_TALK:
                self._calling_out.taken_up(alive.leg.dispatcher_id, call)
            if alive.third is not None:
                self.conferences.taken_up(call, alive.leg, alive.third, together=alive.together)
        self._tasks.create_task(self._take_up(call, alive.arrival), name=f"call {call.id}")

    async def _take_up(self, call: AsteriskCall, arrival: Arrival) -> None:
        if not call.journey.begun:
            await self._open(call)
        await call.note(Step.SERVICE_RESUMED, was=arrival.value)
        if arrival is Arrival.IN_MENU:
            with contextlib.suppress(CallGone):
                await call.hush_left_behind()
        await self._serve(call, arrival)

    async def _take_back(self, channel: Channel) -> None:
        """A caller comes back from Asterisk's own queue, to the place they have had all the time."""
        journey = await Journey.taken_up(channel.id, self._city.calls, self._city.clock)
        record = await self._city.calls.find(channel.id)
        call = self._follow(channel, journey, record)
        self._fetching.pop(channel.id, None)
        self._line_changed.set()
        await self._take_up(call, Arrival.IN_LINE)

    async def _fetch(self, caller: FallbackCaller) -> None:
        """Take a caller back. The event is a hint only: a caller's own number could hold a forged one."""
        if caller.channel_id in self._given_up:
            return
        self._fetching[caller.channel_id] = self._city.clock.now() + FETCHED_WITHIN
        try:
            channel = await self._ari.channel(caller.channel_id)
            if channel.dialplan.context == FALLBACK:
                await self._ami.redirect(channel.name, "resume")
        except CallGone:
            self._fetching.pop(caller.channel_id, None)  # hung up in this very moment

    async def _follow_ami(self, phones: DeskPhones) -> None:
        async for event in self._ami.events():
            match event:
                case FallbackCaller():
                    await self._fetch(event)
                case DeviceState(device=device, state="NOT_INUSE") if device in self._engaged:
                    await self._free(self._engaged.pop(device))
                case _:
                    await phones.take(event)
        raise AriUnavailable("Asterisk ended the manager connection.")

    async def _free(self, dispatcher_id: int) -> None:
        """A talk that we had no part in is over."""
        await self._city.line.talk_ended(dispatcher_id, self._city.clock.now(), rest=self._plan.rest)
        self._line_changed.set()

    def _rung(self) -> Sequence[Leg]:
        return [leg for leg in self._legs.values() if not leg.answered]

    def _somebody_returns(self) -> bool:
        """Whether somebody comes back from Asterisk's own queue, who may be the first in ours."""
        now = self._city.clock.now()
        return any(until > now for until in self._fetching.values())

    def ring(self, offer: Offer) -> bool:
        """Ring the dispatcher to whom a caller was offered; False when the caller is not here."""
        call = self._calls.get(offer.call_id)
        if call is None:
            return False
        self._tasks.create_task(self._offer(offer, call), name=f"offer {call.id}")
        return True

    async def _offer(self, offer: Offer, call: AsteriskCall) -> None:
        await self._dialling.offer(offer, call)
        self._line_changed.set()

    async def _keep_leases(self) -> None:
        """Show Asterisk that we are alive, call by call; it takes back whom we leave in silence."""
        while True:
            for call in list(self._calls.values()):
                if call.leg is None:
                    await self._renew(call)
            await asyncio.sleep(self._plan.lease_seconds / 3)

    async def _renew(self, call: AsteriskCall) -> None:
        try:
            await self._ami.absolute_timeout(call.channel.name, self._plan.lease_seconds)
        except CallGone:
            return  # hung up in this very moment; its own task knows
