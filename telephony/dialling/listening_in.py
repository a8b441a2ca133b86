"""A supervisor on a talk: listens, whispers to the dispatcher, joins, takes over.

The supervisor's telephone has one call all the time. Listening is a snoop on the dispatcher's leg, in a
bridge with that call; whispering is a snoop whose sound goes out to the dispatcher's telephone alone. Neither
touches the bridge of the talk, and what is whispered is in no recording. To join, the call is moved into the
bridge of the talk, which stays mixed from then on (docs/decisions/0031).

The supervisor follows the citizen: through a transfer, and while a dispatcher is rung; at another dispatcher
they listen first, whatever they did before.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial

from hotline.calls.call import Step
from hotline.clock import Clock
from hotline.errors import CallGone, ForbiddenTransition
from hotline.events import Events, ListeningChanged
from hotline.isolation import Job, run_isolated
from hotline.line.line import Dispatcher, Dispatchers
from hotline.line.presence_states import ENGAGED, SUPERVISING
from hotline.supervision.listening import ListenedAlready, Listener, Mode
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.calls.leg import Leg, PassOn
from telephony.calls.mixing import Mixing
from telephony.calls.talk import Talks
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.endpoints import PJSIP
from telephony.dialling.consult import Consults
from telephony.ids import bridge_id, snoop_id, watch_id, watching_bridge

log = logging.getLogger(__name__)

ENTERED_WITHIN = 3.0
"""Seconds for a snoop to be reported in our application; it takes milliseconds."""
MARGIN_SECONDS = 5.0


@dataclass(slots=True, kw_only=True, eq=False)
class Watching:
    """One supervisor on the talk of one citizen."""

    call: AsteriskCall
    supervisor: Dispatcher
    leg: Leg
    """The supervisor's telephone."""
    wanted: Mode
    mode: Mode | None = None
    talk: Leg | None = None
    """The dispatcher's leg that they are connected with."""
    snoop: FollowedChannel | None = None
    stopped: bool = False
    takes_over: PassOn | None = None
    """How the citizen is passed on to the supervisor."""
    told: int | None = None
    """The dispatcher whose desk was told of them last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A supervisor who was on a talk while we were away."""

    leg: Leg
    mode: Mode
    supervisor: Dispatcher


