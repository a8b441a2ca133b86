"""Help that dispatchers ask for."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from sqlalchemy import bindparam, exists, select, update

from hotline.line.queue_entry_states import QueueEntryState
from hotline.supervision.help import HelpAsked
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.writes import Remembered
from storage.tables import help_requests as table
from storage.tables import queue_entries

_IN_TALK = (
    (queue_entries.c.call_id == table.c.call_id)
    & (queue_entries.c.dispatcher_id == table.c.dispatcher_id)
    & (queue_entries.c.state == QueueEntryState.TALKING.value)
)
# Looked up for each open request: to join them SQLite would walk through all places that ever were.
_OPEN = (
    select(table)
    .where(table.c.ended_at.is_(None), exists().where(_IN_TALK))
    .order_by(table.c.asked_at, table.c.id)
)
_END = (
    update(table)
    .where(table.c.dispatcher_id == bindparam("whose"), table.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), ended_by=bindparam("by"))
)


@define(eq=False, repr=False)
class StoredHelpRequests:
    """`hotline.supervision.help.HelpRequests` on a database."""

    _database: Database
    _last: Remembered[Sequence[HelpAsked]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._last = Remembered(self._database.writes, self._read)

    async def open(self) -> Sequence[HelpAsked]:
        return await self._last.get()

    async def _read(self) -> Sequence[HelpAsked]:
        async with self._database.reading() as connection:
            return [row_to(HelpAsked, row) for row in (await connection.execute(_OPEN)).mappings()]

    async def ask(self, dispatcher_id: int, call_id: str, at: datetime) -> None:
        asked = {"dispatcher_id": dispatcher_id, "call_id": call_id, "asked_at": at}
        async with self._database.writing() as connection:
            await connection.execute(self._database.insert(table).values(asked).on_conflict_do_nothing())

    async def end(self, dispatcher_id: int, at: datetime, *, by: int) -> bool:
        async with self._database.writing() as connection:
            done = await connection.execute(_END, {"whose": dispatcher_id, "at": at, "by": by})
            return bool(done.rowcount)
