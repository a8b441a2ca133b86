"""Adoption of a node that is gone: a node that lives calls back its callers, and frees its dispatchers.

`service.processes.gone_nodes` decides that it is gone. The adopting node does what the other would do when
its own Asterisk was killed (`telephony.node.surviving_calls`): callers who were cut off are owed a call, the
others lose their place, and no dispatcher stays engaged for nobody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from functools import partial

from attrs import define

from hotline.calls.call import CallLog, CallRecord
from hotline.clock import Clock
from hotline.dialling.nodes import node_of
from hotline.isolation import read_isolated, run_isolated
from hotline.line.adoption import Adoptions
from hotline.line.kept_places import KeptPlaces
from hotline.line.line import Line, QueueEntry
from hotline.line.on_node import looked_after
from hotline.line.queue_entry_states import QueueEntryState
from telephony.dialling.claims import ENGAGED_FOR
from telephony.dialling.kept_places import QueueCallbacks
from telephony.node.cut_off_calls import CutOffCalls

log = logging.getLogger(__name__)


async def nobody_known(_calls: Collection[str]) -> Collection[str]:
    """Tell which of a gone node's calls had been hung up: its account of them (CEL) lies on its own disk."""
    return ()


@define(eq=False, repr=False, kw_only=True)
class Adoption:
    """Adopts on behalf of one Asterisk, for as long as one connection lasts."""

    _calls: CallLog
    _line: Line
    _kept: KeptPlaces
    _adoptions: Adoptions
    _cut_off: Callable[[str], CutOffCalls]
    """Owes call-backs for a node, from here."""
    _callbacks: QueueCallbacks
    _end_lost: Callable[[CallRecord], Awaitable[None]]
    """Ends a call on record that went down with its Asterisk."""
    _clock: Clock
    _wrap_up: timedelta
    _line_changed: asyncio.Event
    _tasks: asyncio.TaskGroup

    async def adopt(self, node: str, *, call_back: bool) -> None:
        """Adopt what there is of a node that is gone, unless it is back or another node adopts it.

        Without `call_back` nobody is called at once: too little is known of its last calls.
        """
        entries, unended = await self._of(node)
        if not entries and not unended:
            return
        async with self._adoptions.in_place_of(node) as ours:
            if not ours:
                return
            entries, unended = await self._of(node)
            log.warning("node gone node=%s calls=%d places=%d", node, len(unended), len(entries))
            await self._take(node, entries, call_back=call_back)
            self._line_changed.set()
            for call in unended:
                failure = f"call of a gone node not ended call_id={call.id}"
                await run_isolated(partial(self._end_lost, call), failure)
            await self._calls.flush()  # so that the next with the right finds them ended

    async def _of(self, node: str) -> tuple[Sequence[QueueEntry], Sequence[CallRecord]]:
        entries = [one for one in await self._line.entries() if looked_after(one, node)]
        return entries, [one for one in await self._calls.unended() if node_of(one.id) == node]

    async def _take(self, node: str, entries: Sequence[QueueEntry], *, call_back: bool) -> None:
        """Take all places over; who was cut off first is called while the next is not owed a call yet."""
        cut_off, now = self._cut_off(node), self._clock.now()
        places = {one.call_id: one for one in entries}
        cut = {*await cut_off.owed((), places, self._callbacks.call_now)} if call_back else set()

        async def take(kept: QueueEntry) -> None:
            # A person who was being called back is called again later; who was cut off, at once.
            await self._kept.break_off(kept.call_id, now + ENGAGED_FOR, now, rings_no_more=call_back)
            if call_back and (again := await cut_off.again(kept)) is not None:
                self._callbacks.call_now(again)

        # An error with one place holds up no other, nor those who are owed a call by now.
        failure = f"place of a gone node not gone on with node={node}"
        for kept in await read_isolated(self._adoptions.take_kept(node), failure, otherwise=()):
            await run_isolated(partial(take, kept), f"{failure} call_id={kept.call_id}")
        for entry in entries:
            if entry.callback_to is None and entry.call_id not in cut:
                await run_isolated(partial(self._give_up, entry), f"{failure} call_id={entry.call_id}")

    async def _give_up(self, entry: QueueEntry) -> None:
        now = self._clock.now()
        if entry.state is QueueEntryState.TALKING and entry.dispatcher_id is not None:
            await self._line.talk_ended(entry.call_id, entry.dispatcher_id, now, wrap_up=self._wrap_up)
        await self._line.leave(entry.call_id, now)
