"""The database's view of the line, for the invariants (`hotline.line.invariants`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attrs import define, field
from sqlalchemy import exists, select

from hotline.dialling.job_states import ON_THE_PHONE
from hotline.line.invariants import OnRecord, OpenTalk
from hotline.line.line import Dispatcher, QueueEntry
from storage.core.database import Database
from storage.core.writes import Remembered
from storage.dialling.job_rows import in_state
from storage.line.dispatchers import DISPATCHERS, dispatcher_of
from storage.line.queries import ENTRIES
from storage.line.steps import read_entry
from storage.tables import call_jobs, calls, dispatcher_skills, dispatchers, queue_entries, recordings, talks

_OPEN_TALKS = select(
    talks.c.call_id,
    talks.c.dispatcher_id,
    exists()
    .where(recordings.c.call_id == talks.c.call_id, recordings.c.dispatcher_id == talks.c.dispatcher_id)
    .label("recorded"),
    exists().where(calls.c.id == talks.c.call_id, calls.c.recording_refused).label("refused"),
).where(talks.c.ended_at.is_(None))
_UNENDED = select(calls.c.id).where(calls.c.ended_at.is_(None))
_ON_THE_PHONE = select(call_jobs.c.call_id, call_jobs.c.number).where(in_state(*ON_THE_PHONE))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Records that change with the line, and not with each step of a call."""

    entries: Sequence[QueueEntry]
    dispatchers: Sequence[Dispatcher]
    attempts: Mapping[str, str]


@define(eq=False, repr=False)
class StoredRecords:
    """`hotline.line.invariants.Records` on a database."""

    _database: Database
    _last: Remembered[OnRecord] = field(init=False)
    _line: Remembered[_Line] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._last = Remembered(self._database.writes, self._read)
        of = [queue_entries, dispatchers, dispatcher_skills, call_jobs]
        self._line = Remembered(self._database.writes, self._read_line, of)

    async def on_record(self) -> OnRecord:
        return await self._last.get()

    async def _read(self) -> OnRecord:
        line = await self._line.get()
        async with self._database.reading() as connection:
            open_talks = [
                OpenTalk(
                    call_id=row.call_id,
                    dispatcher_id=row.dispatcher_id,
                    recorded=row.recorded or row.refused,
                )
                for row in await connection.execute(_OPEN_TALKS)
            ]
            unended = frozenset((await connection.execute(_UNENDED)).scalars())
        return OnRecord(
            entries=line.entries,
            dispatchers=line.dispatchers,
            talks=open_talks,
            unended=unended,
            attempts=line.attempts,
        )

    async def _read_line(self) -> _Line:
        async with self._database.reading() as connection:
            return _Line(
                entries=[read_entry(row) for row in await connection.execute(ENTRIES)],
                dispatchers=[dispatcher_of(row) for row in await connection.execute(DISPATCHERS)],
                attempts={row.call_id: row.number for row in await connection.execute(_ON_THE_PHONE)},
            )
