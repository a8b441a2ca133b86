"""The list of photos and papers that belong to appeals."""

from collections.abc import Collection, Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import PENDING
from hotline.appeals.attachments import AppealFile, FileRefusal, FileRefused, StoredFile
from hotline.errors import ForbiddenTransition, NotFound
from storage.appeals.executor_work import require_theirs
from storage.core.database import Database
from storage.core.kept_files import file_values, listed_keys
from storage.tables import appeal_files, appeal_history, appeals, chat_photos, users

_ADD = insert(appeal_files).returning(appeal_files)
_ONE = select(appeal_files).where(appeal_files.c.id == bindparam("file"))
_THEIRS = _ONE.join(appeals, appeals.c.number == appeal_files.c.number).where(
    appeals.c.executor_id == bindparam("executor")
)
_OF_APPEAL = (
    select(appeal_files).where(appeal_files.c.number == bindparam("appeal")).order_by(appeal_files.c.id)
)
_APPEAL = select(appeals.c.executor_id).where(appeals.c.number == bindparam("appeal")).with_for_update()
_SAME = select(appeal_files).where(
    appeal_files.c.number == bindparam("appeal"), appeal_files.c.sha256 == bindparam("sha256")
)
_COUNT = select(func.count()).where(appeal_files.c.number == bindparam("appeal"))
_BROUGHT = (
    select(appeal_files.c.id)
    .join(users, users.c.id == appeal_files.c.uploaded_by)
    .join(appeals, appeals.c.number == appeal_files.c.number)
    .where(
        appeal_files.c.id == bindparam("file"),
        users.c.executor_id == bindparam("executor"),
        appeals.c.state.in_(sorted(PENDING)),
    )
)
_REPORTS = select(appeal_history.c.facts).where(
    appeal_history.c.number == bindparam("appeal"), appeal_history.c.act == bindparam("act")
)
_OF_CHAT = delete(chat_photos).where(chat_photos.c.key == bindparam("kept"))
_REMOVE = delete(appeal_files).where(appeal_files.c.id == bindparam("file"))


@define(eq=False, repr=False)
class StoredAppealFiles:
    """`hotline.appeals.attachments.AppealFiles` on a database."""

    _database: Database

    async def add(
        self,
        *,
        number: str,
        name: str,
        kept: StoredFile,
        uploaded_by: int | None,
        at: datetime,
        executor_id: int | None = None,
        most: int | None = None,
    ) -> AppealFile:
        values = {"number": number, **file_values(name, kept, by=uploaded_by, at=at)}
        async with self._database.writing() as connection:
            row = (await connection.execute(_APPEAL, {"appeal": number})).first()
            if row is None or executor_id not in {None, row.executor_id}:
                raise NotFound(f"There is no appeal {number}.")
            same = {"appeal": number, "sha256": kept.sha256}
            if (known := (await connection.execute(_SAME, same)).mappings().first()) is not None:
                return AppealFile(**known)
            if most is not None and await _count(connection, number) >= most:
                raise FileRefused(FileRefusal.TOO_MANY)
            await connection.execute(_OF_CHAT, {"kept": kept.key})  # one list names a key, never two
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

    async def remove(self, file_id: int, *, executor_id: int) -> AppealFile:
        wanted = {"file": file_id, "executor": executor_id}
        async with self._database.writing() as connection:
            row = (await connection.execute(_THEIRS, wanted)).mappings().first()
            if row is None:
                raise NotFound(f"There is no file {file_id}.")
            file = AppealFile(**row)
            await connection.execute(_APPEAL, {"appeal": file.number})  # nobody reports it meanwhile
            brought = (await connection.execute(_BROUGHT, wanted)).first()
            if brought is None or file.id in await _named(connection, file.number):
                raise ForbiddenTransition(f"File {file_id} belongs to what was reported: it stays.")
            await connection.execute(_REMOVE, {"file": file_id})
        return file

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        return await listed_keys(self._database, appeal_files, keys)


async def _count(connection: AsyncConnection, number: str) -> int:
    count: int = (await connection.execute(_COUNT, {"appeal": number})).scalar_one()
    return count


async def _named(connection: AsyncConnection, number: str) -> frozenset[int]:
    """Give the ids of the files that reports of work name."""
    facts = (await connection.execute(_REPORTS, {"appeal": number, "act": ReportDone.name})).scalars()
    return frozenset(file_id for one in facts for file_id in one.get("evidence", ()))
