"""Brings together who waits and who is ready, as soon as either comes; the dispatcher is rung at once."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from attrs import define

from hotline.clock import Clock
from hotline.events import Events, LineChanged
from hotline.line.line import Line, Offer
from hotline.line.presence_states import Presence
from telephony.calls.leg import Leg
from telephony.desks.desk_phones import DeskPhones
from telephony.isolation import run_or_pause

log = logging.getLogger(__name__)

STANDS_STILL = "line stands still"
TICK_SECONDS = 1.0
"""How soon is seen what another process changed, and that somebody's time after a call is over."""


@define(eq=False, repr=False, kw_only=True)
class Pairing:
    """Pairs callers and dispatchers on one Asterisk.

    `changed` is set by every change of the line. `ring` begins to ring, and returns False when the caller is
    not here; `rung` are the phones that ring now. While `held` is true nobody is paired: a caller who may be
    the first is on their way back.
    """

    _line: Line
    _clock: Clock
    _events: Events
    _changed: asyncio.Event
    _ring: Callable[[Offer], bool]
    _rung: Callable[[], Sequence[Leg]]
    _held: Callable[[], bool]

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
        off_duty = {
            one.id
            for one in await phones.reconcile()
            if not one.on_duty and one.presence is not Presence.TALKING
        }
        for leg in rung:
            if leg.dispatcher_id in off_duty:
                log.info(
                    "off duty while it rang, the caller goes to another dispatcher=%s", leg.dispatcher_id
                )
                leg.withdraw()
        if await self._line.end_wrap_ups(self._clock.now()):
            self._changed.set()

    async def _pair(self) -> None:
        while (offer := await self._line.pair(self._clock.now())) is not None:
            if not self._ring(offer):
                await self._line.leave(offer.call_id, self._clock.now())
            self._events.tell(LineChanged(at=self._clock.now()))
