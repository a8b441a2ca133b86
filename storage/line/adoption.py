"""The right to serve the callers of one of several Asterisk nodes: an advisory lock of each node."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import AnotherService
from hotline.line.adoption import GivenBack, Held
from hotline.line.kept_places import KEPT_PLACE
from hotline.line.line import QueueEntry
from hotline.line.queue_entry_states import QueueEntryEvent, QueueEntryState
from storage.core.advisory_locks import AdvisoryLock, of_node
from storage.core.database import Database
from storage.core.service_lock import ServiceLock, only_of_roles
from storage.dialling.owing import owe_no_more, settled
from storage.line import queries
from storage.line.dispatchers import engaged, read_dispatcher
from storage.line.steps import (
    put_first,
    read_entry,
    set_entry,
    stands_elsewhere,
    take_offers_back,
    talk_goes_on,
    withdraw_offer,
)

AGAIN_SECONDS = 0.1
LOOK_SECONDS = 1.0
"""How soon a node that was silent learns that others may have adopted it: its calls go on meanwhile."""
_OWN: dict[str, object] = dict.fromkeys(("callback_to", "not_before", "cut_at", "node", "left_at")) | {
    "rung": 0
}
"""What a place has whose caller is on the telephone, and was not cut off."""


class StoredAdoptions:
    """`hotline.line.adoption.Adoptions` on PostgreSQL; where there is one node nobody else adopts."""

    def __init__(self, database: Database, node: str = "") -> None:
        self._database = database
        self._node = node

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Held]:
        if not self._node:
            yield ServiceLock()
            return
        async with AsyncExitStack() as stack:
            held = None
            while held is None:
                try:
                    held = await stack.enter_async_context(self._lock(self._node))
                except AnotherService:
                    await asyncio.sleep(AGAIN_SECONDS)
            yield held

    @asynccontextmanager
    async def in_place_of(self, node: str) -> AsyncIterator[bool]:
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._lock(node))
            except AnotherService:
                yield False
                return
            yield True

    async def give_back(
        self, call_id: str, at: datetime, *, talks_with: int | None, waits: bool
    ) -> GivenBack:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(queries.LOCK_PAIRING)
            row = (await connection.execute(queries.ENTRY_LOCKED, {"call": call_id})).first()
            if row is None:
                return GivenBack.NOTHING
            if await stands_elsewhere(connection, row):
                return GivenBack.ELSEWHERE
            await owe_no_more(connection, KEPT_PLACE, call_id, at)
            await withdraw_offer(connection, row, at)
            if talks_with is not None:
                return await _talk_given_back(connection, row, talks_with, at)
            if waits:
                await set_entry(connection, row, QueueEntryEvent.ENTER, dispatcher_id=None, **_OWN)
                return GivenBack.PLACE
            if row.state != QueueEntryState.LEFT.value:
                left = {"dispatcher_id": None, "left_at": at}
                await set_entry(connection, row, QueueEntryEvent.LEAVE, **_OWN | left)
            return GivenBack.NOTHING

    async def take_kept(self, node: str) -> Sequence[QueueEntry]:
        async with self._database.writing() as connection:
            taken = await connection.execute(queries.TAKE_KEPT, {"gone": node, "mine": self._node})
            entries = [read_entry(row) for row in taken]
        return sorted(entries, key=lambda one: (-one.priority, one.entered_at, one.call_id))

    async def spoken_with(self, calls: Collection[str]) -> Collection[str]:
        async with self._database.reading() as connection:
            return await settled(connection, KEPT_PLACE, calls)

    def _lock(self, node: str) -> AbstractAsyncContextManager[ServiceLock]:
        lock = of_node(AdvisoryLock.SERVING, node)
        return only_of_roles(self._database, [lock], look_seconds=LOOK_SECONDS)


async def _talk_given_back(
    connection: AsyncConnection, row: Row[Any], dispatcher_id: int, at: datetime
) -> GivenBack:
    """Have the talk be on record again; a caller who is being offered to the dispatcher waits on."""
    await take_offers_back(connection, dispatcher_id)
    dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
    if await engaged(connection, dispatcher_id, but=row.call_id):
        first = {"priority": put_first(row), "dispatcher_id": None, "wanted_dispatcher_id": None}
        await set_entry(connection, row, QueueEntryEvent.ENTER, **_OWN | first)
        return GivenBack.PLACE
    await set_entry(connection, row, QueueEntryEvent.GO_ON, dispatcher_id=dispatcher_id, **_OWN)
    await talk_goes_on(connection, dispatcher, row.call_id, at)
    return GivenBack.TALK
