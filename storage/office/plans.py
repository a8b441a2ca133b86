"""Plans of files, their files, and entries of journals on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import AlreadyTaken, ForbiddenTransition, NotFound, Outdated
from hotline.office.file_states import FILE_PLAN, OFFICE_FILE, FileEvent, FileState, PlanEvent, PlanState
from hotline.office.files import FileContent, FilePlan, OfficeFile, PaperEntry
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.tables import office_entries, office_files, office_plans

_PLANS = select(office_plans).order_by(office_plans.c.year.desc())
_PLAN = select(office_plans).where(office_plans.c.year == bindparam("of"))
_FILES = select(office_files).where(office_files.c.year == bindparam("of")).order_by(office_files.c.index)
_FILE = select(office_files).where(office_files.c.id == bindparam("this"))
_ENTRIES = (
    select(office_entries)
    .where(office_entries.c.file_id == bindparam("of"))
    .order_by(office_entries.c.number.desc())
)
_ENTRY = select(office_entries).where(office_entries.c.id == bindparam("this"))
_LAST = select(func.coalesce(func.max(office_entries.c.number), 0)).where(
    office_entries.c.file_id == bindparam("of")
)


@define(eq=False, repr=False)
class StoredFilePlans:
    """`hotline.office.files.FilePlans` on a database."""

    _database: Database

    async def plans(self) -> Sequence[FilePlan]:
        async with self._database.reading() as connection:
            return [row_to(FilePlan, row, files=()) for row in (await connection.execute(_PLANS)).mappings()]

    async def plan(self, year: int) -> FilePlan:
        async with self._database.reading() as connection:
            return await _read_plan(connection, year)

    async def begin(self, year: int, user_id: int, at: datetime) -> FilePlan:
        values = {"year": year, "state": PlanState.DRAFT.value, "approver": "", "number": "", "dated": None}
        values |= {"version": 1, "changed_at": at, "changed_by": user_id}
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(office_plans).values(values))
                earlier = [one for one in (await connection.execute(_PLANS)).scalars() if one < year]
                if earlier:
                    copied = await _files_of(connection, earlier[0])
                    await _add_all(connection, [_new(year, one) for one in copied])
                return await _read_plan(connection, year)
        except IntegrityError as error:
            raise AlreadyTaken(f"There is a plan of {year} already.") from error

    async def add(self, year: int, content: FileContent, user_id: int, at: datetime) -> OfficeFile:
        try:
            async with self._database.writing() as connection:
                await _change_plan(connection, year, user_id, at)
                made = insert(office_files).values(_new(year, content)).returning(office_files.c.id)
                file_id = (await connection.execute(made)).scalar_one()
                return await read_file(connection, file_id)
        except IntegrityError as error:
            raise AlreadyTaken(f"There is a file {content.index} in {year} already.") from error

    async def change(
        self, file_id: int, seen: int, content: FileContent, user_id: int, at: datetime
    ) -> OfficeFile:
        try:
            async with self._database.writing() as connection:
                await self._hold_draft(connection, file_id, seen, user_id, at)
                await _set(connection, file_id, seen, _content(content))
                return await read_file(connection, file_id)
        except IntegrityError as error:
            raise AlreadyTaken(f"There is a file {content.index} already.") from error

    async def remove(self, file_id: int, seen: int, user_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await self._hold_draft(connection, file_id, seen, user_id, at)
            await connection.execute(delete(office_files).where(office_files.c.id == file_id))

    async def approve(
        self, year: int, seen: int, *, approver: str, number: str, dated: date, user_id: int, at: datetime
    ) -> FilePlan:
        values = {"approver": approver, "number": number, "dated": dated, "version": seen + 1}
        values |= {"changed_at": at, "changed_by": user_id}
        change = moving(office_plans, FILE_PLAN, PlanEvent.APPROVE, **values).where(
            office_plans.c.year == year, office_plans.c.version == seen
        )
        async with self._database.writing() as connection:
            changed = (await connection.execute(change)).rowcount
            now = await _read_plan(connection, year)
        if not changed:
            FILE_PLAN.after(now.state, PlanEvent.APPROVE)
            raise Outdated(f"The plan of {year} was changed meanwhile.")
        return now

    async def count(self, file_id: int, seen: int, *, volumes: int, held: str, notes: str) -> OfficeFile:
        async with self._database.writing() as connection:
            one = await read_file(connection, file_id, locked=True)
            if one.state in {FileState.ARCHIVED, FileState.DESTROYED}:
                raise ForbiddenTransition(f"File {one.index} of {one.year} is {one.state}.")
            await _set(connection, file_id, seen, {"volumes": volumes, "held": held, "notes": notes})
            return await read_file(connection, file_id)

    async def close_year(self, year: int, day: date) -> int:
        change = moving(office_files, OFFICE_FILE, FileEvent.CLOSE, closed_on=day).where(
            office_files.c.year == year
        )
        async with self._database.writing() as connection:
            plan = await _read_plan(connection, year)
            if plan.state is not PlanState.APPROVED:
                raise ForbiddenTransition(f"The plan of {year} is not approved yet.")
            return int((await connection.execute(change)).rowcount)

    async def file(self, file_id: int) -> OfficeFile:
        async with self._database.reading() as connection:
            return await read_file(connection, file_id)

    async def entries(self, file_id: int) -> Sequence[PaperEntry]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ENTRIES, {"of": file_id})).mappings().all()
        return [row_to(PaperEntry, row) for row in rows]

    async def enter(self, entry: PaperEntry) -> PaperEntry:
        async with self._database.writing() as connection:
            file = await read_file(connection, entry.file_id, locked=True)
            if file.state is not FileState.OPEN:
                raise ForbiddenTransition(f"File {file.index} of {file.year} is closed.")
            last = (await connection.execute(_LAST, {"of": entry.file_id})).scalar_one()
            values = {name: value for name, value in asdict(entry).items() if name != "id"}
            values |= {"number": last + 1}
            made = insert(office_entries).values(values).returning(office_entries.c.id)
            return replace(entry, id=(await connection.execute(made)).scalar_one(), number=last + 1)

    async def strike(self, file_id: int, entry_id: int, why: str) -> PaperEntry:
        change = (
            update(office_entries)
            .where(
                office_entries.c.id == entry_id,
                office_entries.c.file_id == file_id,
                office_entries.c.struck == "",
            )
            .values(struck=why)
        )
        async with self._database.writing() as connection:
            changed = (await connection.execute(change)).rowcount
            row = (await connection.execute(_ENTRY, {"this": entry_id})).mappings().first()
        if row is None or row["file_id"] != file_id:
            raise NotFound(f"There is no entry {entry_id}.")
        if not changed:
            raise ForbiddenTransition(f"Entry {entry_id} is struck out already.")
        return row_to(PaperEntry, row)

    async def _hold_draft(
        self, connection: AsyncConnection, file_id: int, seen: int, user_id: int, at: datetime
    ) -> None:
        """Hold the file's draft while it is changed; raises Outdated where the file was changed."""
        one = await read_file(connection, file_id)
        await _change_plan(connection, one.year, user_id, at)
        if one.version != seen:
            raise Outdated(f"File {one.index} was changed meanwhile.")


