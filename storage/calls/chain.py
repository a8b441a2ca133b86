"""The chain of recordings on a database: appended in the transaction that puts a master on record."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from attrs import define, field
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import Recording
from hotline.calls.chain import Evidence, Link, Seal, linked, sealed
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.writes import Nothing
from storage.tables import Moment, recording_links, recording_seals, recordings

log = logging.getLogger(__name__)

_LINKS = select(recording_links).order_by(recording_links.c.number)
_LAST = select(recording_links).order_by(recording_links.c.number.desc()).limit(1)
_LAST_BEFORE = _LAST.where(recording_links.c.day < bindparam("today"))
_OF = select(recording_links).where(recording_links.c.recording_id == bindparam("which"))
_ERASED = (
    select(recording_links)
    .where(recording_links.c.erased_at > bindparam("moment", type_=Moment))
    .order_by(recording_links.c.erased_at, recording_links.c.number)
)
_ADD = insert(recording_links)
_SEALS = select(recording_seals).order_by(recording_seals.c.day)
_LAST_SEAL = select(recording_seals).order_by(recording_seals.c.day.desc()).limit(1)
_SEALED = select(func.max(recording_seals.c.day))
_SEAL = insert(recording_seals)
_MASTERED = select(recordings).where(recordings.c.master_file.is_not(None))


@define(eq=False, repr=False)
class StoredChain:
    """Links and seals; the service of one database alone adds to them."""

    _database: Database
    _none_erased: Nothing = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._none_erased = Nothing(self._database.writes)

    async def add(self, connection: AsyncConnection, evidence: Evidence, today: date) -> None:
        """Link a recording, in the transaction of the connection; one that has a link keeps it."""
        known = (await connection.execute(_OF, {"which": evidence.recording_id})).mappings().first()
        if known is not None:
            if known["sha256"] != evidence.sha256:
                log.error("master is not the one that was linked recording=%s", evidence.recording_id)
            return
        last = (await connection.execute(_LAST)).mappings().first()
        before = None if last is None else row_to(Link, last)
        new = linked(evidence, before, (await connection.execute(_SEALED)).scalar(), today)
        await connection.execute(_ADD, {name: getattr(new, name) for name in new.__slots__})

    async def seal(self, today: date, at: datetime) -> Seal | None:
        """Seal the latest day before today that has links and no seal; None when there is none.

        A day without links needs no seal: the next one says how many there were.
        """
        async with self._database.reading() as connection:
            row = (await connection.execute(_LAST_BEFORE, {"today": today})).mappings().first()
            seal = (await connection.execute(_LAST_SEAL)).mappings().first()
        if row is None or (seal is not None and seal["last"] >= row["number"]):
            return None
        last = row_to(Link, row)
        new = sealed(last.day, last, None if seal is None else row_to(Seal, seal), at)
        async with self._database.writing() as connection:
            await connection.execute(_SEAL, {name: getattr(new, name) for name in new.__slots__})
        return new

    async def links(self) -> Sequence[Link]:
        """Read the whole chain from its first link on."""
        async with self._database.reading() as connection:
            return [row_to(Link, row) for row in (await connection.execute(_LINKS)).mappings()]

    async def seals(self) -> Sequence[Seal]:
        """Read all seals, the first day's first."""
        async with self._database.reading() as connection:
            return [row_to(Seal, row) for row in (await connection.execute(_SEALS)).mappings()]

    async def erased_after(self, moment: datetime) -> Sequence[Link]:
        """List the links whose recordings were deleted after a moment, the first one first."""

        async def look() -> Sequence[Link]:
            async with self._database.reading() as connection:
                rows = await connection.execute(_ERASED, {"moment": moment})
                return [row_to(Link, row) for row in rows.mappings()]

        return await self._none_erased.unless(moment, look)

    async def of(self, recording_id: str) -> Link | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF, {"which": recording_id})).mappings().first()
        return None if row is None else row_to(Link, row)

    async def mastered(self) -> Sequence[Recording]:
        """List all recordings that have a master."""
        async with self._database.reading() as connection:
            return [Recording(**row) for row in (await connection.execute(_MASTERED)).mappings()]
