"""Hits of `hotline bench faults`: while people call, each part is killed or stopped in turn."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg

from hotline.errors import TelephonyError
from service.node import local_node
from service.wiring.telephony import ari_address
from storage.tables import calls, dispatchers, journey_steps, queue_entries
from telephony.ari.client import reading
from tests.bench import postgres
from tests.bench.callees import Rung
from tests.bench.faults.cuts import Cut
from tests.bench.faults.shift import Shift
from tests.bench.hotline import BenchHotline
from tests.bench.progress import tell

STOPPED_SECONDS = 40.0
LOCKED_SECONDS = 15.0
AWAY_SECONDS = 5.0
HOUR_SECONDS = 3600
MOVED_SECONDS = 20.0
SECOND_SERVICE_SECONDS = 15.0
LOOK_SECONDS = 0.1
TURN_SECONDS = 60.0
"""The longest wait until SQLite lets us write, among others who do."""
_LOCKED = ", ".join(table.name for table in (queue_entries, calls, dispatchers, journey_steps))

Hit = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True, kw_only=True)
class Hits:
    """Hits one hotline. `asterisk_killed_at` and `done` serve the judgement afterwards."""

    hotline: BenchHotline
    asterisk_killed_at: float = float("-inf")
    asterisk_back_at: float = float("inf")
    """The moment at which Asterisk answers again."""
    done: list[str] = field(default_factory=list)
    begun: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Servers that a hit has started again (PostgreSQL): the benchmark ends them after it has judged."""

    async def all(self, seconds: float, at_work: Shift) -> None:
        """Hit each part in its turn, spread over these seconds."""
        hits: Sequence[tuple[float, str, Hit]] = (
            (0.06, "service killed", self._kill_service),
            (0.15, f"service stopped for {STOPPED_SECONDS:.0f} s", self._stop_service),
            (0.34, "Asterisk killed", self._kill_asterisk),
            (0.44, f"database locked for {LOCKED_SECONDS:.0f} s", self._lock_database),
            (0.55, f"database away for {AWAY_SECONDS:.0f} s", self._database_away),
            (0.64, "second service started", self._second_service),
            (0.73, "desk browsers closed", at_work.close_screens),
            (0.82, "clock moved an hour on, and back", self._move_clock),
        )
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            for share, name, hit in hits:
                await asyncio.sleep(began + share * seconds - asyncio.get_running_loop().time())
                if hit == self._move_clock and not self.hotline.clock.moves:
                    continue
                tell(name)
                self.done.append(name)
                tasks.create_task(hit())
            await asyncio.sleep(began + seconds - asyncio.get_running_loop().time())

    @property
    def cuts(self) -> Sequence[Cut]:
        """Who was cut off is called back as soon as there is an Asterisk again."""
        return (Cut(at=self.asterisk_killed_at, counted_from=self.asterisk_back_at),)

    def killed(self, rung: Rung) -> bool:
        """Tell whether Asterisk was killed while the hotline was calling this person."""
        return rung.call.timeline.began.monotonic < self.asterisk_killed_at < rung.ended

    async def _kill_service(self) -> None:
        os.kill(self.hotline.service.pid, signal.SIGKILL)

    async def _stop_service(self) -> None:
        pid = self.hotline.service.pid
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(STOPPED_SECONDS)
        with contextlib.suppress(ProcessLookupError):  # its supervisor has ended it meanwhile
            os.kill(pid, signal.SIGCONT)

    async def _kill_asterisk(self) -> None:
        pid = self.hotline.asterisk.pid
        self.asterisk_killed_at = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        while not await self._asterisk_answers():  # noqa: ASYNC110 - another process starts it
            await asyncio.sleep(LOOK_SECONDS)
        self.asterisk_back_at = time.monotonic()
        tell(f"Asterisk is back after {self.asterisk_back_at - self.asterisk_killed_at:.1f} s")

    async def _asterisk_answers(self) -> bool:
        try:
            async with reading(ari_address(self.hotline.settings)) as ari:
                await ari.channels()
        except TelephonyError:
            return False
        return True

    async def _lock_database(self) -> None:
        async with _locked(self.hotline.settings.database_url):
            await asyncio.sleep(LOCKED_SECONDS)

    async def _database_away(self) -> None:
        """Stop PostgreSQL; SQLite cannot go away, so nobody else may write for these seconds."""
        url = self.hotline.settings.database_url
        if not url.startswith("postgresql"):
            async with _locked(url):
                await asyncio.sleep(AWAY_SECONDS)
            return
        folder = _folder(url)
        await postgres.stop(folder)
        await asyncio.sleep(AWAY_SECONDS)
        await self.begun.enter_async_context(postgres.serving(folder))

    async def _second_service(self) -> None:
        """Start another service on the same state, as an operator does who does not know that one runs."""
        command = [sys.executable, "-m", "service", "serve"]
        async with local_node.child(command, environ=self.hotline.environ) as second:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(second.wait(), SECOND_SERVICE_SECONDS)
            tell(f"the second service ended with {second.returncode}")

    async def _move_clock(self) -> None:
        self.hotline.clock.move(HOUR_SECONDS)
        await asyncio.sleep(MOVED_SECONDS)
        self.hotline.clock.move(0)


@asynccontextmanager
async def _locked(url: str) -> AsyncIterator[None]:
    """Have nobody else write to the database for the time of the block."""
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(host=str(_folder(url)), user=postgres.USER, database="hotline")
        try:
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE {_LOCKED} IN EXCLUSIVE MODE")
                yield
        finally:
            await connection.close()
        return
    connected = sqlite3.connect(
        url.partition("///")[2], timeout=TURN_SECONDS, isolation_level=None, check_same_thread=False
    )
    with contextlib.closing(connected):
        await asyncio.to_thread(connected.execute, "BEGIN IMMEDIATE")
        yield
        connected.execute("ROLLBACK")


def _folder(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])