async def read_file(connection: AsyncConnection, file_id: int, *, locked: bool = False) -> OfficeFile:
    """Read a file; raises NotFound."""
    asked = _FILE.with_for_update() if locked else _FILE
    row = (await connection.execute(asked, {"this": file_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no file {file_id}.")
    return row_to(OfficeFile, row)


async def _change_plan(connection: AsyncConnection, year: int, user_id: int, at: datetime) -> None:
    """Note that the draft changes, which holds it; raises ForbiddenTransition once it is approved."""
    values = {"version": office_plans.c.version + 1, "changed_at": at, "changed_by": user_id}
    change = moving(office_plans, FILE_PLAN, PlanEvent.CHANGE, **values).where(office_plans.c.year == year)
    if not (await connection.execute(change)).rowcount:
        FILE_PLAN.after((await _read_plan(connection, year)).state, PlanEvent.CHANGE)


async def _set(connection: AsyncConnection, file_id: int, seen: int, values: Mapping[str, Any]) -> None:
    change = (
        update(office_files)
        .where(office_files.c.id == file_id, office_files.c.version == seen)
        .values(**values, version=seen + 1)
    )
    if not (await connection.execute(change)).rowcount:
        raise Outdated(f"File {file_id} was changed meanwhile.")


async def _add_all(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(office_files), list(rows))


async def _files_of(connection: AsyncConnection, year: int) -> tuple[OfficeFile, ...]:
    rows = (await connection.execute(_FILES, {"of": year})).mappings()
    return tuple(row_to(OfficeFile, row) for row in rows)


async def _read_plan(connection: AsyncConnection, year: int) -> FilePlan:
    row = (await connection.execute(_PLAN, {"of": year})).mappings().first()
    if row is None:
        raise NotFound(f"There is no plan of files for {year}.")
    return row_to(FilePlan, row, files=await _files_of(connection, year))


def _content(content: FileContent) -> dict[str, Any]:
    return {
        "index": content.index,
        "title": content.title,
        "keeping": content.keeping.value,
        "years": content.years,
        "article": content.article,
        "journal": content.journal and content.journal.value,
        "notes": content.notes,
    }


def _new(year: int, content: FileContent) -> dict[str, Any]:
    state = {"state": FileState.OPEN.value, "volumes": 0, "held": "", "closed_on": None, "act_id": None}
    return {"year": year, "version": 1, **_content(content), **state}
