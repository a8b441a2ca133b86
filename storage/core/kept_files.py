"""Files that were brought along, in any table that lists them: a row of one, and which keys are listed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from hotline.appeals.attachments import StoredFile
from storage.core.database import Database

_AT_ONCE = 500


def file_values(name: str, kept: StoredFile, *, by: int | None, at: datetime) -> dict[str, Any]:
    """Give the columns of a file's row; `by` is the id of the user who brought it."""
    return {
        "key": kept.key,
        "name": name,
        "media_type": kept.media_type,
        "bytes": kept.bytes,
        "sha256": kept.sha256,
        "uploaded_by": by,
        "uploaded_at": at,
    }


async def listed_keys(database: Database, table: Table, keys: Collection[str]) -> frozenset[str]:
    """Find those of the keys that the table lists."""
    wanted, found = sorted(keys), set[str]()
    async with database.reading() as connection:
        for begin in range(0, len(wanted), _AT_ONCE):
            some = table.c.key.in_(wanted[begin : begin + _AT_ONCE])
            found.update((await connection.execute(select(table.c.key).where(some))).scalars())
    return frozenset(found)
