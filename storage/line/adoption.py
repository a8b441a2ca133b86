"""The right to serve the callers of one of several Asterisk nodes: an advisory lock of each node."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from hotline.errors import AnotherService
from hotline.line.adoption import Held
from hotline.line.line import QueueEntry
from storage.core.advisory_locks import AdvisoryLock, of_node
from storage.core.database import Database
from storage.core.service_lock import ServiceLock, only_of_roles
from storage.line import queries
from storage.line.steps import read_entry

AGAIN_SECONDS = 0.1


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

    async def take_kept(self, node: str) -> Sequence[QueueEntry]:
        async with self._database.writing() as connection:
            taken = await connection.execute(queries.TAKE_KEPT, {"gone": node, "mine": self._node})
            entries = [read_entry(row) for row in taken]
        return sorted(entries, key=lambda one: (-one.priority, one.entered_at, one.call_id))

    def _lock(self, node: str) -> AbstractAsyncContextManager[ServiceLock]:
        return only_of_roles(self._database, [of_node(AdvisoryLock.SERVING, node)])
