"""Work that a page begins and may stop; one piece at a time goes on beside the pages."""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import define, field

from hotline.isolation import run_isolated


@define(eq=False, repr=False)
class OneAtATime:
    """Does the one work whenever it is asked for, while `keep` runs."""

    _work: Callable[[], Awaitable[None]]
    _named: str
    """Names its failure in the log."""
    _asked: asyncio.Event = field(factory=asyncio.Event, init=False)
    _under_way: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def running(self) -> bool:
        return self._asked.is_set() or self._under_way is not None

    def begin(self) -> None:
        """Ask for the work; asked for while it is under way, it is done once more afterwards."""
        self._asked.set()

    def stop(self) -> None:
        """End it where it is; what it has done stays."""
        self._asked.clear()
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None

    async def keep(self) -> None:
        """Do what is asked for, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._asked.wait()
                self._asked.clear()
                doing = self._under_way = tasks.create_task(self._once())
                await asyncio.wait({doing})
                if self._under_way is doing:
                    self._under_way = None

    async def _once(self) -> None:
        await run_isolated(self._work, self._named)
