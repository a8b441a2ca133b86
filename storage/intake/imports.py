"""Imports of files: checked first, then taken in batches, each line at most once, however often it is run."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.intake.import_states import IMPORT, ImportEvent, Stage
from hotline.intake.imports import Import, RegisterKind
from hotline.intake.lines import (
    Cells,
    FileLine,
    LineFault,
    LineRefusal,
    Sheet,
    Unreadable,
    cells_of,
    columns_of,
)
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.intake.register import AT_ONCE, Record, Register, Seen
from storage.intake.registers import Registers
from storage.intake.sheets import read_sheet
from storage.tables import imports

OWNER_ONLY = 0o600
_ONE = select(imports).where(imports.c.id == bindparam("one"))
_LATEST = select(imports).order_by(imports.c.id.desc()).limit(bindparam("most"))
_RUNNING = select(imports.c.id).where(imports.c.state == Stage.RUNNING.value).order_by(imports.c.id)
_ADD = insert(imports).returning(imports)
_SET = update(imports).where(imports.c.id == bindparam("one"))


@dataclass(slots=True)
class _Batch:
    """Sorted lines: new records, how many exist already, and the refused ones."""

    new: list[Record] = field(default_factory=list)
    known: int = 0
    refused: list[LineRefusal] = field(default_factory=list)


class StoredImports:
    """Files lie in `folder` under their import's id; their progress is kept with what came in."""

    def __init__(self, database: Database, registers: Registers, folder: Path, clock: Clock) -> None:
        self._database = database
        self._registers = registers.by_kind
        self._folder = folder
        self._clock = clock

    async def check(self, kind: RegisterKind, name: str, content: bytes, user_id: int | None) -> Import:
        """Look the file through and keep it; raises Unreadable."""
        sheet = await asyncio.to_thread(read_sheet, content)
        added = known = refused = 0
        async for batch in self._looked_through(kind, sheet):
            added, known, refused = added + len(batch.new), known + batch.known, refused + len(batch.refused)
        counts = {"rows": len(sheet.lines), "done": 0, "added": added, "known": known, "refused": refused}
        whose = {"kind": kind.value, "name": name, "user_id": user_id, "began_at": self._clock.now()}
        async with self._database.writing() as connection:
            row = (
                (await connection.execute(_ADD, {**whose, **counts, "state": Stage.CHECKED.value}))
                .mappings()
                .one()
            )
            await asyncio.to_thread(self._keep, row["id"], content)
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
        return (await self._sheet(await self.get(import_id))).headings

    async def refusals(self, import_id: int, limit: int | None = None) -> Sequence[LineRefusal]:
        """List the lines that are refused now; raises NotFound."""
        one = await self.get(import_id)
        found: list[LineRefusal] = []
        async for batch in self._looked_through(one.kind, await self._sheet(one)):
            found += batch.refused
            if limit is not None and len(found) >= limit:
                return found[:limit]
        return found

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
        register, sheet = self._registers[one.kind], await self._sheet(one)
        places = columns_of(sheet.headings, register.columns)
        for start in range(one.done, len(sheet.lines), AT_ONCE):
            lines = sheet.lines[start : start + AT_ONCE]
            async with self._database.reading() as connection:
                read = _read(await register.reader(connection), lines, places)
            await register.prepare([record for _, record in read if not isinstance(record, LineFault)])
            async with self._database.writing() as connection:
                batch = await _sorted(register, connection, read, Seen())
                await register.bring(connection, batch.new)
                one = await self._count(connection, one, len(lines), batch)
            yield one
        await self._move(import_id, ImportEvent.FINISH, ended_at=self._clock.now())
        yield await self.get(import_id)

    async def _looked_through(self, kind: RegisterKind, sheet: Sheet) -> AsyncIterator[_Batch]:
        register = self._registers[kind]
        places = columns_of(sheet.headings, register.columns)
        seen = Seen()
        for start in range(0, len(sheet.lines), AT_ONCE):
            lines = sheet.lines[start : start + AT_ONCE]
            async with self._database.reading() as connection:
                read = _read(await register.reader(connection), lines, places)
                yield await _sorted(register, connection, read, seen)

    async def _count(self, connection: AsyncConnection, one: Import, lines: int, batch: _Batch) -> Import:
        values = {
            "done": one.done + lines,
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

    async def _sheet(self, one: Import) -> Sheet:
        try:
            content = await asyncio.to_thread(self._file(one.id).read_bytes)
        except FileNotFoundError as error:
            raise Unreadable("The file is not there any more: bring it once more.") from error
        return await asyncio.to_thread(read_sheet, content)

    def _file(self, import_id: int) -> Path:
        return self._folder / str(import_id)

    def _keep(self, import_id: int, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(import_id)
        file.touch(OWNER_ONLY)
        file.write_bytes(content)


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
    batch = _Batch()
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
    batch.refused.sort(key=lambda one: one.line.number)
    return batch


def _refusal(register: Register, line: FileLine, fault: LineFault) -> LineRefusal:
    column = next(one for one in register.columns if one.name == fault.column)
    return LineRefusal(line=line, column=column.uk, reason=fault.reason)
