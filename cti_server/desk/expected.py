"""Cards of callers whose call has just begun, read while they hear the menu.

A caller who asks for a dispatcher within a minute is on a screen without another look into the registers. A
card is dropped when anything happens to an appeal of theirs, and is never used twice.
"""

import asyncio
from datetime import datetime, timedelta

from attrs import define, field

from hotline.appeals.appeal import Appeal
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
    _changed: list[Appeal | None] | None = field(default=None, init=False)
    """Appeals that changed while a card is being read, a new one as None; no list while no card is read."""

    def expect(self, call: CallArrived) -> None:
        """Have their card read soon; returns at once. When hundreds call it is read as they are offered."""
        if call.number is not None and not self._arrived.full():
            self._arrived.put_nowait(call)

    def forget(self, changed: Appeal | None = None) -> None:
        """Drop the cards that this appeal concerns; without one, as of a new appeal, all that are read."""
        if self._changed is not None:
            self._changed.append(changed)
        for call_id in [one for one, (_, card) in self._cards.items() if _concerns(changed, card)]:
            del self._cards[call_id]

    def take(self, call_id: str) -> CallerCard | None:
        """Give the card of this call if it was read a moment ago."""
        at, card = self._cards.pop(call_id, (None, None))
        return card if at is not None and self._clock.now() - at < FRESH else None

    async def read_next(self) -> None:
        """Wait for the next who calls, and read their card."""
        call = await self._arrived.get()
        if call.number is None:
            return
        at = self._clock.now()
        changed = self._changed = []
        try:
            card = await self._callers.expect(call.number, but_call=call.call_id)
        finally:
            self._changed = None
        if not any(_concerns(one, card) for one in changed):
            self._cards[call.call_id] = (at, card)
        while len(self._cards) > ROOM:
            del self._cards[next(iter(self._cards))]


def _concerns(changed: Appeal | None, card: CallerCard) -> bool:
    if changed is None or changed.applicant_number == card.number:
        return True
    people = {one.id for one in card.candidates}
    shown = {number for one in (*card.appeals, *card.ended) for number in (one.number, one.parent)}
    return changed.applicant_id in people or changed.number in shown
