"""Marked calls of threatening callers, each with the legal hold that keeps it."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from sqlalchemy import bindparam, exists, insert, or_, select, update

from hotline.errors import ForbiddenTransition
from hotline.line.queue_entry_states import QueueEntryState
from hotline.retention.holds import HeldThing
from hotline.supervision.threats import MOST, Threat
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.writes import Remembered
from storage.tables import legal_holds, queue_entries
from storage.tables import threats as table

_OF = select(table).where(table.c.call_id == bindparam("call"))
_GOES_ON = (
    exists()
    .where(queue_entries.c.call_id == table.c.call_id)
    .where(queue_entries.c.state == QueueEntryState.TALKING.value)
)
_STANDING = (
    select(table)
    .where(table.c.taken_back_at.is_(None), or_(table.c.seen_by.is_(None), _GOES_ON))
    .order_by(table.c.marked_at.desc())
    .limit(MOST)
)
_AGAIN = (
    update(table)
    .where(table.c.call_id == bindparam("call"))
    .values(
        taken_back_at=None,
        seen_by=None,
        marked_by=bindparam("by"),
        marked_at=bindparam("at"),
        dispatcher_id=bindparam("whose"),
        hold_id=bindparam("hold"),
    )
)
_BACK = update(table).where(table.c.call_id == bindparam("call")).values(taken_back_at=bindparam("at"))
_SEE = (
    update(table)
    .where(table.c.call_id == bindparam("call"), table.c.seen_by.is_(None))
    .values(seen_by=bindparam("by"))
)
_HELD = select(legal_holds.c.id).where(
    legal_holds.c.thing == HeldThing.CALL.value,
    legal_holds.c.subject == bindparam("call"),
    legal_holds.c.lifted_at.is_(None),
)
_LIFT = (
    update(legal_holds)
    .where(legal_holds.c.id == bindparam("hold"), legal_holds.c.lifted_at.is_(None))
    .values(lifted_by=bindparam("by"), lifted_at=bindparam("at"))
)


@define(eq=False, repr=False)
class StoredThreats:
    """`hotline.supervision.threats.Threats` on a database."""

    _database: Database
    _last: Remembered[Sequence[Threat]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._last = Remembered(self._database.writes, self._read)

    async def of(self, call_id: str) -> Threat | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF, {"call": call_id})).mappings().first()
        return None if row is None else row_to(Threat, row)

    async def standing(self) -> Sequence[Threat]:
        return await self._last.get()

    async def _read(self) -> Sequence[Threat]:
        async with self._database.reading() as connection:
            return [row_to(Threat, row) for row in (await connection.execute(_STANDING)).mappings()]

    async def mark(
        self, call_id: str, *, reason: str, dispatcher_id: int | None, by: int, at: datetime
    ) -> Threat:
        async with self._database.writing() as connection:
            before = (await connection.execute(_OF, {"call": call_id})).mappings().first()
            if before is not None and before["taken_back_at"] is None:
                return row_to(Threat, before)
            hold = None  # a hold of the head's own that stands is not ours to lift later
            if (await connection.execute(_HELD, {"call": call_id})).first() is None:
                held = {"thing": HeldThing.CALL.value, "subject": call_id, "reason": reason}
                new = insert(legal_holds).values({**held, "placed_by": by, "placed_at": at})
                hold = (await connection.execute(new.returning(legal_holds.c.id))).scalar_one()
            marked = {"call": call_id, "by": by, "at": at, "whose": dispatcher_id, "hold": hold}
            if before is None:
                first = {"call_id": call_id, "marked_by": by, "marked_at": at, "dispatcher_id": dispatcher_id}
                await connection.execute(insert(table).values({**first, "hold_id": hold}))
            else:
                await connection.execute(_AGAIN, marked)
        return Threat(call_id=call_id, dispatcher_id=dispatcher_id, marked_by=by, marked_at=at)

    async def take_back(self, call_id: str, *, by: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            row = (await connection.execute(_OF, {"call": call_id})).mappings().first()
            if row is None or not row_to(Threat, row).may_be_taken_back(by, at):
                raise ForbiddenTransition("Only who marked it takes it back, within ten minutes.")
            await connection.execute(_BACK, {"call": call_id, "at": at})
            if row["hold_id"] is not None:
                await connection.execute(_LIFT, {"hold": row["hold_id"], "by": by, "at": at})

    async def see(self, call_id: str, *, by: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SEE, {"call": call_id, "by": by})
