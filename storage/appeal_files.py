"""The list of photos and papers that belong to appeals."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from hotline.errors import NotFound
from hotline.files import AppealFile
from storage.database import Database
from storage.executor_work import require_theirs
from storage.tables import appeal_files, appeals

_ADD = insert(appeal_files).returning(appeal_files)
_ONE = select(appeal_files).where(appeal_files.c.id == bindparam("file"))
_THEIRS = _ONE.join(appeals, appeals.c.number == appeal_files.c.number).where(
    appeals.c.executor_id == bindparam("executor")
)
_OF_APPEAL = (
    select(appeal_files).where(appeal_files.c.number == bindparam("appeal")).order_by(appeal_files.c.id)
)
_KNOWN = select(appeals.c.number).where(appeals.c.number == bindparam("appeal"))


class StoredAppealFiles:
    """`hotline.files.AppealFiles` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        *,
        number: str,
        key: str,
        name: str,
        media_type: str,
        size: int,
        sha256: str,
        uploaded_by: int | None,
        at: datetime,
        executor_id: int | None = None,
    ) -> AppealFile:
        values = {
            "number": number,
            "key": key,
            "name": name,
            "media_type": media_type,
            "bytes": size,
            "sha256": sha256,
            "uploaded_by": uploaded_by,
            "uploaded_at": at,
        }
        async with self._database.writing() as connection:
            if executor_id is not None:
                await require_theirs(connection, executor_id, number)
            elif (await connection.execute(_KNOWN, {"appeal": number})).first() is None:
                raise NotFound(f"There is no appeal {number}.")
            return AppealFile(**(await connection.execute(_ADD, values)).mappings().one())

    async def get(self, file_id: int, *, executor_id: int | None = None) -> AppealFile:
        statement, wanted = (
            (_ONE, {"file": file_id})
            if executor_id is None
            else (_THEIRS, {"file": file_id, "executor": executor_id})
        )
        async with self._database.reading() as connection:
            found = await connection.execute(statement, wanted)
            row = found.mappings().first()
        if row is None:
            raise NotFound(f"There is no file {file_id}.")
        return AppealFile(**row)

    async def of_appeal(self, number: str, *, executor_id: int | None = None) -> Sequence[AppealFile]:
        async with self._database.reading() as connection:
            if executor_id is not None:
                await require_theirs(connection, executor_id, number)
            found = await connection.execute(_OF_APPEAL, {"appeal": number})
            return [AppealFile(**row) for row in found.mappings()]
