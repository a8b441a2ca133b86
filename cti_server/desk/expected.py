"""Who has just begun to call: what the city knows of them is read while they hear the menu.

Whoever asks for a dispatcher within a minute is on a screen without another look into the registers. What
was read is forgotten when anything happens to an appeal, and is never used twice.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import NoReturn

from hotline.callers import CallerCard, Callers
from hotline.clock import Clock
from hotline.events import CallArrived

ROOM = 256
FRESH = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Expected:
    """Cards by the calls that are expected to reach a dispatcher."""

    def __init__(self, callers: Callers, clock: Clock) -> None:
        self._callers = callers
        self._clock = clock
        self._arrived: asyncio.Queue[CallArrived] = asyncio.Queue(ROOM)
        self._cards: dict[str, tuple[datetime, CallerCard]] = {}
        self._forgotten = 0

    def expect(self, call: CallArrived) -> None:
        """Have their card read soon; returns at once. When hundreds call it is read as they are offered."""
        if call.number is not None and not self._arrived.full():
            self._arrived.put_nowait(call)

    def forget(self) -> None:
        """Something changed: what was read may be old."""
        self._cards.clear()
        self._forgotten += 1

    def take(self, call_id: str) -> CallerCard | None:
        """Give the card of this call if it was read a moment ago."""
        at, card = self._cards.pop(call_id, (None, None))
        return card if at is not None and self._clock.now() - at < FRESH else None

    async def keep(self) -> NoReturn:
        """Read the cards for ever, one after the other."""
        while True:
            call = await self._arrived.get()
            try:
                await self._read(call)
            except Exception:  # a background job's boundary: the card is read when they are offered
                log.exception("card not read beforehand call_id=%s", call.call_id)

    async def _read(self, call: CallArrived) -> None:
        if call.number is None:
            return
        at, forgotten = self._clock.now(), self._forgotten
        card = await self._callers.expect(call.number, but_call=call.call_id)
        if forgotten == self._forgotten:
            self._cards[call.call_id] = (at, card)
        while len(self._cards) > ROOM:
            del self._cards[next(iter(self._cards))]
