"""Statements on a database: drafts that move, and approved versions that stay as they were."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import NotFound, Outdated
from hotline.statements.statement_states import UNFINISHED, WAITING, StatementAct, StatementState
from hotline.statements.statements import (
    ApprovedStatement,
    Statement,
    StatementContent,
    StatementVersion,
)
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.core.rows import row_to
from storage.tables import statement_versions as versions
from storage.tables import statements as table

_ONE = select(table).where(table.c.id == bindparam("this"))
_KEPT = table.c.state != StatementState.DISCARDED.value
_IN_ORDER = (case((table.c.state.in_(sorted(WAITING)), 0), else_=1), table.c.id.desc())
_LATEST = (
    select(table).where(_KEPT).order_by(*_IN_ORDER).limit(bindparam("most")).offset(bindparam("skipped"))
)
_UNFINISHED = select(table).where(table.c.state.in_(sorted(UNFINISHED))).order_by(*_IN_ORDER)
_BY_STATE = select(table.c.state, func.count().label("found")).where(_KEPT).group_by(table.c.state)
_VERSIONS = select(versions).where(versions.c.statement_id == bindparam("this")).order_by(versions.c.number)
_APPROVED = (
    select(versions, table.c.withdrawn_at, table.c.reason)
    .join(table, table.c.id == versions.c.statement_id)
    .order_by(versions.c.statement_id, versions.c.number)
)
_PICTURES = tuple(select(one.c.picture).where(one.c.picture.is_not(None)) for one in (table, versions))
_ACT = (
    update(table)
    .where(table.c.id == bindparam("this"), table.c.version == bindparam("was"))
    .values(version=table.c.version + 1, changed_at=bindparam("now"))
    .returning(table)
)


class StoredStatements:
    """`hotline.statements.statements.Statements` on a database; what was approved is kept as read last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._approved: Fresh[Sequence[ApprovedStatement]] = Fresh(
            self._read, writes=database.writes, of=[table, versions]
        )

    async def add(self, new: StatementContent, author_id: int, at: datetime) -> Statement:
        values = _values(new) | {
            "state": StatementState.DRAFT.value,
            "author_id": author_id,
            "refusal": "",
            "reason": "",
            "created_at": at,
            "changed_at": at,
            "version": 1,
        }
        async with self._database.writing() as connection:
            row = await connection.execute(insert(table).values(values).returning(table))
            return row_to(Statement, row.mappings().one())

    async def get(self, statement_id: int) -> Statement:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"this": statement_id})).mappings().first()
        if row is None:
            raise NotFound("There is no statement %(number)s.", number=statement_id)
        return row_to(Statement, row)

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Statement]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_LATEST, {"most": most, "skipped": skipped})
            return [row_to(Statement, row) for row in rows.mappings()]

    async def unfinished(self) -> Sequence[Statement]:
        async with self._database.reading() as connection:
            return [row_to(Statement, row) for row in (await connection.execute(_UNFINISHED)).mappings()]

    async def by_state(self) -> Mapping[StatementState, int]:
        async with self._database.reading() as connection:
            return {StatementState(row.state): row.found for row in await connection.execute(_BY_STATE)}

    async def change(self, was: Statement, now: StatementContent, at: datetime, *, user_id: int) -> Statement:
        async with self._database.writing() as connection:
            return await _become(connection, was, StatementAct.CHANGE, user_id, at, **_values(now))

    async def move(
        self, was: Statement, act: StatementAct, at: datetime, *, user_id: int, reason: str = ""
    ) -> Statement:
        values: dict[str, Any] = {}
        if act is StatementAct.REFUSE:
            values = {"refusal": reason}
        elif act in {StatementAct.SUBMIT, StatementAct.APPROVE}:
            values = {"refusal": ""}
        elif act is StatementAct.CORRECT:
            values = {"author_id": user_id, "correction": ""}
        elif act is StatementAct.WITHDRAW:
            values = {"withdrawn_by": user_id, "withdrawn_at": at, "reason": reason}
        async with self._approved.changing(), self._database.writing() as connection:
            if act is StatementAct.DROP:
                values = _texts((await _versions(connection, was.id))[-1]) | {"refusal": ""}
            moved = await _become(connection, was, act, user_id, at, **values)
            if act is StatementAct.APPROVE:
                await _publish(connection, was, user_id, at)
            return moved

    async def versions(self, statement_id: int) -> Sequence[StatementVersion]:
        async with self._database.reading() as connection:
            return await _versions(connection, statement_id)

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        async with self._database.reading() as connection:
            rows = [one for asked in _PICTURES for one in (await connection.execute(asked)).scalars()]
        return frozenset(one["key"] for one in rows) & frozenset(keys)

    async def approved(self) -> Sequence[ApprovedStatement]:
        return await self._approved.get()

    async def _read(self) -> Sequence[ApprovedStatement]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_APPROVED)).mappings().all()
        found = []
        for number, some in groupby(rows, lambda row: row["statement_id"]):
            own = list(some)
            found.append(
                ApprovedStatement(
                    id=number,
                    versions=tuple(row_to(StatementVersion, row) for row in own),
                    withdrawn_at=own[0]["withdrawn_at"],
                    reason=own[0]["reason"],
                )
            )
        return found


def _values(content: StatementContent) -> dict[str, Any]:
    given = {one.name: getattr(content, one.name) for one in fields(StatementContent)}
    return given | {"uk": asdict(content.uk), "en": asdict(content.en), "picture": _picture(content)}


def _texts(of: Statement | StatementVersion) -> dict[str, Any]:
    texts = {"uk": asdict(of.uk), "en": asdict(of.en), "correction": of.correction}
    return texts | {"picture": _picture(of)}


def _picture(of: StatementContent | StatementVersion) -> dict[str, Any] | None:
    return asdict(of.picture) if of.picture else None


async def _become(
    connection: AsyncConnection,
    was: Statement,
    act: StatementAct,
    user_id: int,
    at: datetime,
    **values: Any,
) -> Statement:
    """Do the act on the statement as it was seen, in the transaction of the caller."""
    state = was.after(act, user_id)
    step = _ACT.values(state=state.value, **values)
    done = await connection.execute(step, {"this": was.id, "was": was.version, "now": at})
    row = done.mappings().first()
    if row is None:
        raise Outdated(f"Statement {was.id} has a later version than {was.version}.")
    return row_to(Statement, row)


async def _publish(connection: AsyncConnection, was: Statement, approver_id: int, at: datetime) -> None:
    """Add the version that was approved: public at once where its moment is none, or is over by now.

    A correction is never public before what it corrects was to be.
    """
    before = await _versions(connection, was.id)
    planned = before[-1].published_at if before else was.publish_at
    values = {
        "statement_id": was.id,
        "number": len(before) + 1,
        **_texts(was),
        "author_id": was.author_id,
        "approver_id": approver_id,
        "approved_at": at,
        "published_at": at if planned is None else max(at, planned),
    }
    await connection.execute(insert(versions).values(values))


async def _versions(connection: AsyncConnection, statement_id: int) -> Sequence[StatementVersion]:
    rows = (await connection.execute(_VERSIONS, {"this": statement_id})).mappings().all()
    return [row_to(StatementVersion, row) for row in rows]
