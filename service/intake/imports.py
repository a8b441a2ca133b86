"""Carries out imports of uploaded files one by one, and continues them after a restart."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

from attrs import define, field

from hotline.clock import Clock
from hotline.errors import HotlineError
from hotline.intake.imports import Import, RegisterKind, Understood
from hotline.intake.lines import LineRefusal
from storage.intake.imports import StoredImports
from storage.store import Storage

log = logging.getLogger(__name__)

BREATH_SECONDS = 0.02
"""Between two batches: what calls have to write comes in between."""


def stored_imports(storage: Storage, folder: Path, clock: Clock) -> StoredImports:
    return StoredImports(storage.database, storage.registers, folder, clock)


@define(eq=False, repr=False)
class Imports:
    """`hotline.intake.imports.Imports`: `keep` carries out what was begun."""

    _stored: StoredImports
    _others: Callable[[int], None] = lambda _import_id: None
    """Tells other processes that one was begun."""
    _begun: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def keep(self) -> None:
        """Carry out begun imports, until cancelled; the next start continues them."""
        while True:
            self._begun.clear()
            for import_id in await self._stored.running():
                await self._carry_out(import_id)
            await self._begun.wait()

    async def check(self, kind: RegisterKind, name: str, content: bytes, user_id: int | None) -> Import:
        return await self._stored.check(kind, name, content, user_id)

    async def refusals(self, import_id: int, limit: int | None = None) -> Sequence[LineRefusal]:
        return await self._stored.refusals(import_id, limit)

    async def understood(self, import_id: int, limit: int) -> Understood:
        return await self._stored.understood(import_id, limit)

    async def headings(self, import_id: int) -> Sequence[str]:
        return await self._stored.headings(import_id)

    async def begin(self, import_id: int) -> None:
        await self._stored.begin(import_id)
        self.look()
        self._others(import_id)

    def look(self, _import_id: int = 0) -> None:
        """Look at what was begun, here or in another process."""
        self._begun.set()

    async def get(self, import_id: int) -> Import:
        return await self._stored.get(import_id)

    async def latest(self, limit: int = 20) -> Sequence[Import]:
        return await self._stored.latest(limit)

    async def _carry_out(self, import_id: int) -> None:
        try:
            async with aclosing(self._stored.run(import_id)) as steps:
                async for _ in steps:
                    await asyncio.sleep(BREATH_SECONDS)
            one = await self._stored.get(import_id)
            log.info("import done id=%d added=%d refused=%d", one.id, one.added, one.refused)
        except HotlineError as error:
            log.warning("import stopped id=%d: %s", import_id, error)
            await self._stored.stop(import_id)
