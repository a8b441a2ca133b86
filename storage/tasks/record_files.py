"""Files of tasks, orders and memos on a database."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from attrs import define
from sqlalchemy import RowMapping, bindparam, select, update

from hotline.appeals.attachments import FileRefusal, FileRefused, StoredFile
from hotline.errors import NotFound
from hotline.signatures.paper_signatures import PaperSignature
from hotline.tasks.record_files import RecordFile
from storage.core.database import Database
from storage.core.kept_files import file_values, listed_keys
from storage.core.rows import row_to
from storage.tables import record_files as table

_ONE = select(table).where(table.c.id == bindparam("file"), table.c.record == bindparam("of"))
_OF = select(table).where(table.c.record == bindparam("of")).order_by(table.c.id)


@define(eq=False, repr=False)
class StoredRecordFiles:
    """`hotline.tasks.record_files.RecordFiles` on a database."""

    _database: Database

    async def add(
        self, record: str, name: str, kept: StoredFile, *, user_id: int, at: datetime, most: int
    ) -> RecordFile:
        new = {"record": record, **file_values(name, kept, by=user_id, at=at)}
        made = self._database.insert(table).values(new).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            await connection.execute(made)
            rows = (await connection.execute(_OF, {"of": record})).mappings().all()
            there = [_file(row) for row in rows]
            found = next(one for one in there if one.sha256 == kept.sha256)
            if found.key == kept.key and len(there) > most:
                raise FileRefused(FileRefusal.TOO_MANY)
        return found

    async def get(self, file_id: int, record: str) -> RecordFile:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"file": file_id, "of": record})).mappings().first()
        if row is None:
            raise NotFound(f"There is no file {file_id} of {record}.")
        return _file(row)

    async def of_record(self, record: str) -> Sequence[RecordFile]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF, {"of": record})).mappings().all()
        return [_file(row) for row in rows]

    async def checked(self, file_id: int, signatures: Sequence[PaperSignature], at: datetime) -> None:
        values = {"signatures": msgspec.to_builtins(signatures), "checked_at": at}
        async with self._database.writing() as connection:
            await connection.execute(update(table).where(table.c.id == file_id).values(values))

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        return await listed_keys(self._database, table, keys)


def _file(row: RowMapping) -> RecordFile:
    return row_to(
        RecordFile,
        row,
        signatures=tuple(msgspec.convert(row["signatures"] or [], list[PaperSignature])),
    )
