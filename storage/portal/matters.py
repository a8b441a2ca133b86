"""The register of appeals as anybody may read it: no column that tells of a person is selected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, Select, Text, func, literal_column, select

from hotline.appeals.appeal import AppealKind, AppealState
from hotline.city.search_terms import normalised
from hotline.portal.matters import (
    SHOWN,
    MatterFilter,
    PublicMatter,
    Standing,
    public_categories,
)
from storage.appeals.list_filters import begins
from storage.core.database import Database
from storage.core.places import district_of
from storage.core.rows import row_to
from storage.tables import appeals, executors, public_texts

_ALL = SHOWN[Standing.OPEN] | SHOWN[Standing.CLOSED]
_linked, _last, _open = (appeals.alias(name) for name in ("linked", "last", "open"))
_JOINED = (
    select(func.count()).where(_linked.c.parent == appeals.c.number).correlate(appeals).scalar_subquery()
)
_MATTER = select(
    appeals.c.number,
    appeals.c.category,
    district_of(appeals.c.address).label("place"),
    appeals.c.state,
    appeals.c.registered_at,
    func.coalesce(appeals.c.state_since, appeals.c.registered_at).label("since"),
    func.coalesce(executors.c.short, "").label("enterprise"),
    (appeals.c.answer != "").label("answered"),
    func.coalesce(public_texts.c.wording, "").label("words"),
    _JOINED.label("joined"),
).select_from(
    appeals.outerjoin(executors, executors.c.id == appeals.c.executor_id).outerjoin(
        public_texts, public_texts.c.number == appeals.c.number
    )
)


@define(eq=False, repr=False)
class StoredPublicMatters:
    """`hotline.portal.matters.PublicMatters` on a database."""

    _database: Database

    async def find(self, wanted: MatterFilter, *, limit: int, behind: str = "") -> Sequence[PublicMatter]:
        query = page_of(wanted, limit=limit, behind=behind, shared=self._database.shared)
        async with self._database.reading_planned() as connection:
            return [row_to(PublicMatter, row) for row in (await connection.execute(query)).mappings()]

    async def one(self, number: str) -> PublicMatter | None:
        asked = appeals.alias("asked")
        main = select(func.coalesce(asked.c.parent, asked.c.number)).where(asked.c.number == number)
        query = _MATTER.where(
            appeals.c.number == main.scalar_subquery(),
            appeals.c.state.in_(_values(_ALL)),
            *_public(by_index=True),
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else row_to(PublicMatter, row)

    async def open_by_place(self) -> Mapping[str, int]:
        place = district_of(appeals.c.address).label("place")
        query = select(place, func.count()).where(
            appeals.c.state.in_(_values(SHOWN[Standing.OPEN])), *_public(by_index=self._database.shared)
        )
        async with self._database.reading_planned() as connection:
            return {row[0]: row[1] for row in await connection.execute(query.group_by(place))}


def page_of(wanted: MatterFilter, *, limit: int, behind: str, shared: bool) -> Select[Any]:
    """Select a page of matters; `shared` is whether the database is PostgreSQL."""
    query = _MATTER.where(*_fitting(wanted, shared=shared))
    # SQLite picks the open ones, which are few, and sorts them: it would walk through years otherwise.
    by_index = shared or wanted.standing is not Standing.OPEN
    at, number = (_compared(name, by_index=by_index) for name in ("registered_at", "number"))
    if behind:
        last = select(_last.c.registered_at).where(_last.c.number == behind).scalar_subquery()
        query = query.where(at <= last, (at < last) | (number < behind))
    return query.order_by(at.desc(), number.desc()).limit(limit)


def _fitting(wanted: MatterFilter, *, shared: bool) -> Iterator[ColumnElement[bool]]:
    states = _values(_ALL if wanted.standing is None else SHOWN[wanted.standing])
    if shared or wanted.standing is not Standing.OPEN:
        yield _compared("state", by_index=shared).in_(states)
    else:
        yield appeals.c.number.in_(select(_open.c.number).where(_open.c.state.in_(states)))
    yield from _public(by_index=shared)
    if wanted.category:
        yield appeals.c.category == wanted.category
    if wanted.street:
        yield begins(normalised(wanted.street))


def _public(*, by_index: bool) -> Iterator[ColumnElement[bool]]:
    yield appeals.c.parent.is_(None) if by_index else literal_column("+appeals.parent", Text).is_(None)
    yield _compared("category", by_index=by_index).in_(sorted(public_categories()))
    yield appeals.c.kind != AppealKind.INFORMATION_REQUEST.value


def _compared(name: str, *, by_index: bool) -> ColumnElement[Any]:
    """Give the column; with SQLite's sign for "not by its index" where most appeals have the values."""
    return appeals.c[name] if by_index else literal_column(f"+appeals.{name}", appeals.c[name].type)


def _values(states: frozenset[AppealState]) -> Sequence[str]:
    return sorted(one.value for one in states)
