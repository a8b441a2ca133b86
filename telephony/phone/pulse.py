"""A beat that any number of tasks can wait for: something changed, look again."""

import asyncio
from collections.abc import Callable


class Pulse:
    """Wakes all who wait at the moment of a beat."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        for one in self._waiting:
            if not one.done():
                one.set_result(None)
        self._waiting.clear()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return as soon as it holds, looking again at each beat."""
        while not holds():
            next_beat: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(next_beat)
            await next_beat
