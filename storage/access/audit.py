"""The audit log: who viewed, played or changed which record; rows are only ever appended."""

from collections.abc import Iterator, Sequence

from attrs import define
from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.access.users import AuditEntry, AuditFilter, AuditPosition
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import audit

_APPEND = insert(audit)
FEW = 1000
_LAST = "\U0010ffff"
"""Behind all that text can be."""
_NEWEST_FIRST = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc())


@define(eq=False, repr=False)
class StoredAuditLog:
    """`hotline.access.users.AuditLog` on a database."""

    _database: Database

    async def append(self, entry: AuditEntry) -> None:
        values = {name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__ if name != "id"}
        async with self._database.writing() as connection:
            await connection.execute(_APPEND, values)

    async def latest(self, limit: int = 100, *, user_id: int | None = None) -> Sequence[AuditEntry]:
        return await self.find(AuditFilter(user_id=user_id), limit=limit)

    async def find(
        self, wanted: AuditFilter, *, limit: int, behind: AuditPosition | None = None
    ) -> Sequence[AuditEntry]:
        query = _NEWEST_FIRST.where(*_conditions(wanted), *_behind(behind)).limit(limit)
        async with self._database.reading() as connection:
            if wanted.subject and not self._database.shared and await _are_few(connection, wanted.subject):
                query = query.where(audit.c.id.in_(select(audit.c.id).where(_begins(wanted.subject))))
            return [row_to(AuditEntry, row) for row in (await connection.execute(query)).mappings()]


async def _are_few(connection: AsyncConnection, subject: str) -> bool:
    """Tell whether so few lines begin so that they are found by themselves, and not along all by time.

    PostgreSQL counts what stands in its tables, and chooses by itself.
    """
    some = select(audit.c.id).where(_begins(subject)).limit(FEW + 1).subquery()
    found: int = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
    return found <= FEW


def _begins(subject: str) -> ColumnElement[bool]:
    """By the order of the index, in which SQLite finds no LIKE with an escape."""
    return and_(audit.c.subject >= subject, audit.c.subject < subject + _LAST)


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.user_id is not None:
        yield audit.c.user_id == wanted.user_id
    if wanted.action is not None:
        yield audit.c.action == wanted.action
    if wanted.subject is not None:
        yield audit.c.subject.startswith(wanted.subject, autoescape=True)
    if wanted.since is not None:
        yield audit.c.at >= wanted.since
    if wanted.until is not None:
        yield audit.c.at < wanted.until


def _behind(last: AuditPosition | None) -> Iterator[ColumnElement[bool]]:
    if last is not None:
        yield audit.c.at <= last.at  # by itself, so that the index is entered at this place
        yield or_(audit.c.at < last.at, audit.c.id < last.id)
