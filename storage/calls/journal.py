"""The journal: what happens in calls is taken at once and written in batches, which costs next to nothing.

Nobody waits for it: what it has no room for, while the database is away, goes into the spill.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from hotline.calls.call import CallRecord, JourneyStep, Step
from storage.calls.entries import Entry
from storage.calls.rows import CallChange, CallWriter
from storage.calls.spill import Spill
from storage.core.database import Database, sql_state

GATHER_SECONDS = 0.1
"""A transaction costs about 0.9 ms of CPU whatever its size; a kill -9 can lose entries of this long."""
MOST_ROWS = 500
ROOM = 20_000
"""Entries kept in memory while the database is away; those that come then go into the spill."""
FIRST_STEP = 1
LIVE_CALLS = 2_000
"""Journeys held in memory at once: far more calls than one Asterisk carries."""
CLOSING_SECONDS = 3.0
"""How long the shutdown waits for a database that takes nothing; the rest then goes into the spill."""
LEFT_SECONDS = 10.0
"""How long the beginning waits until what an earlier process left in the spill is written."""
BEHIND_SECONDS = 2.0
"""How long a batch may take before we say that the database cannot be written."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0

_log = logging.getLogger(__name__)


class Journal:
    """A queue with one writer, which the spill keeps from growing. Use `open_journal`."""

    def __init__(
        self, database: Database, gather_seconds: float = GATHER_SECONDS, spill: Spill | None = None
    ) -> None:
        self._database = database
        self._writer = CallWriter(database)
        self._gather_seconds = gather_seconds
        self._queue: asyncio.Queue[Entry | asyncio.Future[None]] = asyncio.Queue()
        self._spill = spill
        self._from_spill = False
        self._after_spill: list[asyncio.Future[None]] = []
        self._hurry = asyncio.Event()
        self._batch: list[Entry] = []
        self._steps: dict[tuple[str, int], JourneyStep] = {}
        self._live: dict[str, dict[int, JourneyStep]] = {}
        self._writing_since: float | None = None

    @property
    def behind(self) -> bool:
        """Whether entries wait for a database that takes none: full, locked, away."""
        return self._writing_since is not None and time.monotonic() - self._writing_since > BEHIND_SECONDS

    @property
    def spills(self) -> bool:
        """Whether entries lie in the spill, in front of all that comes now."""
        return self._spill is not None and self._spill.holds

    def put(self, entry: Entry) -> None:
        """Take the entry, at once."""
        if isinstance(entry, JourneyStep):
            self._keep_at_hand(entry)
        elif isinstance(entry, CallChange) and entry.ended_at is not None:
            self._live.pop(entry.call_id, None)
        if self._spill is not None and (self.spills or self._queue.qsize() >= ROOM):
            if not self.spills:
                _log.warning("journal has no room, entries go into a file until the database is back")
            self._spill.add(entry)
            return
        if isinstance(entry, JourneyStep):
            self._steps.setdefault((entry.call_id, entry.number), entry)
        self._queue.put_nowait(entry)

    def _keep_at_hand(self, step: JourneyStep) -> None:
        if step.number == FIRST_STEP:
            self._live.setdefault(step.call_id, {})
            while len(self._live) > LIVE_CALLS:
                del self._live[next(iter(self._live))]
        if step.call_id in self._live:
            self._live[step.call_id].setdefault(step.number, step)

    def whole(self, call_id: str) -> Sequence[JourneyStep] | None:
        """Give all steps of a call that began in this process and has not ended; else None."""
        steps = self._live.get(call_id)
        return None if steps is None else [steps[number] for number in sorted(steps)]

    def take_back_end(self, call_id: str) -> None:
        """Forget that this call has ended."""
        steps = self._live.get(call_id, {})
        for number in [number for number, step in steps.items() if step.step is Step.ENDED]:
            del steps[number]

    def steps_of(self, call_id: str) -> Sequence[JourneyStep]:
        """Give this call's steps that are not committed yet, as far as they are in memory."""
        waiting = [step for step in self._steps.values() if step.call_id == call_id]
        return [*(self.whole(call_id) or ()), *waiting]

    async def flush(self) -> None:
        """Wait until everything put before is committed."""
        written = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(written)
        self._hurry.set()
        await written

    async def run(self) -> None:
        """Write batches for ever; the spill's when there are no others, for they are younger."""
        while True:
            if self.spills and self._queue.empty():
                await self._write_spilled()
                continue
            flushed = await self._gather()
            if self._batch:
                await self._write_surely()
            if self.spills:
                self._after_spill += flushed
            else:
                _release(flushed)

    async def _write_spilled(self) -> None:
        assert self._spill is not None  # noqa: S101 - `spills` said so
        self._batch, self._from_spill = list(self._spill.next(MOST_ROWS)), True
        if self._batch:
            await self._write_surely()
        self._from_spill = False
        self._spill.done()
        if not self.spills:
            _log.info("all that lay in the journal's file is written")
            _release(self._after_spill)
            self._after_spill = []

    def unwritten(self) -> Sequence[Entry]:
        """Take out the entries that are neither committed nor in a file."""
        queued = []
        while not self._queue.empty():
            queued.append(self._queue.get_nowait())
        batch = [] if self._from_spill else self._batch
        return [*batch, *(entry for entry in queued if not isinstance(entry, asyncio.Future))]

    async def _gather(self) -> list["asyncio.Future[None]"]:
        """Fill the batch from the first entry on for `gather_seconds`, or until a flush or it is full."""
        flushed: list[asyncio.Future[None]] = []
        self._sort(await self._queue.get(), flushed)
        if not flushed and self._queue.qsize() < MOST_ROWS:
            await self._wait_for_more()
        self._hurry.clear()
        while len(self._batch) < MOST_ROWS and not self._queue.empty():
            self._sort(self._queue.get_nowait(), flushed)
        return flushed

    async def _wait_for_more(self) -> None:
        try:
            async with asyncio.timeout(self._gather_seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    def _sort(self, item: "Entry | asyncio.Future[None]", flushed: list["asyncio.Future[None]"]) -> None:
        if isinstance(item, asyncio.Future):
            flushed.append(item)
        else:
            self._batch.append(item)

    async def _write_surely(self) -> None:
        """Write the batch, however often it takes; an entry that no database would take is logged whole."""
        pause = _FIRST_PAUSE
        self._writing_since = time.monotonic()
        while self._batch:
            try:
                await self._write(self._batch)
                self._forget(self._batch)
                self._batch = []
            except Exception as error:  # noqa: BLE001 - a background job's boundary: entries stay and are retried
                if _is_the_entries_fault(error):
                    await self._write_one_by_one()
                    continue
                _log.warning(
                    "journal cannot write, entries=%d retry_in=%.2f: %s", len(self._batch), pause, error
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        self._writing_since = None

    async def _write_one_by_one(self) -> None:
        while self._batch:
            entry = self._batch[0]
            try:
                await self._write([entry])
            except Exception as error:  # noqa: BLE001 - the same boundary
                if not _is_the_entries_fault(error):
                    return
                _log.exception("journal entry refused by the database: %r", entry)
                if isinstance(entry, JourneyStep):
                    self._live.get(entry.call_id, {}).pop(entry.number, None)
            self._forget([entry])
            del self._batch[0]

    def _forget(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, JourneyStep):
                self._steps.pop((entry.call_id, entry.number), None)

    async def _write(self, batch: Sequence[Entry]) -> None:
        calls = [entry for entry in batch if isinstance(entry, CallRecord)]
        steps = [entry for entry in batch if isinstance(entry, JourneyStep)]
        changes = [entry for entry in batch if isinstance(entry, CallChange)]
        async with self._database.writing_together() as connection:
            await self._writer.write(connection, calls, steps, changes)


def _release(waiters: Sequence["asyncio.Future[None]"]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)


def _is_the_entries_fault(error: Exception) -> bool:
    """Whether trying the same again cannot help: the values are refused, not the connection."""
    if isinstance(error, IntegrityError | DataError | TypeError | ValueError | OverflowError):
        return True
    if isinstance(error, DBAPIError):
        return sql_state(error).startswith("22")  # PostgreSQL: data exception
    return isinstance(error, StatementError)


@asynccontextmanager
async def open_journal(
    database: Database, gather_seconds: float = GATHER_SECONDS, file: Path | None = None
) -> AsyncIterator[Journal]:
    """Keep a journal until the end of the block, where all that was put is written out.

    `file` is where the spill lies; what an earlier process left there is written first.
    """
    spill = None if file is None else Spill(file)
    journal = Journal(database, gather_seconds, spill)
    writer = asyncio.create_task(journal.run(), name="journal")
    try:
        if journal.spills and not await _written(journal, LEFT_SECONDS):
            _log.warning("journal of the process before is not written yet, the database takes nothing")
        yield journal
    finally:
        written = await _written(journal, CLOSING_SECONDS)
        writer.cancel()
        await asyncio.wait([writer])
        if not written:
            _keep(journal.unwritten(), spill)
        if spill is not None:
            spill.close()


async def _written(journal: Journal, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await journal.flush()
    except TimeoutError:
        return False
    return True


def _keep(entries: Sequence[Entry], spill: Spill | None) -> None:
    """Leave to the next process what the database did not take; without a file it is in the log alone."""
    if spill is None:
        for entry in entries:
            _log.error("journal entry not stored, the database is away: %r", entry)
        return
    spill.put_before(entries)
    _log.warning("journal left to the next service in a file, the database is away entries=%d", len(entries))
