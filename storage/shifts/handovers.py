"""Hand-overs of shifts on a database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import ForbiddenTransition, NotFound
from hotline.shifts.handover_states import HANDOVER, HandoverEvent, HandoverState
from hotline.shifts.handovers import Handover, OpenItem, OpenKind, Said
from storage.core.database import Database
from storage.core.transitions import moving
from storage.tables import shift_handovers as table

_DRAFT = HandoverState.DRAFT.value
_ONE = select(table).where(table.c.id == bindparam("this"))
_OWN_DRAFT = select(table).where(table.c.outgoing == bindparam("of"), table.c.state == _DRAFT)
_LATEST = (
    select(table)
    .where(table.c.handed_at.is_not(None))
    .order_by(table.c.handed_at.desc(), table.c.id.desc())
    .limit(bindparam("most"))
)
_WAITING = (
    select(table)
    .where(table.c.state.in_([HandoverState.HANDED_OVER.value, HandoverState.ASKED.value]))
    .order_by(table.c.handed_at, table.c.id)
)
_SINCE = select(table).where(table.c.handed_at >= bindparam("since"))


@define(eq=False, repr=False)
class StoredHandovers:
    """`hotline.shifts.handovers.Handovers` on a database."""

    _database: Database

    async def open(self, user_id: int, at: datetime) -> Handover:
        values = {
            "state": _DRAFT,
            "outgoing": user_id,
            "opened_at": at,
            "remarks": "",
            "items": [],
            "said": [],
        }
        made = self._database.insert(table).values(values).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            await connection.execute(made)
            row = (await connection.execute(_OWN_DRAFT, {"of": user_id})).mappings().one()
        return _handover(row)

    async def get(self, handover_id: int) -> Handover:
        async with self._database.reading() as connection:
            return await _read(connection, handover_id)

    async def latest(self, limit: int) -> Sequence[Handover]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LATEST, {"most": limit})).mappings().all()
        return [_handover(row) for row in rows]

    async def waiting(self) -> Sequence[Handover]:
        async with self._database.reading() as connection:
            return [_handover(row) for row in (await connection.execute(_WAITING)).mappings()]

    async def handed_since(self, since: datetime) -> Sequence[Handover]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_SINCE, {"since": since})).mappings().all()
        return [_handover(row) for row in rows]

    async def save(self, handover_id: int, user_id: int, remarks: str) -> Handover:
        own = table.c.outgoing == user_id
        return await self._move(handover_id, HandoverEvent.SAVE, own, remarks=remarks)

    async def hand_over(
        self, handover_id: int, user_id: int, at: datetime, *, remarks: str, items: Sequence[OpenItem]
    ) -> Handover:
        kept = [{"kind": one.kind, "subject": one.subject, "at": one.at.isoformat()} for one in items]
        own = table.c.outgoing == user_id
        values = {"remarks": remarks, "items": kept, "handed_at": at}
        return await self._move(handover_id, HandoverEvent.HAND_OVER, own, **values)

    async def ask(self, handover_id: int, user_id: int, at: datetime, text: str) -> Handover:
        return await self._say(handover_id, HandoverEvent.ASK, table.c.outgoing != user_id, user_id, at, text)

    async def answer(self, handover_id: int, user_id: int, at: datetime, text: str) -> Handover:
        own = table.c.outgoing == user_id
        return await self._say(handover_id, HandoverEvent.ANSWER, own, user_id, at, text)

    async def take_over(self, handover_id: int, user_id: int, at: datetime) -> Handover:
        another = table.c.outgoing != user_id
        return await self._move(handover_id, HandoverEvent.TAKE_OVER, another, incoming=user_id, taken_at=at)

    async def _say(  # noqa: PLR0917 - who says what of which, and when
        self,
        handover_id: int,
        event: HandoverEvent,
        by: ColumnElement[bool],
        user_id: int,
        at: datetime,
        text: str,
    ) -> Handover:
        """Add the words; the state in which they may be said is another afterwards, so none are lost."""
        said = {"user": user_id, "at": at.isoformat(), "text": text}
        async with self._database.writing() as connection:
            before = await _read(connection, handover_id)
            words = [*map(_words, before.said), said]
            return await _moved(connection, handover_id, event, by, said=words)

    async def _move(
        self, handover_id: int, event: HandoverEvent, by: ColumnElement[bool], **values: Any
    ) -> Handover:
        async with self._database.writing() as connection:
            return await _moved(connection, handover_id, event, by, **values)


async def _moved(
    connection: AsyncConnection,
    handover_id: int,
    event: HandoverEvent,
    by: ColumnElement[bool],
    **values: Any,
) -> Handover:
    change = moving(table, HANDOVER, event, **values).where(table.c.id == handover_id, by)
    changed = (await connection.execute(change)).rowcount
    one = await _read(connection, handover_id)
    if not changed:
        raise ForbiddenTransition(f"Hand-over {handover_id} is {one.state}, or another's: no {event} now.")
    return one


async def _read(connection: AsyncConnection, handover_id: int) -> Handover:
    row = (await connection.execute(_ONE, {"this": handover_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no hand-over {handover_id}.")
    return _handover(row)


def _words(said: Said) -> Mapping[str, Any]:
    return {"user": said.user_id, "at": said.at.isoformat(), "text": said.text}


def _handover(row: RowMapping) -> Handover:
    return Handover(
        id=row["id"],
        state=HandoverState(row["state"]),
        outgoing=row["outgoing"],
        opened_at=row["opened_at"],
        remarks=row["remarks"],
        items=tuple(
            OpenItem(kind=OpenKind(one["kind"]), subject=one["subject"], at=datetime.fromisoformat(one["at"]))
            for one in row["items"]
        ),
        said=tuple(
            Said(user_id=one["user"], at=datetime.fromisoformat(one["at"]), text=one["text"])
            for one in row["said"]
        ),
        handed_at=row["handed_at"],
        incoming=row["incoming"],
        taken_at=row["taken_at"],
    )
