"""The road of one call, from the channel's arrival to its end: read from top to bottom.

Every citizen has one task of their own, and it alone acts on their channel. Calls that we place ourselves
(`telephony.dialling.calling_out`) and calls that outlived us (`telephony.node.restart_recovery`) join the
same road further down.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from hotline import tracing
from hotline.calls.call import MEANWHILE, CallRecord, Outcome, Step
from hotline.calls.conversation import Arrival
from hotline.calls.web_calls import FROM_BROWSER, WebOrigin
from hotline.contact.numbers import masked
from hotline.errors import CallGone
from hotline.events import CallArrived, CallEnded
from hotline.isolation import run_isolated
from hotline.line.adoption import Adopted, GivenBack
from hotline.voice.speech import Language
from telephony.ami.messages import FallbackCaller
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.ari.messages import Channel
from telephony.calls.call import AsteriskCall, Converse
from telephony.calls.contact_talk import ContactTalks
from telephony.calls.hearing import Hearing
from telephony.calls.journey import Journey
from telephony.calls.talk import Talks
from telephony.dialling.placed import refused_before, to_whom
from telephony.line.fallback_queue import Before, FallbackQueue
from telephony.node.ports import ExchangePlan, TelephonyPorts
from telephony.node.registry import ChannelRegistry
from telephony.node.wrongly_lost import WronglyLost
from telephony.owed import OwedWrites

log = logging.getLogger(__name__)

END_SECONDS = 2.0
LOOK_SECONDS = 1.0
AGAIN = 3
"""Times that a call is gone on with after the database went away under it."""

CalledOut = Callable[[AsteriskCall, Outcome], Awaitable[None]]


class CallSessions:
    """Serves the calls of one Asterisk. `called_out` gets the outcome of each call that we have placed.

    `origin_of` tells from a channel's name the page from which a browser calls; None: it is a telephone.
    """

    def __init__(
        self,
        *,
        ari: Ari,
        ports: TelephonyPorts,
        plan: ExchangePlan,
        converse: Converse,
        talks: Talks,
        contact_talks: ContactTalks,
        fallback: FallbackQueue,
        registry: ChannelRegistry,
        called_out: CalledOut,
        line_changed: asyncio.Event,
        tasks: asyncio.TaskGroup,
        owed: OwedWrites,
        hearing: Hearing,
        origin_of: Callable[[str], WebOrigin | None],
        wrongly_lost: WronglyLost,
    ) -> None:
        self._ari = ari
        self._ports = ports
        self._plan = plan
        self._converse = converse
        self._talks = talks
        self._contact_talks = contact_talks
        self._fallback = fallback
        self._registry = registry
        self._called_out = called_out
        self._line_changed = line_changed
        self._tasks = tasks
        self._owed = owed
        self._hearing = hearing
        self._origin_of = origin_of
        self._wrongly_lost = wrongly_lost
        self._from_menu: set[str] = set()
        """Callers whom Asterisk took out of the menu: they return to it, and not to the line."""
        self._emergencies: set[str] = set()
        """Callers who said to Asterisk's own queue that it is one, until that is on record."""

    def greet(self, channel: Channel, dialled: Sequence[str] = ()) -> None:
        """Begin to serve a citizen who has just called one of these numbers."""
        if channel.id not in self._registry.calls:
            journey = Journey(channel.id, self._ports.calls, self._ports.clock)
            call = self.follow(channel, journey)
            call.dialled = dialled
            self._tasks.create_task(self._serve(call, Arrival.NEW), name=f"call {channel.id}")

    def follow(self, channel: Channel, journey: Journey, record: CallRecord | None = None) -> AsteriskCall:
        """Follow a call, so that it gets its events; `record` holds what is known of an older one.

        Who was followed already had left us, and is back: what served them until then ends.
        """
        call = AsteriskCall(
            channel,
            ari=self._ari,
            voice=self._ports.voice,
            log=self._ports.calls,
            journey=journey,
            talks=self._talks,
            contact_talks=self._contact_talks,
            clock=self._ports.clock,
            line_changed=self._line_changed,
            language=record.language if record else Language.UKRAINIAN,
            recording_refused=record.recording_refused if record else False,
            messages=self._plan.messages,
            wait_words=self._plan.wait_words,
            leave=lambda: self._lend(call),
            tasks=self._tasks,
            others=self._registry.calls,
            hearing=self._hearing,
            interpreters=self._plan.interpreters,
        )
        before = self._registry.calls.get(call.id)
        self._registry.calls[call.id] = call
        if before is not None:
            before.channel.left_untold(self._ports.clock.now())
            if not before.journey.has(Step.JOINED_LINE):
                self._from_menu.add(call.id)
        return call

    def place(self, channel: Channel, record: CallRecord) -> AsteriskCall:
        """Follow a call that we place ourselves, like any other."""
        journey = Journey(channel.id, self._ports.calls, self._ports.clock)
        return self.follow(to_whom(channel, record), journey, record)

    def followed(self, call_id: str) -> AsteriskCall | None:
        """The call of this id, as long as it is not finished."""
        return self._registry.calls.get(call_id)

    async def serve(self, call: AsteriskCall, arrival: Arrival) -> None:
        """Serve a person whom we have called; an earlier refusal to be recorded still holds."""
        if call.number is not None and await refused_before(self._ports.refuses_recording, call.number):
            await call.refuse_recording()
        await self._serve(call, arrival)

    async def carry_on(self, call: AsteriskCall, speak: Callable[[], Awaitable[None]]) -> None:
        """Have somebody whom the dialler called spoken with.

        Where the database goes away under it, a call goes on whose citizen has a dispatcher, waits for one or
        was called back to their place. Other attempts are broken off, and their source says what follows.
        """
        for _ in range(AGAIN):
            try:
                return await speak()
            except Exception as error:
                goes_on = self._where(call) if self._ports.is_database_lost(error) else None
                if goes_on is None:
                    raise
                _tell_lost(call, error)
            with call.watched(from_now=True):
                await self._resume(call, goes_on)
            if goes_on is not Arrival.CALLED_BACK:
                speak = partial(self._go_on, call, goes_on)
        return await speak()

    async def _go_on(self, call: AsteriskCall, arrival: Arrival) -> None:
        with call.watched(from_now=True):
            await self._converse(call, arrival)

    async def take_back(self, channel: Channel) -> None:
        """A caller comes back from Asterisk's own queue; one who cannot be served stays there for good."""
        failure = f"caller not taken back, they stay with Asterisk call_id={channel.id}"
        passing = (CallGone, AriUnavailable)
        with contextlib.suppress(CallGone):
            if not await run_isolated(lambda: self._take_back(channel), failure, passing=passing):
                self._registry.calls.pop(channel.id, None)
                await self._fallback.give(channel.id)

    async def _take_back(self, channel: Channel) -> None:
        """Serve the caller again, at the place they have had all the time.

        They hear music until then, as they did in the queue: the database may take its time.
        """
        await self._ari.start_music(channel.id)
        for call_id in await self._wrongly_lost.among([channel.id]):
            silent = await self._wrongly_lost.silent([call_id])
            if silent or await self._wrongly_lost.bring_back(call_id, None) is GivenBack.ELSEWHERE:
                await self._ari.hang_up(call_id)
                raise CallGone(f"{call_id} is not heard any more, or has come back by another call")
        journey = await Journey.taken_up(channel.id, self._ports.calls, self._ports.clock)
        if await self._said_emergency(channel.id, journey):
            self._emergencies.add(channel.id)
        record = await self._ports.calls.find(channel.id)
        call = self.follow(channel, journey, record)
        call.hears_music()
        self._fallback.fetched(channel.id)
        self._line_changed.set()
        in_menu = channel.id in self._from_menu
        self._from_menu.discard(channel.id)
        await self._take_up(call, Arrival.IN_MENU if in_menu else Arrival.IN_LINE)

    async def _said_emergency(self, call_id: str, journey: Journey) -> bool:
        """Tell whether they pressed the emergency's key in the greeting of Asterisk's own queue."""
        if journey.urgent(self._plan.wait_words.key) or journey.has(Step.TALK_STARTED):
            return False
        try:
            return (await self._ari.emergency(call_id)).value == "1"
        except CallGone:  # or they have hung up, which the next request tells
            return False

    def take_up(self, call: AsteriskCall, arrival: Arrival) -> None:
        """Begin to serve a call again that went on without us."""
        self._tasks.create_task(self._take_up(call, arrival), name=f"call {call.id}")

    async def _take_up(self, call: AsteriskCall, arrival: Arrival) -> None:
        await self._serve(call, arrival, resumed=True)

    async def _serve(
        self, call: AsteriskCall, arrival: Arrival, *, resumed: bool = False, again: int = AGAIN
    ) -> None:
        """Serve one call, isolated: after an error the citizen is not left alone.

        Where the database went away in the middle of something, it is gone on with up to `again` times.
        """
        tracing.is_about(call.id)
        if (tracer := tracing.tracer()) is not None:
            tracer.began(call.id)
        try:
            with call.watched(from_now=resumed):
                if not call.journey.begun:
                    await self._open(call)
                if resumed:
                    await self._resume(call, arrival)
                await self._converse(call, arrival)
            if self._serves(call):
                await self._ari.hang_up(call.id)
                call.channel.hung_up = True
            await call.channel.until(lambda: False, END_SECONDS)
        except CallGone:
            pass
        except AriUnavailable:
            raise  # the connection is gone, or as good as gone; the next one takes this call up again
        except Adopted as adopted:  # before we had learnt of it: so do they all
            raise AriUnavailable("Another node has adopted what this one was doing.") from adopted
        except Exception as error:
            goes_on = self._where(call) if again and self._ports.is_database_lost(error) else None
            if goes_on is not None:
                _tell_lost(call, error)
                await self._serve(call, goes_on, resumed=True, again=again - 1)
                return
            log.exception("call failed, the caller goes to Asterisk's own queue call_id=%s", call.id)
            await self._give_up(call)
        await self.finish(call)

    def _where(self, call: AsteriskCall) -> Arrival | None:
        """Where a call can be gone on with; None: they are gone, or are called for a matter of ours."""
        if call.channel.gone:
            return None
        if call.journey.has(Step.JOINED_LINE):
            return Arrival.IN_LINE if call.leg is None else Arrival.ANSWERED
        if not call.outgoing:
            return Arrival.IN_MENU
        if call.place_kept is not None:
            return Arrival.CALLED_BACK
        return Arrival.CALLED if call.leg is not None else None

    async def _resume(self, call: AsteriskCall, arrival: Arrival) -> None:
        await call.note(Step.SERVICE_RESUMED, was=arrival.value)
        if call.id in self._emergencies:
            self._emergencies.discard(call.id)
            await call.set_urgent(urgent=True)
            words = self._plan.wait_words
            await call.note(Step.PRESSED, key=words.key, asked=words.emergency_key.name, **{MEANWHILE: True})
        if arrival in {Arrival.IN_MENU, Arrival.IN_LINE, Arrival.CALLED, Arrival.CALLED_BACK}:
            with contextlib.suppress(CallGone):
                await call.hush_left_behind()
        # What is read of their place now is how it stands once all of that is written.
        await call.unless_somebody_comes(self._owed.settled(call.id), None)

    async def _open(self, call: AsteriskCall) -> None:
        log.info("call arrived call_id=%s from=%s", call.id, masked(call.number))
        origin = self._origin_of(call.channel.name)
        shown = FROM_BROWSER if origin else call.shown if call.shown != FROM_BROWSER else ""
        await self._ports.calls.open(
            CallRecord(id=call.id, number=call.number, shown=shown, arrived_at=call.arrived_at)
        )
        await call.journey.note(Step.ARRIVED, {}, call.arrived_at)
        if origin is not None:
            await call.journey.note(Step.FROM_WEB, origin.detail, call.arrived_at)
        if call.interpreter is not None:
            await call.journey.note(Step.INTERPRETED, {"number": call.interpreter}, call.arrived_at)
        if (theirs := self._ports.line_of(call.dialled)) is not None:
            await call.journey.note(Step.FOR_NEIGHBOUR, theirs.detail, call.arrived_at)
        self._ports.events.tell(CallArrived(call_id=call.id, number=call.number, at=call.arrived_at))

    def _serves(self, call: AsteriskCall) -> bool:
        """Tell whether this call's task serves the caller: who left us unheard, and is back, has another."""
        return self._registry.calls.get(call.id, call) is call

    async def _give_up(self, call: AsteriskCall) -> None:
        if not self._serves(call):
            return
        await self._leave_line(call)
        await call.waits_no_more()
        try:
            if call.outgoing:  # they did not call us: no queue of ours holds them
                await self._ari.hang_up(call.id)
            elif not call.channel.gone:  # else Asterisk has them already
                await self._fallback.give(call.id, self._before(call))
        except CallGone:
            call.channel.hung_up = True

    async def _lend(self, call: AsteriskCall) -> None:
        """Leave an emergency that stands still with us to Asterisk's own queue, which serves it first."""
        with contextlib.suppress(CallGone, AriRefused):
            await self._ari.mark_emergency(call.id, waits=True)
        await self._fallback.lend(call.id, self._before(call))

    def _before(self, call: AsteriskCall) -> Before:
        """What they have heard: Asterisk's own queue does not say it again.

        Who has refused to be recorded is not recorded there; where that is not known there, they hear it.
        """
        if call.was_told(self._plan.wait_words.recorded) and not call.recording_refused:
            return Before.TOLD
        return Before.GREETED if call.journey.greeted else Before.NOTHING

    async def finish(self, call: AsteriskCall) -> None:
        """Write down how the call ended, or that Asterisk's own queue has the caller now."""
        if not call.channel.gone:  # a request failed before the event told why
            with contextlib.suppress(CallGone):
                call.channel.hung_up = not await call.channel.until(lambda: False, END_SECONDS)
        if serves := self._serves(call):
            self._registry.calls.pop(call.id, None)
        await call.waits_no_more()
        if not serves:
            if call.leg is not None:
                await self._talks.abandoned(call, call.leg)
            return
        if not call.channel.hung_up:
            await call.journey.note(Step.FELL_BACK, {}, call.channel.left_at)
            _trace_ended(call.id, Step.FELL_BACK)
            await self._fetch(call)
            return
        if call.leg is not None:
            await self._talks.abandoned(call, call.leg)
        await call.keep_first_prompt()
        now = self._ports.clock.now()
        if call.outgoing or call.journey.has(Step.JOINED_LINE):
            await self._leave_line(call)
        outcome = await call.journey.end(call.channel.left_at or now)
        _trace_ended(call.id, outcome)
        self._ports.events.tell(CallEnded(call_id=call.id, outcome=outcome, at=now))
        if call.outgoing:
            called_out = partial(self._called_out, call, outcome)
            await self._owed.write(called_out, f"call-back not on record call_id={call.id}")
        log.info("call ended call_id=%s", call.id)

    async def _fetch(self, call: AsteriskCall) -> None:
        """Fetch back a caller whom Asterisk took though the service lives (stopped, or the clock jumped)."""
        if not call.outgoing:
            if not call.journey.has(Step.JOINED_LINE):
                self._from_menu.add(call.id)
            if call.leg is not None:  # a dispatcher had answered, and would wait for nobody
                await self._talks.abandoned(call, call.leg)
            if self._fallback.has_lent(call.id):
                await self._until_line_goes_on(call.id)
            await self._fallback.take_back(FallbackCaller(channel_id=call.id, channel=call.channel.name))

    async def _until_line_goes_on(self, call_id: str) -> None:
        """Wait until the line can be looked at: before that nobody is better off with us.

        The line, once it goes on, pairs nobody before they are back: nobody could ring for their place.
        """
        self._fallback.returns(call_id)

        async def look() -> None:
            await self._ports.line.entry(call_id)

        failure = f"line stands still, the caller stays in Asterisk's own queue call_id={call_id}"
        while not await run_isolated(look, failure):  # noqa: ASYNC110 - nobody tells when it does
            await asyncio.sleep(LOOK_SECONDS)

    async def _leave_line(self, call: AsteriskCall) -> None:
        """Have the place freed, however long the database takes nothing."""
        now = self._ports.clock.now()

        async def leave() -> None:
            await self._ports.line.leave(call.id, now)
            self._line_changed.set()

        await self._owed.write(leave, f"place in the line not freed call_id={call.id}", of=call.id)


def _tell_lost(call: AsteriskCall, error: Exception) -> None:
    log.warning("the database was lost in a call, served again call_id=%s reason=%s", call.id, error)


def _trace_ended(call_id: str, outcome: str) -> None:
    if (tracer := tracing.tracer()) is not None:
        tracer.ended(call_id, outcome)
