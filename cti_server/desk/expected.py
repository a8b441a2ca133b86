"""Cards of callers whose call has just begun, read while they hear the menu.

A caller who asks for a dispatcher within a minute is on a screen without another look into the registers. A
card is dropped when anything happens to an appeal, and is never used twice.
"""

import asyncio
from datetime import datetime, timedelta

from attrs import define, field

from hotline.clock import Clock
from hotline.desk.callers import CallerCard, Callers
from hotline.events import CallArrived

ROOM = 256
FRESH = timedelta(minutes=1)


@define(eq=False, repr=False)
class Expected:
    """Cards by the calls that are expected to reach a dispatcher."""

    _callers: Callers
    _clock: Clock
    _arrived: asyncio.Queue[CallArrived] = field(factory=lambda: asyncio.Queue(ROOM), init=False)
    _cards: dict[str, tuple[datetime, CallerCard]] = field(factory=dict, init=False)
    _forgotten: int = field(default=0, init=False)

    def expect(self, call: CallArrived) -> None:
        """Have their card read soon; returns at once. When hundreds call it is read as they are offered."""
        if call.number is not None and not self._arrived.full():
            self._arrived.put_nowait(call)

    def forget(self) -> None:
        """A register changed: drop the cards read so far."""
        self._cards.clear()
        self._forgotten += 1

    def take(self, call_id: str) -> CallerCard | None:
        """Give the card of this call if it was read a moment ago."""
        at, card = self._cards.pop(call_id, (None, None))
        return card if at is not None and self._clock.now() - at < FRESH else None

    async def read_next(self) -> None:
        """Wait for the next who calls, and read their card."""
        call = await self._arrived.get()
        if call.number is None:
            return
        at, forgotten = self._clock.now(), self._forgotten
        card = await self._callers.expect(call.number, but_call=call.call_id)
        if forgotten == self._forgotten:
            self._cards[call.call_id] = (at, card)
        while len(self._cards) > ROOM:
            del self._cards[next(iter(self._cards))]
