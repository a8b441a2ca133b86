"""Imports of files: checked first, then taken in batches, each line at most once, however often it is run."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.intake.import_states import IMPORT, ImportEvent, Stage
from hotline.intake.imports import Import, RegisterKind, Understood
from hotline.intake.lines import (
    Cells,
    FileLine,
    LineFault,
    LineRefusal,
    cells_of,
    columns_of,
)
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.intake.kept_lines import KeptLines, LineFolder, kept_lines
from storage.intake.register import AT_ONCE, Record, Register, Seen
from storage.intake.registers import Registers
from storage.tables import imports

_ONE = select(imports).where(imports.c.id == bindparam("one"))
_LATEST = select(imports).order_by(imports.c.id.desc()).limit(bindparam("most"))
_RUNNING = select(imports.c.id).where(imports.c.state == Stage.RUNNING.value).order_by(imports.c.id)
_ADD = insert(imports).returning(imports)
_SET = update(imports).where(imports.c.id == bindparam("one"))


@dataclass(slots=True)
class _Batch:
    """Sorted lines: how many, new records with their lines, how many exist already, and the refused ones."""

    lines: int
    come: list[FileLine] = field(default_factory=list)
    new: list[Record] = field(default_factory=list)
    known: int = 0
    refused: list[LineRefusal] = field(default_factory=list)


class StoredImports:
    """Lines of files lie in `folder`; the progress of each file is kept with what came in."""

    def __init__(self, database: Database, registers: Registers, folder: Path, clock: Clock) -> None:
        self._database = database
        self._registers = registers.by_kind
        self._folder = LineFolder(folder)
        self._clock = clock

    async def check(self, kind: RegisterKind, name: str, content: bytes, user_id: int | None) -> Import:
        """Look the file through and keep it; raises Unreadable."""
        async with self._folder.read(content) as lines:
            counts = {"rows": 0, "done": 0, "added": 0, "known": 0, "refused": 0}
            async for batch in self._looked_through(kind, await asyncio.to_thread(kept_lines, lines)):
                counts["rows"] += batch.lines
                counts["added"] += len(batch.new)
                counts["known"] += batch.known
                counts["refused"] += len(batch.refused)
            whose = {"kind": kind.value, "name": name, "user_id": user_id, "began_at": self._clock.now()}
            added = {**whose, **counts, "state": Stage.CHECKED.value}
            async with self._database.writing() as connection:
                row = (await connection.execute(_ADD, added)).mappings().one()
                await asyncio.to_thread(self._folder.keep, row["id"], lines)
        return row_to(Import, row)

    async def get(self, import_id: int) -> Import:
        """Tell how far it is; raises NotFound."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"one": import_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no import {import_id}.")
        return row_to(Import, row)

    async def latest(self, limit: int = 20) -> Sequence[Import]:
        async with self._database.reading() as connection:
            return [
                row_to(Import, row) for row in (await connection.execute(_LATEST, {"most": limit})).mappings()
            ]

    async def headings(self, import_id: int) -> Sequence[str]:
        """Give the file's own headings; raises NotFound."""
        return (await self._folder.of((await self.get(import_id)).id)).headings

    async def refusals(self, import_id: int, limit: int | None = None) -> Sequence[LineRefusal]:
        """List the lines that are refused now; raises NotFound."""
        one = await self.get(import_id)
        found: list[LineRefusal] = []
        async with aclosing(self._looked_through(one.kind, await self._folder.of(one.id))) as batches:
            async for batch in batches:
                found += batch.refused
                if limit is not None and len(found) >= limit:
                    return found[:limit]
        return found

    async def understood(self, import_id: int, limit: int) -> Understood:
        """Give the first lines that would come in now, by the columns that were found; raises NotFound."""
        one = await self.get(import_id)
        kept, known = await self._folder.of(one.id), self._registers[one.kind].columns
        places = columns_of(kept.headings, known)
        found: list[FileLine] = []
        async with aclosing(self._looked_through(one.kind, kept)) as batches:
            async for batch in batches:
                found += batch.come
                if len(found) >= limit:
                    break
        by_name = {column.name: column for column in known}
        return Understood(
            columns=[by_name[name] for name in places.values()],
            lines=[
                [line.cells[at] if at < len(line.cells) else "" for at in places] for line in found[:limit]
            ],
        )

    async def begin(self, import_id: int) -> None:
        """Mark it as to be run, from its first line; what runs or ran already stays as it is."""
        one = await self.get(import_id)
        fresh = {"done": 0, "added": 0, "known": 0, "refused": 0} if one.state is Stage.CHECKED else {}
        await self._move(import_id, ImportEvent.BEGIN, **fresh)

    async def stop(self, import_id: int) -> None:
        """Mark it as stopped; imported lines stay, and it may be begun again."""
        await self._move(import_id, ImportEvent.STOP)

    async def running(self) -> Sequence[int]:
        """List imports that have begun and have not finished."""
        async with self._database.reading() as connection:
            return (await connection.execute(_RUNNING)).scalars().all()

    async def run(self, import_id: int) -> AsyncGenerator[Import, None]:
        """Import the remaining lines, yielding after each batch; closing the iterator stops the import."""
        one = await self.get(import_id)
        register, kept = self._registers[one.kind], await self._folder.of(one.id)
        places = columns_of(kept.headings, register.columns)
        with kept.opened(behind=one.done) as opened:
            while lines := await opened.next(AT_ONCE):
                async with self._database.reading() as connection:
                    read = _read(await register.reader(connection), lines, places)
                await register.prepare([record for _, record in read if not isinstance(record, LineFault)])
                async with self._database.writing() as connection:
                    batch = await _sorted(register, connection, read, Seen())
                    await register.bring(connection, batch.new)
                    one = await self._count(connection, one, batch)
                yield one
        await self._move(import_id, ImportEvent.FINISH, ended_at=self._clock.now())
        yield await self.get(import_id)

    async def _looked_through(self, kind: RegisterKind, kept: KeptLines) -> AsyncGenerator[_Batch, None]:
        register = self._registers[kind]
        places = columns_of(kept.headings, register.columns)
        seen = Seen()
        with kept.opened() as opened:
            while lines := await opened.next(AT_ONCE):
                async with self._database.reading() as connection:
                    read = _read(await register.reader(connection), lines, places)
                    batch = await _sorted(register, connection, read, seen)
                yield batch

    async def _count(self, connection: AsyncConnection, one: Import, batch: _Batch) -> Import:
        values = {
            "done": one.done + batch.lines,
            "added": one.added + len(batch.new),
            "known": one.known + batch.known,
            "refused": one.refused + len(batch.refused),
        }
        written = _SET.values(**values).returning(imports)
        return row_to(Import, (await connection.execute(written, {"one": one.id})).mappings().one())

    async def _move(self, import_id: int, event: ImportEvent, **values: Any) -> None:
        """Move it where the table allows the event; else it stays as it is."""
        moved = moving(imports, IMPORT, event, **values).where(imports.c.id == import_id)
        async with self._database.writing() as connection:
            await connection.execute(moved)


