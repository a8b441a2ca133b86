"""Rings the dispatcher whom the line has paired with a caller, and reports the result to the line."""

import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from attrs import define, field

from hotline import tracing
from hotline.calls.call import Step
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.clock import Clock
from hotline.errors import CallGone, ForbiddenTransition
from hotline.events import DispatcherOffered, Events, OfferWithdrawn, Screens
from hotline.isolation import read_isolated, run_isolated
from hotline.line.line import Dispatchers, Line, Offer
from hotline.line.presence_states import UNREACHABLE, Presence
from hotline.line.queue_entry_states import QueueEntryState
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused, AriUnavailable
from telephony.calls.call import AsteriskCall
from telephony.calls.leg import Leg
from telephony.causes import BUSY, CONGESTION, NOT_REACHABLE, SUBSCRIBER_ABSENT, TALKS_ELSEWHERE
from telephony.desks.browser_phones import BrowserPhones
from telephony.desks.endpoints import PJSIP
from telephony.ids import leg_id
from telephony.line.engaged_elsewhere import EngagedElsewhere
from telephony.owed import OwedWrites

log = logging.getLogger(__name__)

ANSWER_MARGIN_SECONDS = 5.0
CAUSE_SECONDS = 1.0
"""How long the cause of a leg's end may come after the end itself."""
BUSY_PAUSE = timedelta(seconds=4)
"""In which a telephone is not rung that has said it is in a call: the end of its last talk may be on its way.

To a desk behind two edges it is, while the moving address moves.
"""
LONGEST_CARD = 60
INTERPRETER = "Перекладач жестової мови"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """How long and how often a dispatcher is rung, and what their phone shows of the caller."""

    seconds: int
    """Until the next dispatcher is rung: HOTLINE_RING_SECONDS."""
    misses_before_pause: int
    card: Callable[[str], Awaitable[str]]
    """The caller's number → one line about them, or nothing."""


