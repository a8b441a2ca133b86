"""How far Asterisk's own event log (CEL) was read, kept in the transaction of what it led to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from hotline.calls import CallRecord, JourneyStep, Outcome
from storage.call_log import read_call
from storage.call_rows import CallChange, CallWriter
from storage.database import Database
from storage.tables import calls, cel_files

MOST_AT_ONCE = 500
"""Calls asked for in one query: both databases bound the number of parameters."""

_THESE = select(calls).where(calls.c.id.in_(bindparam("call_ids", expanding=True)))
_OFFSET = select(cel_files.c.offset).where(cel_files.c.file == bindparam("name"))


class CelCursor:
    """The cursor of each CEL file, in bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = CallWriter(database)
        statement = database.insert(cel_files)
        self._move = statement.on_conflict_do_update(
            index_elements=[cel_files.c.file], set_={"offset": statement.excluded.offset}
        )

    async def offset(self, file: str) -> int:
        """Bytes of the file that are dealt with; 0 for a file never seen."""
        async with self._database.reading() as connection:
            return (await connection.execute(_OFFSET, {"name": file})).scalar_one_or_none() or 0

    async def on_record(self, call_ids: Collection[str]) -> Mapping[str, CallRecord]:
        """Read what is on record of these calls, in few queries: one a call costs as much as all writing."""
        ids = list(call_ids)
        found: dict[str, CallRecord] = {}
        async with self._database.reading() as connection:
            for first in range(0, len(ids), MOST_AT_ONCE):
                part = {"call_ids": ids[first : first + MOST_AT_ONCE]}
                rows = (await connection.execute(_THESE, part)).mappings()
                found |= {row["id"]: read_call(row) for row in rows}
        return found

    async def apply(
        self,
        *,
        file: str,
        offset: int,
        calls: Sequence[CallRecord],
        steps: Sequence[JourneyStep],
        endings: Sequence[tuple[str, Outcome, datetime]],
    ) -> None:
        """Add the calls and steps that are missing, fill in answers and endings that are, move the cursor.

        One transaction: after a crash everything up to `offset` was done, or nothing and it is done again.
        What is on record already stays as it is.
        """
        known = [_known_of(call) for call in calls]
        ended = [CallChange(call_id=call_id, outcome=how, ended_at=at) for call_id, how, at in endings]
        async with self._database.writing() as connection:
            await self._writer.write(connection, calls, steps, [*known, *ended])
            await connection.execute(self._move, {"file": file, "offset": offset})


def _known_of(call: CallRecord) -> CallChange:
    return CallChange(
        call_id=call.id,
        answered_at=call.answered_at,
        first_prompt_at=call.first_prompt_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
    )