def _read(
    reader: Callable[[Cells], Record], lines: Sequence[FileLine], places: Mapping[int, str]
) -> Sequence[tuple[FileLine, Record | LineFault]]:
    def read(line: FileLine) -> Record | LineFault:
        try:
            return reader(cells_of(line, places))
        except LineFault as fault:
            return fault

    return [(line, read(line)) for line in lines]


async def _sorted(
    register: Register,
    connection: AsyncConnection,
    read: Sequence[tuple[FileLine, Record | LineFault]],
    seen: Seen,
) -> _Batch:
    """Sort the records; `seen` holds those that would have been imported before, and grows."""
    batch = _Batch(lines=len(read))
    records = [(line, record) for line, record in read if not isinstance(record, LineFault)]
    batch.refused += [_refusal(register, line, one) for line, one in read if isinstance(one, LineFault)]
    known = await register.known(connection, [record for _, record in records], seen)
    for (line, record), standing in zip(records, known, strict=True):
        key = register.key(record)
        if isinstance(standing, LineFault):
            batch.refused.append(_refusal(register, line, standing))
        elif standing or key in seen.records:
            batch.known += 1
        else:
            seen.records[key] = record
            batch.new.append(record)
            batch.come.append(line)
    batch.refused.sort(key=lambda one: one.line.number)
    return batch


def _refusal(register: Register, line: FileLine, fault: LineFault) -> LineRefusal:
    column = next(one for one in register.columns if one.name == fault.column)
    return LineRefusal(
        line=line,
        column=column.uk,
        reason=fault.reason,
        about=fault.about,
        further=tuple(_refusal(register, line, one) for one in fault.further),
    )