@define(eq=False, repr=False, kw_only=True)
class DeskRinging:
    """Rings dispatchers' phones on one Asterisk. `legs` is where events find the legs by channel id."""

    _ari: Ari
    _line: Line
    _dispatchers: Dispatchers
    _clock: Clock
    _ringing: Ringing
    _legs: dict[str, Leg]
    _events: Events
    _screens: Screens
    _browsers: BrowserPhones
    _owed: OwedWrites
    _monotonic: Callable[[], float] = time.monotonic
    _elsewhere: EngagedElsewhere | None = None
    """Where desks are registered at an edge: who talks by the own queue of another node."""
    _busy: dict[int, float] = field(factory=dict, init=False)
    """When a telephone said last that it is in a call, which was a miss: by dispatcher, monotonic seconds."""

    async def offer(self, offer: Offer, call: AsteriskCall) -> None:
        """Carry out one offer, isolated: after an error the caller waits on, and no other call notices."""
        tracing.is_about(call.id)
        failure = f"offer failed, the caller waits on call_id={call.id} dispatcher={offer.dispatcher.id}"
        if await run_isolated(lambda: self._offer(offer, call), failure, passing=AriUnavailable):
            return
        leg = self._legs.get(leg_id(offer.call_id, offer.attempt))
        if leg is not None:
            await self._drop(leg)
        self._tell_withdrawn(offer)
        await self._take_back(offer)

    async def _offer(self, offer: Offer, call: AsteriskCall) -> None:
        """Ring; on an answer hand the leg to the caller, else give the caller back to the line."""
        await call.note(Step.DISPATCHER_OFFERED, dispatcher=offer.dispatcher.id, attempt=offer.attempt)
        leg = self.follow(leg_id(offer.call_id, offer.attempt), offer.dispatcher.id, call)
        with tracing.span(call.id, "screen"):
            await self._show(offer, call)
        with call.rung_for():
            over = await self._over(leg, offer, call)
        if not over:
            await self._drop(leg)
            self._tell_withdrawn(offer)
            await self._missed(offer, call, leg)

    async def _over(self, leg: Leg, offer: Offer, call: AsteriskCall) -> bool:
        """Ring; False when the caller is to be given back: nobody has come, and they wait on."""
        try:
            with tracing.span(call.id, "ringing"):
                answered = await self._ring(leg, offer, call)
        except AriRefused as refused:
            log.warning("phone cannot be rung dispatcher=%s reason=%s", offer.dispatcher.extension, refused)
            leg.cause = SUBSCRIBER_ABSENT
            answered = False
        except CallGone:
            await self._drop(leg)
            self._tell_withdrawn(offer)
            # Of who hung up `leave` frees the dispatcher; others are with Asterisk, and keep their place.
            if not call.channel.hung_up:
                await self._take_back(offer)
            return True
        if answered and await self._begins(offer, call, leg):
            if not call.channel.gone:
                await call.hand_over(leg)
                return True
            # They hung up while the answer was being written: nobody else frees the dispatcher.
            await self._drop(leg)
            now = self._clock.now()
            await self._owed.write(
                lambda: self._line.talk_ended(offer.call_id, offer.dispatcher.id, now, wrap_up=timedelta(0)),
                f"dispatcher not freed dispatcher={offer.dispatcher.id}",
                of=call.id,
            )
            self._tell_withdrawn(offer)
            return True
        return False

    async def _take_back(self, offer: Offer) -> None:
        """Have the offer ended, however long the database takes nothing; the dispatcher counts as free."""
        now = self._clock.now()
        await self._owed.write(
            lambda: self._ended(offer, now),
            f"offer not taken back call_id={offer.call_id}",
            of=offer.call_id,
        )

    async def _ended(
        self,
        offer: Offer,
        at: datetime,
        pause_after: int | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> None:
        """Give the caller back to the line, unless this very offer has ended before."""
        await self._line.missed(
            offer.call_id,
            offer.dispatcher.id,
            at,
            pause_after=pause_after,
            attempt=offer.attempt,
            wrap_up=wrap_up,
        )

    async def _begins(self, offer: Offer, call: AsteriskCall, leg: Leg) -> bool:
        """Have the answer written; False when the offer had ended.

        While the database takes nothing they talk, and it is written later: an answer that was given back
        would send the caller to a desk for which another node has somebody.
        """
        now = self._clock.now()
        begun: list[bool] = []
        talks = False

        async def write() -> None:
            begun.append(
                await self._line.answered(offer.call_id, offer.dispatcher.id, now, attempt=offer.attempt)
            )
            if talks and not begun[-1]:
                await self._end_unwritten(offer, call, leg)

        await self._owed.write(write, f"answer not on record call_id={call.id}", of=call.id)
        talks = begun != [False]
        return talks

    async def _end_unwritten(self, offer: Offer, call: AsteriskCall, leg: Leg) -> None:
        """End a talk for which there is no place any more: its dispatcher counts as free, the caller waits.

        One that another node has adopted is left: this node is about to learn of it, and goes on with it.
        """
        await self._ended(offer, self._clock.now())
        place = await self._line.entry(offer.call_id)
        adopted = place is None or place.state is QueueEntryState.LEFT or place.callback_to is not None
        if not adopted and not call.channel.gone and not leg.gone:
            log.warning("talk without its place ended call_id=%s leg=%s", call.id, leg.id)
            leg.placeless = True
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(leg.id)

    async def _show(self, offer: Offer, call: AsteriskCall) -> None:
        """Show the dispatcher who is calling before the phone rings."""
        offered = DispatcherOffered(
            call_id=offer.call_id,
            dispatcher_id=offer.dispatcher.id,
            number=call.number,
            attempt=offer.attempt,
            at=self._clock.now(),
        )
        self._events.tell(offered)
        await self._screens.shown(offered)

    def _tell_withdrawn(self, offer: Offer) -> None:
        now = self._clock.now()
        self._events.tell(OfferWithdrawn(call_id=offer.call_id, dispatcher_id=offer.dispatcher.id, at=now))

    def follow(self, channel_id: str, dispatcher_id: int, call: AsteriskCall) -> Leg:
        """Begin to follow a leg, before it is rung, so that no event is missed."""
        leg = Leg(channel_id, channel_id)
        leg.dispatcher_id = dispatcher_id
        leg.caller = call.channel
        self._legs[leg.id] = leg
        return leg

    async def _ring(self, leg: Leg, offer: Offer, call: AsteriskCall) -> bool:
        """Ring; True when answered in time. Raises CallGone when the caller hangs up first."""
        endpoint, shown = PJSIP + await self._browsers.reach(offer.dispatcher), await self._shown(call)
        if leg.withdrawn:  # another may ring for that dispatcher by now
            return False
        await self._ari.originate(
            leg.id,
            endpoint,
            args=f"leg,{offer.call_id},{offer.dispatcher.id}",
            caller_id=shown,
            ring_seconds=self._ringing.seconds,
            originator=call.id,
        )
        await call.channel.until(
            lambda: leg.answered or leg.gone or leg.withdrawn,
            self._ringing.seconds + ANSWER_MARGIN_SECONDS,
            beside=True,
        )
        if leg.gone:
            await leg.told_cause(CAUSE_SECONDS)
        return leg.answered and not leg.gone

    async def _shown(self, call: AsteriskCall) -> str:
        """Write the caller id for the phone's display: the card as a name, without what would end it."""
        number = call.number
        if number is None:
            return f'"{INTERPRETER if call.shown == FROM_INTERPRETER else ""}" <anonymous>'
        card = await read_isolated(
            self._ringing.card(number), "no card for the phone's display", otherwise=""
        )
        name = "".join(sign for sign in card if sign.isprintable() and sign not in '"\\<>')[:LONGEST_CARD]
        return f'"{name or number}" <{number}>'

    async def _missed(self, offer: Offer, call: AsteriskCall, leg: Leg) -> None:
        now = self._clock.now()
        await call.note(Step.OFFER_MISSED, dispatcher=offer.dispatcher.id, cause=leg.cause)
        if self._elsewhere is not None and leg.cause == TALKS_ELSEWHERE:
            await self._elsewhere.refused(offer.dispatcher)
            return
        # At the edge a phone stays registered that answers 503: its pause would end late.
        lost = leg.cause == CONGESTION and self._elsewhere is None
        unreachable = lost or leg.cause in NOT_REACHABLE
        busy = leg.cause == BUSY
        counts = not unreachable and not (busy and self._is_still_busy(offer.dispatcher.id))
        pause_after = self._ringing.misses_before_pause if counts else None
        await self._ended(offer, now, pause_after, BUSY_PAUSE if busy else timedelta(0))
        if unreachable:
            with contextlib.suppress(ForbiddenTransition):  # they went away meanwhile, and stay so
                await self._dispatchers.set_presence(
                    offer.dispatcher.id, Presence.PAUSED, now, UNREACHABLE, found_in=call.id
                )
            log.warning("phone unreachable dispatcher=%s cause=%s", offer.dispatcher.extension, leg.cause)

    def _is_still_busy(self, dispatcher_id: int) -> bool:
        """Tell whether their telephone said so a moment ago: an emergency rings it without a pause."""
        now, before = self._monotonic(), self._busy.get(dispatcher_id)
        if before is not None and now - before < BUSY_PAUSE.total_seconds():
            return True
        self._busy[dispatcher_id] = now
        return False

    async def _drop(self, leg: Leg) -> None:
        self._legs.pop(leg.id, None)
        if not leg.destroyed:
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(leg.id)
