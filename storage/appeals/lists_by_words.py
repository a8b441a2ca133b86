"""Appeals of a list by words and filters at once, each database by the road on which it is quick."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from attrs import evolve, frozen
from sqlalchemy import Column, ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.lists import AppealFilter, Order, Position
from hotline.city.search_terms import Terms
from storage.appeals.list_filters import (
    COMMON,
    along,
    count_of,
    fitting,
    not_to_begin_with,
    numbers_of,
    ordered,
    sorted_by,
)
from storage.appeals.texts import AppealTexts
from storage.core.word_index import A_DAY, A_SECOND, place_of
from storage.tables import appeal_texts, appeals

_FEW = 2500
"""Fewer appeals are read one by one sooner than all that have a common word."""
_MOST, _LEAST_FURTHER = 7500, 500
_TO_BE_SURE = 1.5


@frozen(kw_only=True)
class WordsAndFilter:
    """One page that is asked for: the words parsed, and what else is to fit."""

    terms: Terms
    wanted: AppealFilter
    order: Order
    behind: Position | None
    limit: int


async def on_postgresql(
    connection: AsyncConnection, texts: AppealTexts, asked: WordsAndFilter
) -> Sequence[str]:
    """Read the first ones that fit the filter, one by one, and as many further ones as these promise to need.

    Where too many would be needed, the words are rare: all that have them are collected, and then put in
    order. PostgreSQL would not go over to that: it cannot know that words and filter seldom stand together.
    """
    found, seen, many, limit = list[str](), 0, _FEW, asked.limit
    while seen + many <= _MOST:
        found += await _of_first(connection, texts, asked, many)
        seen, missing = seen + many, limit - len(found)
        if not missing or (last := await _last_of_first(connection, asked, many)) is None:
            return found
        asked = evolve(asked, behind=last, limit=missing)
        enough = seen * missing / len(found) * _TO_BE_SURE if found else _MOST
        many = max(int(enough), _LEAST_FURTHER)
    return [*found, *await _of_all(connection, texts, asked)]


async def _of_first(
    connection: AsyncConnection, texts: AppealTexts, asked: WordsAndFilter, many: int
) -> Sequence[str]:
    some = _in_order(asked).limit(many).subquery()
    has = select(texts.holding(asked.terms)).where(appeal_texts.c.appeal == some.c.number).scalar_subquery()
    query = select(some.c.number).where(has)
    return await read(connection, ordered(query, asked.order, some.c.at, some.c.number), asked.limit)


async def _last_of_first(connection: AsyncConnection, asked: WordsAndFilter, many: int) -> Position | None:
    """Give the place of the last one that was read; None where no more fit the filter."""
    row = (await connection.execute(_in_order(asked).offset(many - 1).limit(1))).one_or_none()
    return None if row is None else Position(at=row.at, number=row.number)


def _in_order(asked: WordsAndFilter) -> Select[Any]:
    """Select those that fit, in order; of an address all at once, not one by one along the whole order."""
    wanted, order = replace(asked.wanted, text=""), asked.order
    fit = fitting(wanted, order, asked.behind, None).add_columns(sorted_by(order).label("at"))
    if wanted.addresses:
        there = fit.cte().prefix_with("MATERIALIZED")
        return ordered(select(there.c.number, there.c.at), order, there.c.at, there.c.number)
    return ordered(along(fit, wanted, order), order, sorted_by(order), appeals.c.number)


async def _of_all(connection: AsyncConnection, texts: AppealTexts, asked: WordsAndFilter) -> Sequence[str]:
    matching = texts.matching(asked.terms).where(*_places(asked.wanted, asked.order, asked.behind))
    fit = fitting(asked.wanted, asked.order, asked.behind, matching.subquery())
    every = fit.add_columns(sorted_by(asked.order).label("at")).cte().prefix_with("MATERIALIZED")
    query = select(every.c.number)
    return await read(connection, ordered(query, asked.order, every.c.at, every.c.number), asked.limit)


async def on_sqlite(connection: AsyncConnection, texts: AppealTexts, asked: WordsAndFilter) -> Sequence[str]:
    """Read the few that fit the filter, and look for the words in these; else begin with the words."""
    wanted, order, behind = asked.wanted, asked.order, asked.behind
    others = replace(wanted, text="")
    scanned = not_to_begin_with(others, order)
    if others.category or others.executor_id or others.addresses or others.number:
        scanned |= COMMON
    further = tuple(behind_place(asked)) if order is not Order.TERM else ()
    behind = behind if order is Order.TERM else None
    if others != AppealFilter() and await _fit_few(connection, others, scanned):
        query = fitting(others, order, behind, None, scanned).join(
            appeal_texts, appeal_texts.c.appeal == appeals.c.number
        )
        query = query.where(texts.holding(asked.terms), *further)
        at = sorted_by(order) if order is Order.TERM else appeal_texts.c.id
        return await read(connection, ordered(query, order, at, appeals.c.number), asked.limit)
    matching = texts.matching(asked.terms).where(*further).subquery()
    query = numbers_of(wanted, order, behind, matching, not_to_begin_with(wanted, order))
    return await read(connection, query, asked.limit)


def behind_place(asked: WordsAndFilter) -> Iterator[ColumnElement[bool]]:
    """Bound the places in the word index by that of the last appeal before this page.

    Of those registered in one second the index has an order of its own: a page by it goes on by it.
    """
    if asked.behind is None:
        return
    newest, last = asked.order is Order.NEWEST, asked.behind
    own = select(appeal_texts.c.id).where(appeal_texts.c.appeal == last.number).scalar_subquery()
    place = func.coalesce(own, place_of(last.at) + (A_SECOND if newest else -1))  # it may be deleted by now
    yield appeal_texts.c.id < place if newest else appeal_texts.c.id > place


async def _fit_few(
    connection: AsyncConnection, wanted: AppealFilter, scanned: Collection[Column[Any]]
) -> bool:
    found = await connection.scalar(select(count_of(wanted, _FEW + 1, scanned)))
    return found is not None and found <= _FEW


def _places(wanted: AppealFilter, order: Order, behind: Position | None) -> Iterator[ColumnElement[bool]]:
    """Bound the places in the word index by the moments of registration that are asked for.

    Of those registered in one second a few have later places, never earlier ones.
    """
    place = appeal_texts.c.id
    if wanted.since is not None:
        yield place >= place_of(wanted.since)
    if wanted.until is not None:
        yield place <= place_of(wanted.until) + A_DAY
    if behind is not None and order is Order.NEWEST:
        yield place <= place_of(behind.at) + A_DAY
    if behind is not None and order is Order.OLDEST:
        yield place >= place_of(behind.at)


async def read(connection: AsyncConnection, query: Select[tuple[str]], limit: int) -> Sequence[str]:
    """Read the numbers of one page."""
    return [row.number for row in await connection.execute(query.limit(limit))]
