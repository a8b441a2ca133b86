"""Photos of chats on a database, as long as no appeal's list names them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, delete, select

from hotline.appeals.attachments import StoredFile
from storage.core.database import Database
from storage.core.kept_files import listed_keys
from storage.core.rows import row_to
from storage.tables import chat_photos as table

_FILE = select(table.c.key, table.c.media_type, table.c.bytes, table.c.sha256)
_OF_CHAT = _FILE.where(table.c.chat_id == bindparam("chat")).order_by(table.c.at, table.c.key)
_SAME = _FILE.where(table.c.chat_id == bindparam("chat"), table.c.sha256 == bindparam("same"))
_GONE = delete(table).where(table.c.key == bindparam("gone"))


@define(eq=False, repr=False)
class StoredChatPhotos:
    """`hotline.portal.chat_photos.ChatPhotos` on a database."""

    _database: Database

    async def add(self, chat_id: int, file: StoredFile, at: datetime, *, for_person: bool) -> StoredFile:
        new = asdict(file) | {"chat_id": chat_id, "at": at, "for_person": for_person}
        async with self._database.writing() as connection:
            await connection.execute(self._database.insert(table).values(new).on_conflict_do_nothing())
            found = await connection.execute(_SAME, {"chat": chat_id, "same": file.sha256})
            return row_to(StoredFile, found.mappings().one())

    async def of_chat(self, chat_id: int, *, for_person: bool | None = None) -> Sequence[StoredFile]:
        asked = _OF_CHAT if for_person is None else _OF_CHAT.where(table.c.for_person.is_(for_person))
        async with self._database.reading() as connection:
            rows = await connection.execute(asked, {"chat": chat_id})
            return [row_to(StoredFile, row) for row in rows.mappings()]

    async def strike(self, key: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_GONE, {"gone": key})

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        return await listed_keys(self._database, table, keys)