class Supervisors:
    """Supervisors on talks of one Asterisk."""

    def __init__(
        self,
        *,
        ari: Ari,
        talks: Talks,
        consults: Consults,
        dispatchers: Dispatchers,
        clock: Clock,
        events: Events,
        calls: Mapping[str, AsteriskCall],
        channels: MutableMapping[str, FollowedChannel],
        browsers: BrowserPhones,
        ring_seconds: int,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._ari = ari
        self._mixing = Mixing(ari)
        self._talks = talks
        self._consults = consults
        self._dispatchers = dispatchers
        self._clock = clock
        self._events = events
        self._calls = calls
        self._channels = channels
        self._browsers = browsers
        self._ring_seconds = ring_seconds
        self._tasks = tasks
        self._running: dict[int, Watching] = {}

    def listeners(self) -> Sequence[Listener]:
        return [
            Listener(
                supervisor_id=one.supervisor.id,
                call_id=one.call.id,
                dispatcher_id=one.talk.dispatcher_id if one.talk is not None else None,
                mode=one.mode,
            )
            for one in self._running.values()
            if one.takes_over is None
        ]

    async def listen_in(self, supervisor_id: int, call_id: str, mode: Mode) -> None:
        """Begin: the supervisor's telephone is rung; see `hotline.supervision.listening.ListeningIn`."""
        supervisor = await self._dispatchers.get(supervisor_id)
        call = self._calls.get(call_id)
        talk = None if call is None else _talk_of(call)
        if call is None or talk is None or talk.dispatcher_id == supervisor_id:
            raise ForbiddenTransition("There is no talk of somebody else on which one could listen.")
        if supervisor_id in self._running or supervisor.presence in ENGAGED:
            raise ForbiddenTransition("Who is engaged cannot listen to another talk.")
        if any(one.call is call for one in self._running.values()):
            raise ListenedAlready("Another supervisor is on this talk.")
        self._begin(call, supervisor, talk, mode)

    def _begin(self, call: AsteriskCall, supervisor: Dispatcher, talk: Leg, mode: Mode) -> None:
        one = self._follow(call, supervisor, Leg(watch_id(call.id, supervisor.id), ""), mode)
        one.talk = talk  # shown as whose talk it is while it rings
        self._tasks.create_task(self._hold(one, partial(self._run, one)), name=one.leg.id)
        self._tell(one)

    def _follow(self, call: AsteriskCall, supervisor: Dispatcher, leg: Leg, mode: Mode) -> Watching:
        leg.dispatcher_id = supervisor.id
        leg.caller = call.channel
        one = Watching(call=call, supervisor=supervisor, leg=leg, wanted=mode)
        self._running[supervisor.id] = one
        self._channels[leg.id] = leg
        return one

    def taken_up(self, call: AsteriskCall, watch: Watch) -> None:
        """Go on with a supervisor who was there without us."""
        one = self._follow(call, watch.supervisor, watch.leg, watch.mode)
        one.talk = _talk_of(call)
        self._tasks.create_task(self._hold(one, partial(self._watched, one)), name=watch.leg.id)

    async def set_mode(self, supervisor_id: int, mode: Mode) -> None:
        one = self._of(supervisor_id)
        if mode is Mode.JOIN and one.talk is not None and one.talk.parted:
            raise ForbiddenTransition("The dispatcher speaks with a third alone.")
        one.wanted = mode
        one.leg.changed()

    async def take_over(self, supervisor_id: int) -> None:
        one = self._of(supervisor_id)
        talk = _talk_of(one.call)
        if one.mode is None or talk is None or talk.third is not None or talk.passed_on is not None:
            raise ForbiddenTransition("The talk cannot be taken over now.")
        one.takes_over = talk.passed_on = PassOn(
            extension=one.supervisor.extension, answered_channel=one.leg.id, by_phone=False
        )
        self._talks.colleague(one.leg)
        talk.changed()

    async def stop_listening(self, supervisor_id: int) -> None:
        one = self._running.get(supervisor_id)
        if one is not None:
            one.stopped = True
            one.leg.changed()

    def _of(self, supervisor_id: int) -> Watching:
        one = self._running.get(supervisor_id)
        if one is None or one.takes_over is not None:
            raise ForbiddenTransition("They listen to no talk.")
        return one

    async def _hold(self, one: Watching, road: Job) -> None:
        """Carry out one supervisor's part; after an error they are out of it, and the talk goes on."""
        failure = f"supervisor not connected call_id={one.call.id} supervisor={one.supervisor.id}"
        await run_isolated(road, failure, passing=AriUnavailable)
        await self._end(one)

    async def _run(self, one: Watching) -> None:
        try:
            if await self._consults.engage(one.supervisor, SUPERVISING) and await self._answers(one):
                await self._watched(one)
        except (AriRefused, CallGone) as refused:
            log.info("supervisor not reached call_id=%s reason=%s", one.call.id, refused)

    async def _answers(self, one: Watching) -> bool:
        whom = await self._dispatchers.get(one.talk.dispatcher_id) if one.talk is not None else one.supervisor
        await self._ari.originate(
            one.leg.id,
            PJSIP + await self._browsers.reach(one.supervisor),
            args="watch",
            caller_id=f"<{whom.extension}>",
            ring_seconds=self._ring_seconds,
            originator=one.call.id,
        )
        await one.call.channel.until(
            lambda: one.leg.answered or one.leg.gone or one.stopped,
            self._ring_seconds + MARGIN_SECONDS,
            beside=True,
        )
        return one.leg.answered and not one.leg.gone

    async def _watched(self, one: Watching) -> None:
        """Keep the supervisor connected with the citizen's talk until one hangs up, or they take over."""
        with contextlib.suppress(CallGone):  # the citizen hung up
            while not (one.leg.gone or one.stopped or one.takes_over):
                if not self._stands(one):
                    await self._connect(one)
                    self._tell(one)
                await one.call.channel.until(
                    lambda: (
                        one.leg.gone or one.stopped or one.takes_over is not None or not self._stands(one)
                    ),
                    beside=True,
                )

    def _stands(self, one: Watching) -> bool:
        """Tell whether they are connected as they wish, with the citizen's dispatcher of now."""
        talk = _talk_of(one.call)
        if talk is not one.talk or one.mode is None:
            return False
        if talk is None:
            return True
        return one.mode is _possible(one.wanted, talk) and (one.snoop is None or not one.snoop.gone)

    async def _connect(self, one: Watching) -> None:
        talk = _talk_of(one.call)
        if talk is not one.talk:
            one.wanted = Mode.LISTEN  # the next dispatcher knows nothing of them yet
        one.talk, before = talk, one.snoop
        one.snoop = None
        one.mode = one.wanted if talk is None else _possible(one.wanted, talk)
        try:
            if one.mode is Mode.JOIN and talk is not None:
                await self._join(one, talk)
            else:
                await self._beside(one, talk)
        except CallGone as gone:  # one of them hung up in this very moment: seen by the next look
            log.info("supervisor not connected yet call_id=%s reason=%s", one.call.id, gone)
        finally:
            await self._drop(before)

    async def _join(self, one: Watching, talk: Leg) -> None:
        await self._mixing.keep(talk)
        await self._ari.add_to_bridge(bridge_id(talk.id), one.leg.id)
        one.leg.met = True
        await one.call.note(Step.SUPERVISOR_JOINED, dispatcher=one.supervisor.id)

    async def _beside(self, one: Watching, talk: Leg | None) -> None:
        """Put their telephone into a bridge of its own, with a snoop on the dispatcher's."""
        bridge = watching_bridge(one.leg.id)
        await self._ari.create_bridge(bridge)
        await self._ari.add_to_bridge(bridge, one.leg.id)
        if talk is None:
            return
        name = snoop_id(one.leg.id, one.mode or Mode.LISTEN)
        snoop = one.snoop = FollowedChannel(name, name)
        self._channels[name] = snoop
        await self._ari.snoop_both(talk.id, name, whispers=one.mode is Mode.WHISPER)
        await snoop.until(lambda: snoop.entered, ENTERED_WITHIN)
        await self._ari.add_to_bridge(bridge, name)

    async def _drop(self, snoop: FollowedChannel | None) -> None:
        if snoop is None:
            return
        self._channels.pop(snoop.id, None)
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(snoop.id)

    async def _end(self, one: Watching) -> None:
        """End their part. Who takes over stays engaged by it until the line knows of their talk."""
        await self._drop(one.snoop)
        taken = False
        if one.takes_over is not None:
            await one.takes_over.settled.wait()
            taken = one.leg.caller is one.call.channel and one.call.leg is one.leg
            self._talks.colleague_gone(one.leg)
        if not taken:
            self._channels.pop(one.leg.id, None)
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(one.leg.id)
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(watching_bridge(one.leg.id))
        if self._running.get(one.supervisor.id) is one:
            del self._running[one.supervisor.id]
        await self._consults.as_before(one.supervisor, SUPERVISING)
        self._tell(one)

    def _tell(self, one: Watching) -> None:
        """Tell whose talk they are on now, and whose they were on before."""
        now = one.talk.dispatcher_id if one.talk is not None else None
        for whose in {whose for whose in (one.told, now, one.supervisor.id) if whose is not None}:
            at = self._clock.now()
            self._events.tell(ListeningChanged(call_id=one.call.id, dispatcher_id=whose, at=at))
        one.told = now


def _talk_of(call: AsteriskCall) -> Leg | None:
    """The leg of the dispatcher who talks with the citizen now."""
    leg = call.leg
    return leg if leg is not None and leg.joined and not leg.gone else None


def _possible(wanted: Mode, talk: Leg) -> Mode:
    """Give the mode as things stand: to join waits while the dispatcher speaks aside."""
    return Mode.LISTEN if wanted is Mode.JOIN and talk.parted else wanted
