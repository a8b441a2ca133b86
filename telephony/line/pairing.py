"""Brings together who waits and who is ready, as soon as either comes; the dispatcher is rung at once."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import time_ns

from attrs import define

from hotline import tracing
from hotline.clock import Clock
from hotline.events import Events, LineChanged
from hotline.isolation import run_isolated
from hotline.line.line import Line, Offer
from hotline.line.presence_states import Presence
from telephony.ari.errors import AriUnavailable
from telephony.calls.call import AsteriskCall
from telephony.calls.leg import Leg
from telephony.desks.desk_phones import DeskPhones
from telephony.isolation import run_or_pause
from telephony.line.ringing import DeskRinging

log = logging.getLogger(__name__)

STANDS_STILL = "line stands still"
TICK_SECONDS = 1.0
"""How soon is seen what another process changed, and that somebody's time after a call is over."""
GIVE_WAY_SECONDS = 0.001
"""The caller who was found is on the dispatcher's screen before the next one is looked for."""


@define(eq=False, repr=False, kw_only=True)
class Pairing:
    """Pairs callers and dispatchers on one Asterisk.

    `changed` is set by every change of the line. `calls` are those that are served here, by channel id;
    `call_back` calls somebody whose place was kept. `rung` are the phones that ring now. While `held` is true
    nobody is paired: a caller who may be the first is on their way back.
    """

    _line: Line
    _clock: Clock
    _events: Events
    _changed: asyncio.Event
    _calls: Mapping[str, AsteriskCall]
    _ringing: DeskRinging
    _call_back: Callable[[Offer, str], Awaitable[None]]
    _rung: Callable[[], Sequence[Leg]]
    _held: Callable[[], bool]
    _tasks: asyncio.TaskGroup

    def ring(self, offer: Offer) -> bool:
        """Ring the dispatcher to whom a caller was offered; False when the caller is not here.

        A caller with a kept place is called first.
        """
        if offer.callback_to is not None:
            calling = self._called_back(offer, offer.callback_to)
            self._tasks.create_task(calling, name=f"back {offer.call_id}")
            return True
        call = self._calls.get(offer.call_id)
        if call is None:
            return False
        self._tasks.create_task(self._offered(offer, call), name=f"offer {call.id}")
        return True

    async def keep(self) -> None:
        """Pair whenever the line changed, and once a second. No other code pairs."""
        while True:
            self._changed.clear()
            if not self._held():
                await run_or_pause(self._pair, STANDS_STILL)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._changed.wait()
                self._events.tell(LineChanged(at=self._clock.now()))

    async def keep_duty(self, phones: DeskPhones) -> None:
        """Tell Asterisk each second who is on duty, and make READY the dispatchers whose wrap-up is over."""
        while True:
            await run_or_pause(lambda: self._look_at_duty(phones), STANDS_STILL)
            await asyncio.sleep(TICK_SECONDS)

    async def _look_at_duty(self, phones: DeskPhones) -> None:
        rung = (
            self._rung()
        )  # before the presence is read: a dispatcher who gets an offer meanwhile is not meant
        everyone = await phones.reconcile()
        off_duty = {one.id for one in everyone if not one.on_duty and one.presence is not Presence.TALKING}
        for leg in rung:
            if leg.dispatcher_id in off_duty:
                log.info(
                    "off duty while it rang, the caller goes to another dispatcher=%s", leg.dispatcher_id
                )
                leg.withdraw()
        after_call = any(one.presence is Presence.AFTER_CALL for one in everyone)
        if after_call and await self._line.end_wrap_ups(self._clock.now()):
            self._changed.set()

    async def _pair(self) -> None:
        asked = time_ns()
        while (offer := await self._line.pair(self._clock.now())) is not None:
            if (tracer := tracing.tracer()) is not None:
                tracer.span(offer.call_id, "pairing", asked, time_ns())
            if not self.ring(offer):
                await self._line.leave(offer.call_id, self._clock.now())
            self._events.tell(LineChanged(at=self._clock.now()))
            await asyncio.sleep(GIVE_WAY_SECONDS)
            asked = time_ns()

    async def _offered(self, offer: Offer, call: AsteriskCall) -> None:
        await self._ringing.offer(offer, call)
        self._changed.set()

    async def _called_back(self, offer: Offer, number: str) -> None:
        failure = f"a kept place was not called call_id={offer.call_id}"
        await run_isolated(lambda: self._call_back(offer, number), failure, passing=AriUnavailable)
        self._changed.set()
