"""Calls back those whose place in the line was kept, while a dispatcher is kept free for them."""

import contextlib
import logging

from hotline.calls import Step
from hotline.clock import Clock
from hotline.conversation import Arrival
from hotline.errors import CallGone
from hotline.events import DispatcherOffered, Events, OfferWithdrawn, Screens
from hotline.line import Offer
from hotline.numbers import masked
from hotline.queue_callback import KeptPlaces
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.outgoing import Outgoing, calling_back
from telephony.placed import Calls, Placed

log = logging.getLogger(__name__)

ERRAND = "callback"


class QueueCallbacks:
    """Carries out the offers of the line whose caller is not on the telephone."""

    def __init__(
        self,
        *,
        ari: Ari,
        outgoing: Outgoing,
        calls: Calls,
        placed: Placed,
        kept: KeptPlaces,
        clock: Clock,
        events: Events,
        screens: Screens,
    ) -> None:
        self._ari = ari
        self._outgoing = outgoing
        self._calls = calls
        self._placed = placed
        self._kept = kept
        self._clock = clock
        self._events = events
        self._screens = screens

    async def call_back(self, offer: Offer, number: str) -> None:
        """Show the dispatcher who is being called, and call; whoever presses a key stands first then."""
        offered = DispatcherOffered(
            call_id=offer.call_id,
            dispatcher_id=offer.dispatcher.id,
            number=number,
            attempt=offer.attempt,
            at=self._clock.now(),
        )
        self._events.tell(offered)
        await self._screens.shown(offered)
        try:
            await self._call(offer, number)
        finally:
            now = self._clock.now()
            await self._kept.not_reached(offer.call_id, now)
            withdrawn = OfferWithdrawn(call_id=offer.call_id, dispatcher_id=offer.dispatcher.id, at=now)
            self._events.tell(withdrawn)

    async def _call(self, offer: Offer, number: str) -> None:
        name = calling_back(offer.call_id, offer.attempt)
        log.info("calling back call_id=%s to=%s", name, masked(number))
        try:
            channel = await self._outgoing.prepare(name, number)
        except AriRefused as refused:
            log.warning("no way out call_id=%s reason=%s", name, refused)
            return
        why = {"errand": ERRAND, "call": offer.call_id}
        call = await self._placed.on_record(channel, number, Step.CALLED_BY_ITSELF, why)
        if await self._placed.ring(call) is None:
            await self._calls.serve(call, Arrival.CALLED_BACK)
            return
        with contextlib.suppress(CallGone):
            await self._ari.hang_up(call.id)
        await self._calls.finish(call)
