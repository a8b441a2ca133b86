"""Dispatchers who talk by the own queue of a node whose process is away: the edge refuses to ring them.

On record nobody knows of such a talk until that process is back (`telephony.node.surviving_calls`). Until
then the dispatcher is engaged for a while, then rung again, and refused again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from attrs import define, field

from hotline.clock import Clock
from hotline.line.line import Dispatcher, Line
from hotline.line.presence_states import ASTERISKS_QUEUE
from telephony.owed import OwedWrites

ENGAGED_SECONDS = 15.0

log = logging.getLogger(__name__)


@define(eq=False, repr=False, kw_only=True)
class EngagedElsewhere:
    """Those of whom one Asterisk's process has learnt so."""

    _line: Line
    _clock: Clock
    _line_changed: asyncio.Event
    _owed: OwedWrites
    _tasks: asyncio.TaskGroup
    _told: Callable[[], Collection[str]]
    """The desks, by extension, of whose call another node tells."""
    _pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _refused: set[str] = field(factory=set, init=False)

    def desks(self) -> Collection[str]:
        """Give the desks, by extension, whose telephone is in a call on another node."""
        return {*self._told(), *self._refused}

    async def refused(self, dispatcher: Dispatcher) -> None:
        """Have who was offered to this dispatcher wait on, and nobody else be offered to them for a while."""
        log.warning("talks by another node's own queue dispatcher=%s", dispatcher.extension)
        desk = dispatcher.extension
        self._refused.add(desk)  # first: nobody takes them for engaged with nobody
        engaged = False
        try:
            now = self._clock.now()
            engaged = await self._line.engage(dispatcher.id, now, ASTERISKS_QUEUE, begun=True)
        finally:
            if not engaged:
                self._refused.discard(desk)
        if engaged:
            self._tasks.create_task(self._free_later(dispatcher), name=f"engaged elsewhere {desk}")

    async def _free_later(self, dispatcher: Dispatcher) -> None:
        await self._pause(ENGAGED_SECONDS)
        if dispatcher.extension not in self._told():  # else their node is back, and frees them
            await self._owed.write(
                lambda: self._free(dispatcher), f"dispatcher not freed dispatcher={dispatcher.extension}"
            )
        self._refused.discard(dispatcher.extension)

    async def _free(self, dispatcher: Dispatcher) -> None:
        await self._line.disengage(dispatcher.id, self._clock.now(), reason=ASTERISKS_QUEUE)
        self._line_changed.set()
