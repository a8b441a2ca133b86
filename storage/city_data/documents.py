"""The documents as kept; and what came into force, loaded for the whole process."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.recounting import notices_of_recount
from hotline.city.days_off import DaysOff
from hotline.city_data.kinds import HOLDERS, read
from hotline.city_data.preview import Preview, preview
from hotline.clock import Clock
from hotline.documents.document import FIRST_OWN, Document, DocumentKind, delivered, revision
from hotline.documents.faults import DocumentFaults
from hotline.errors import NotFound, Outdated
from storage.appeals.changes import AppealWriter
from storage.city_data.concerned import read_concerned, recount
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.core.rows import row_to
from storage.delivery.outbox import owe_once
from storage.enterprises.executors import read_executors
from storage.tables import city_documents as documents

log = logging.getLogger(__name__)

Which = frozenset[tuple[str, int]]
"""Kinds and versions."""

_OF_KIND = (
    select(documents)
    .where(documents.c.kind == bindparam("of"))
    .order_by(documents.c.in_force_since.is_(None), documents.c.version.desc())
)
_TO_CHANGE = _OF_KIND.with_for_update()
_KNOWN = or_(documents.c.in_force_since.is_not(None), documents.c.version < FIRST_OWN)
_WHICH = select(documents.c.kind, documents.c.version).where(_KNOWN)
_TEXTS = select(documents.c.kind, documents.c.version, documents.c.text).where(_KNOWN)
_ADD = insert(documents).returning(documents)
_ONE = (documents.c.kind == bindparam("of")) & (documents.c.version == bindparam("which"))
_SET = update(documents).where(_ONE).returning(documents)
_DROP = delete(documents).where(_ONE)
_OUTDATED = "Somebody else has changed this document meanwhile."


class StoredDocuments:
    """`hotline.documents.document.Documents` on a database."""

    def __init__(self, database: Database, clock: Clock, writer: AppealWriter) -> None:
        self._database = database
        self._clock = clock
        self._writer = writer
        self._loaded: Which | None = None
        self._came: Fresh[Which] = Fresh(self._read_which, writes=database.writes, of=[documents])
        self._deliver = database.insert(documents).on_conflict_do_nothing(
            index_elements=[documents.c.kind, documents.c.version]
        )

    async def versions(self, kind: DocumentKind) -> Sequence[Document]:
        return [one for one in await self._all(kind) if not one.draft]

    async def document(self, kind: DocumentKind, version: int) -> Document:
        for one in await self._all(kind):
            if one.version == version:
                return one
        raise NotFound(f"There is no version {version} of the document {kind}.")

    async def present(self, kind: DocumentKind) -> Document:
        version = HOLDERS[kind].version
        return await self.document(kind, version)

    async def draft(self, kind: DocumentKind) -> Document | None:
        return _draft(await self._all(kind))

    async def save_draft(
        self, kind: DocumentKind, text: str, *, by: int | None, at: datetime, note: str = "", seen: str
    ) -> Document:
        values = {"text": text, "made_at": at, "made_by": by, "note": note}
        try:
            async with self._database.writing() as connection:
                there = await self._seen(connection, kind, seen)
                if draft := _draft(there):
                    chosen = {"of": kind.value, "which": draft.version}
                    row = await connection.execute(_SET.values(**values), chosen)
                else:
                    version = max(FIRST_OWN, 1 + max((one.version for one in there), default=0))
                    row = await connection.execute(
                        _ADD, values | {"kind": kind.value, "version": version, "in_force_since": None}
                    )
                return _read(row.mappings().one())
        except IntegrityError as same:  # in this very moment
            raise Outdated(_OUTDATED) from same

    async def drop_draft(self, kind: DocumentKind, *, seen: str) -> None:
        async with self._database.writing() as connection:
            draft = _draft(await self._seen(connection, kind, seen))
            if draft:
                await connection.execute(_DROP, {"of": kind.value, "which": draft.version})

    async def put_into_force(
        self, kind: DocumentKind, *, by: int | None, at: datetime, note: str, seen: str
    ) -> Document:
        async with self._database.writing() as connection:
            draft = _draft(await self._seen(connection, kind, seen))
            if draft is None:
                raise NotFound(f"There is no draft of the document {kind}.")
            former = HOLDERS[kind].get()
            new = read(kind, draft.text, version=draft.version, former=former)
            if kind is DocumentKind.DAYS_OFF:
                await self._recount(connection, draft.version, former, new, at)
            values = {"made_by": by, "note": note, "in_force_since": at}
            chosen = {"of": kind.value, "which": draft.version}
            made = _read((await connection.execute(_SET.values(**values), chosen)).mappings().one())
        await self.load()
        return made

    async def preview(self, kind: DocumentKind, text: str) -> Preview:
        """Say what the text would change if it came into force now; raises DocumentFaults."""
        before = HOLDERS[kind].get()
        after = read(kind, text, former=before)
        async with self._database.reading() as connection:
            concerned = await read_concerned(connection, self._clock.now(), self._writer.city)
        return preview(kind, before, after, concerned, self._writer.city)

    async def take_delivered(self) -> None:
        """Keep what came with the product; a city without versions of its own has the newest in force."""
        for kind in DocumentKind:
            await self._all(kind)
        await self.load()

    async def load(self) -> None:
        """Have all that came into force hold in this process."""
        texts: defaultdict[DocumentKind, dict[int, str]] = defaultdict(dict)
        async with self._database.reading() as connection:
            rows = (await connection.execute(_TEXTS)).all()
        for row in rows:
            texts[DocumentKind(row.kind)][row.version] = row.text
        first = self._loaded is None
        self._loaded = frozenset((row.kind, row.version) for row in rows)
        for kind, holder in HOLDERS.items():
            before, broken = holder.version, holder.held.broken
            holder.hold(texts[kind])
            if holder.version != before and not first:
                log.info("in force document=%s version=%s instead_of=%s", kind, holder.version, before)
            for version, faults in holder.held.broken.items():
                if version not in broken:
                    log.error("not in force document=%s version=%s: %s", kind, version, faults)

    async def renew(self) -> None:
        """Load again when any process has put another version into force."""
        await self._came.renew()
        if await self._came.get() != self._loaded:
            await self.load()

    def broken(self) -> Mapping[tuple[DocumentKind, int], DocumentFaults]:
        """Name the versions that ought to be in force and cannot be read any more."""
        return {
            (kind, version): faults
            for kind, holder in HOLDERS.items()
            for version, faults in holder.held.broken.items()
            if version > holder.version
        }

    async def _read_which(self) -> Which:
        async with self._database.reading() as connection:
            return frozenset((row.kind, row.version) for row in await connection.execute(_WHICH))

    async def _all(self, kind: DocumentKind) -> Sequence[Document]:
        """Read all of a kind, the newest in force first, and the delivered ones among them."""
        async with self._database.reading() as connection:
            there = await _read_all(connection, kind)
        if not delivered(kind).keys() <= {one.version for one in there}:
            async with self._database.writing() as connection:
                there = await self._with_delivered(connection, kind, await _locked(connection, kind))
        return there

    async def _with_delivered(
        self, connection: AsyncConnection, kind: DocumentKind, there: Sequence[Document]
    ) -> Sequence[Document]:
        """Add the delivered ones that are missing; the newest comes into force unless a newer one is."""
        now, came = self._clock.now(), [one.version for one in there if one.in_force_since]
        newest = max(delivered(kind))
        if kind is DocumentKind.DAYS_OFF and came and newest > max(came):
            former = next(one for one in there if one.version == max(came))
            before, after = read(kind, former.text), read(kind, delivered(kind)[newest])
            await self._recount(connection, newest, before, after, now)
        for version, text in delivered(kind).items():
            holds = version == newest and version > max(came, default=0)
            values = {"kind": kind.value, "version": version, "text": text, "made_at": now, "note": ""}
            await connection.execute(
                self._deliver, values | {"made_by": None, "in_force_since": now if holds else None}
            )
        return await _read_all(connection, kind)

    async def _recount(
        self, connection: AsyncConnection, version: int, before: DaysOff, after: DaysOff, at: datetime
    ) -> None:
        """Count the terms by the new days off, and let the enterprises know whose appeals that moved."""
        moved = await recount(connection, self._writer, before, after, at)
        executors = {one.id: one for one in await read_executors(connection)} if moved else {}
        local = at.astimezone(self._writer.city.timezone)
        owed = notices_of_recount(version, moved, executors, local)
        await owe_once(self._database, connection, owed, at)

    async def _seen(self, connection: AsyncConnection, kind: DocumentKind, seen: str) -> Sequence[Document]:
        """Lock and read all of a kind; raises Outdated where somebody changed what was seen."""
        there = await _locked(connection, kind)
        if revision(_in_force(kind, there), _draft(there)) != seen:
            raise Outdated(_OUTDATED)
        return there


def _in_force(kind: DocumentKind, there: Sequence[Document]) -> int:
    """Tell which version is in force: one that cannot be read is not, and so can be put right."""
    broken = HOLDERS[kind].held.broken
    came = (one.version for one in there if one.in_force_since and one.version not in broken)
    return max((max(delivered(kind)), *came))


async def _read_all(connection: AsyncConnection, kind: DocumentKind) -> Sequence[Document]:
    return [_read(row) for row in (await connection.execute(_OF_KIND, {"of": kind.value})).mappings()]


async def _locked(connection: AsyncConnection, kind: DocumentKind) -> Sequence[Document]:
    """Read all of a kind; until the transaction ends nobody else changes them, or counts a term by them."""
    return [_read(row) for row in (await connection.execute(_TO_CHANGE, {"of": kind.value})).mappings()]


def _read(row: RowMapping) -> Document:
    return row_to(Document, row)


def _draft(there: Sequence[Document]) -> Document | None:
    return next((one for one in there if one.draft), None)
