"""Sounds that were put into a store elsewhere, and what is known of each without asking there.

A file is on record before it is put, and as stored once it was read back and is the same: one that was put by
a process that died then is known, so that it can be put again or deleted.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import define
from sqlalchemy import Text, bindparam, delete, func, select, tuple_, update

from hotline.calls.sound_store import SoundAway
from hotline.clock import Clock
from storage.core.database import Database
from storage.core.rows import row_to
from storage.sounds.s3 import Bucket, BucketSession, session_of
from storage.tables import Moment, stored_sounds

_EVER = datetime.fromtimestamp(0, UTC)
_ONE = select(stored_sounds).where(stored_sounds.c.name == bindparam("which"))
_BEHIND = tuple_(stored_sounds.c.stored_at, stored_sounds.c.name) > tuple_(
    bindparam("at", type_=Moment), bindparam("behind", type_=Text)
)
_STORED_BEHIND = (
    select(stored_sounds)
    .where(_BEHIND)
    .order_by(stored_sounds.c.stored_at, stored_sounds.c.name)
    .limit(bindparam("most"))
)
_BYTES_BEHIND = select(func.coalesce(func.sum(stored_sounds.c.bytes), 0)).where(_BEHIND)
_BEGUN = (
    select(stored_sounds.c.name)
    .where(stored_sounds.c.stored_at.is_(None), stored_sounds.c.name > bindparam("behind", type_=Text))
    .order_by(stored_sounds.c.name)
    .limit(bindparam("most"))
)
_UNDER_OTHERS = (
    select(stored_sounds.c.name)
    .where(func.coalesce(stored_sounds.c.key_id, "") != bindparam("key"))
    .order_by(stored_sounds.c.name)
)
_STORED = (
    update(stored_sounds)
    .where(stored_sounds.c.name == bindparam("which"))
    .values(stored_at=bindparam("at", type_=Moment))
)
_FORGET = delete(stored_sounds).where(stored_sounds.c.name == bindparam("which"))
_ANY = select(stored_sounds.c.name).limit(1)
_KEYS = (
    select(stored_sounds.c.key_id, func.count())
    .where(stored_sounds.c.key_id.is_not(None))
    .group_by(stored_sounds.c.key_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file there: its bytes and digest as stored, and the key under which it is encrypted."""

    name: str
    bytes: int
    sha256: str
    key_id: str | None
    stored_at: datetime | None
    """None until it was read back."""


@define(eq=False)
class RemoteOctets:
    """`storage.sounds.octets.Octets` of a file there."""

    _session: BucketSession
    _name: str
    size: int

    async def read(self, begins: int, ends: int) -> bytes:
        return await self._session.read(self._name, begins, ends) if begins < ends else b""


@define(eq=False, repr=False)
class Elsewhere:
    """The store, and the record of what is in it. Without a bucket what is on record is away."""

    _database: Database
    bucket: Bucket | None
    _clock: Clock

    async def find(self, name: str) -> Stored | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"which": name})).mappings().first()
        return None if row is None else row_to(Stored, row)

    async def stored(self, after: Stored | None, most: int) -> Sequence[Stored]:
        """List what is there, whole, behind `after`, the first that was put first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_STORED_BEHIND, {**_behind(after), "most": most})
            return [row_to(Stored, row) for row in rows.mappings()]

    async def stored_bytes(self, after: Stored | None) -> int:
        """Add up the bytes of what is there, whole, behind `after`."""
        async with self._database.reading() as connection:
            return int((await connection.execute(_BYTES_BEHIND, _behind(after))).scalar_one())

    async def begun(self, behind: str, most: int) -> Sequence[str]:
        """List the names behind this one of what is to be put there once more: it was not read back."""
        async with self._database.reading() as connection:
            return list((await connection.execute(_BEGUN, {"behind": behind, "most": most})).scalars())

    async def under_other_keys(self, key_id: str) -> Sequence[str]:
        """List what is there plain, or encrypted under another key; what was begun, too."""
        async with self._database.reading() as connection:
            return list((await connection.execute(_UNDER_OTHERS, {"key": key_id})).scalars())

    async def keys(self) -> Mapping[str, int]:
        """Count files there by their keys."""
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(_KEYS)}

    async def put(self, name: str, file: Path, key_id: str | None) -> None:
        """Put a file there and read it back; raises SoundAway."""
        async with self._asked() as session:
            size, sha256 = await asyncio.to_thread(_measured, file)
            row = {"name": name, "bytes": size, "sha256": sha256, "key_id": key_id, "stored_at": None}
            insert = self._database.insert(stored_sounds)
            statement = insert.on_conflict_do_update(index_elements=[stored_sounds.c.name], set_=row)
            async with self._database.writing() as connection:
                await connection.execute(statement, row)
            await session.put(name, file, sha256)
            if await session.digest(name) != sha256:
                raise SoundAway(
                    "Сховище записів повернуло не те, що отримало (%(name)s): запис лишається тут.\n"
                    "The store of recordings gave back other than it got (%(name)s): this one stays here.",
                    name=name,
                )
            async with self._database.writing() as connection:
                known = await connection.execute(_STORED, {"which": name, "at": self._clock.now()})
            if not known.rowcount:  # its term ended while it was sent
                await session.delete(name)

    async def delete(self, name: str) -> None:
        """Delete a file there, if it may be there; raises SoundAway, and then it stays on record."""
        if await self.find(name) is None:
            return
        async with self._asked() as session:
            await session.delete(name)
        async with self._database.writing() as connection:
            await connection.execute(_FORGET, {"which": name})

    async def unstored(self, name: str) -> None:
        """Take note that another form of the file lies here, which is to be put in its place."""
        async with self._database.writing() as connection:
            await connection.execute(_STORED, {"which": name, "at": None})

    @asynccontextmanager
    async def octets(self, stored: Stored) -> AsyncIterator[RemoteOctets]:
        async with self._asked() as session:
            yield RemoteOctets(session, stored.name, stored.bytes)

    async def holds(self) -> bool:
        """Tell if any file is on record as stored."""
        async with self._database.reading() as connection:
            return (await connection.execute(_ANY)).first() is not None

    async def reach(self) -> None:
        """Look whether it answers and lets us in; raises SoundAway."""
        async with self._asked() as session:
            await session.reach()

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[BucketSession]:
        if self.bucket is None:
            raise SoundAway(
                "Запис лежить у сховищі, а HOTLINE_S3_ENDPOINT не задано: поверніть налаштування сховища.\n"
                "The recording lies in a store, and HOTLINE_S3_ENDPOINT is not set: bring its settings back."
            )
        async with session_of(self.bucket) as session:
            yield session


def _behind(after: Stored | None) -> dict[str, Any]:
    return {
        "at": _EVER if after is None else after.stored_at,
        "behind": "" if after is None else after.name,
    }


def _measured(file: Path) -> tuple[int, str]:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return opened.tell(), digest
