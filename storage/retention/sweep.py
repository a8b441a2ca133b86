"""The sweep: deletes by the rules, in batches, each with its line of the deletion log in one transaction.

Files are named in the transaction that deletes their rows, and deleted after it: a sweep
that dies in between is finished by the next, and no row ever names a file that is gone.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from attrs import define
from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.retention.deletions import DeletedBy, Deletion
from hotline.retention.terms import Kind, Retention
from storage.core.database import Database
from storage.core.rows import row_to
from storage.retention.rule import Noted, Part, Rule
from storage.retention.rules import RULES
from storage.tables import deletions, doomed_files, recordings, voice_messages

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Rows that go in one transaction: for that long nobody else changes them."""
LOOKED_FOR = 10_000
"""Rows that one look finds: it walks past all that went before and nobody has tidied up yet."""
_DOOMED = select(doomed_files).order_by(doomed_files.c.id).limit(AT_ONCE)
_DOOM = insert(doomed_files)
_GONE = delete(doomed_files).where(doomed_files.c.id.in_(bindparam("ids", expanding=True)))
_LATEST = select(deletions).order_by(deletions.c.began_at.desc(), deletions.c.id).limit(bindparam("most"))
_NAMES = (
    recordings.c.caller_file,
    recordings.c.dispatcher_file,
    recordings.c.listening_file,
    recordings.c.master_file,
    voice_messages.c.file,
)
_NAMED = [select(one).where(one.in_(bindparam("paths", expanding=True))) for one in _NAMES]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoomedFile:
    """A file whose row is gone. `name` is its path; of an appeal's file its key."""

    id: int
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The number of rows of a kind that a sweep would delete now."""

    kind: Kind
    table: str
    rows: int


@define(eq=False, repr=False)
class StoredRetention:
    """The sweep of the database; several processes may do it at once."""

    _database: Database

    async def sweep(self, kept: Retention, at: datetime) -> int:
        """Delete what is too old; returns how many rows."""
        return sum([await self._swept(rule, kept.of(rule.kind), at) for rule in RULES])

    async def due(self, kept: Retention, at: datetime) -> Sequence[Due]:
        """Count what `sweep` would delete, rule by rule."""
        async with self._database.reading() as connection:
            return [
                Due(
                    kind=rule.kind,
                    table=rule.table.name,
                    rows=(
                        await connection.execute(
                            select(func.count()).select_from(rule.table).where(rule.due),
                            {"before": at - kept.of(rule.kind)},
                        )
                    ).scalar_one(),
                )
                for rule in RULES
            ]

    async def doomed(self) -> Sequence[DoomedFile]:
        """List files whose rows are gone, some of them when there are many."""
        async with self._database.reading() as connection:
            return [row_to(DoomedFile, row) for row in (await connection.execute(_DOOMED)).mappings()]

    async def files_gone(self, ids: Sequence[int]) -> None:
        """Take note that these doomed files are deleted."""
        async with self._database.writing() as connection:
            await connection.execute(_GONE, {"ids": ids})

    async def named(self, paths: Sequence[str]) -> frozenset[str]:
        """Find which of these files of talks and messages a row names."""
        async with self._database.reading() as connection:
            return frozenset(
                [
                    path
                    for one in _NAMED
                    for path in (await connection.execute(one, {"paths": list(paths)})).scalars()
                ]
            )

    async def log_files(self, kind: Kind, term: timedelta, at: datetime, files: int) -> None:
        """Note in the deletion log that files of no row were deleted."""
        async with self._database.writing() as connection:
            await note(self._database, connection, kind, DeletedBy.TERM, at, term=term, files=files)

    async def latest(self, limit: int = 100) -> Sequence[Deletion]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_LATEST, {"most": limit})
            return [row_to(Deletion, row) for row in rows.mappings()]

    async def _swept(self, rule: Rule, term: timedelta, at: datetime) -> int:
        return await remove(
            self._database, rule, rule.due, before=at - term, at=at, cause=DeletedBy.TERM, term=term
        )


async def remove(
    database: Database,
    rule: Rule,
    which: ColumnElement[bool],
    *,
    before: datetime,
    at: datetime,
    cause: DeletedBy,
    term: timedelta,
) -> int:
    """Delete or cut a rule's rows, a batch in one transaction with what goes with it; returns how many.

    They are looked for outside of it: on SQLite nobody else could write meanwhile. Stopped in between it has
    done whole batches, each of which stands in the log; the next look finds the rest.
    """
    keys, removed = list(rule.table.primary_key.columns), 0
    look = select(*keys).where(which).limit(LOOKED_FOR)
    while True:
        async with database.reading() as connection:
            found = [tuple(row) for row in (await connection.execute(look, {"before": before})).all()]
        gone = 0
        for first in range(0, len(found), AT_ONCE):
            batch = _these(keys, found[first : first + AT_ONCE]) & which
            gone += await _take(database, rule, batch, before=before, at=at, cause=cause, term=term)
            await asyncio.sleep(0)
        removed += gone
        if len(found) < LOOKED_FOR or not gone:  # all, or all that nobody else is changing at this moment
            return removed
        log.info("too old and deleted so far of=%s rows=%d", rule.table.name, removed)


async def _take(
    database: Database,
    rule: Rule,
    batch: ColumnElement[bool],
    *,
    before: datetime,
    at: datetime,
    cause: DeletedBy,
    term: timedelta,
) -> int:
    keys = list(rule.table.primary_key.columns)
    async with database.writing() as connection:
        still = select(*keys, *rule.files).where(batch)
        locked = still.with_for_update(skip_locked=True, of=rule.table)
        taken = (await connection.execute(locked, {"before": before})).all()
        if not taken:
            return 0
        rows = [tuple(row[: len(keys)]) for row in taken]
        files = [name for row in taken for name in row[len(keys) :] if name]
        noted = {Noted.AT: at, Noted.CAUSE: cause.value}
        for part in rule.parts:
            files += await _take_part(connection, part, [row[0] for row in rows], noted)
        await connection.execute(_ended(rule.table, rule.cut, noted).where(_these(keys, rows)))
        if files:
            doomed = [{"kind": rule.kind.value, "name": name, "doomed_at": at} for name in files]
            await connection.execute(_DOOM, doomed)
        await note(database, connection, rule.kind, cause, at, term=term, rows=len(rows), files=len(files))
    return len(rows)


def _these(keys: Sequence[Column[Any]], rows: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    return tuple_(*keys).in_(rows) if len(keys) > 1 else keys[0].in_([row[0] for row in rows])


async def note(
    database: Database,
    connection: AsyncConnection,
    kind: Kind,
    cause: DeletedBy,
    at: datetime,
    *,
    term: timedelta,
    rows: int = 0,
    files: int = 0,
) -> None:
    """Add to the line of this run and kind."""
    line = {"began_at": at, "kind": kind.value, "cause": cause.value, "until": at - term, "days": term.days}
    new = database.insert(deletions).values(**line, rows=rows, files=files)
    counted = {
        "rows": deletions.c.rows + new.excluded.rows,
        "files": deletions.c.files + new.excluded.files,
    }
    once = new.on_conflict_do_update(index_elements=["began_at", "kind", "cause"], set_=counted)
    await connection.execute(once)


async def _take_part(
    connection: AsyncConnection, part: Part, keys: list[Any], noted: Mapping[Noted, Any]
) -> list[str]:
    files = []
    if part.files:
        found = await connection.execute(select(*part.files).where(part.of(keys)))
        files = [name for row in found for name in row if name]
    await connection.execute(_ended(part.table, part.cut, noted).where(part.of(keys)))
    return files


def _ended(table: Table, cut: Mapping[str, Any] | None, noted: Mapping[Noted, Any]) -> Any:
    if cut is None:
        return delete(table)
    values = {name: noted[value] if isinstance(value, Noted) else value for name, value in cut.items()}
    return update(table).values(values)
