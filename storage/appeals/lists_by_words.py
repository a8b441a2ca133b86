"""Appeals of a list by words and filters at once, each database by the road on which it is quick."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from attrs import frozen
from sqlalchemy import Column, ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.lists import AppealFilter, Order, Position
from hotline.city.search_terms import Terms
from storage.appeals.list_filters import (
    COMMON,
    count_of,
    fitting,
    not_to_begin_with,
    numbers_of,
    ordered,
    sorted_by,
)
from storage.appeals.texts import A_DAY, LOOKED_THROUGH, AppealTexts, place_of, some_of_newest
from storage.tables import appeal_texts, appeals

_MOST_LOOKED_THROUGH = 15_000
_TO_BE_SURE = 1.5
_FEW = 2500
"""Fewer appeals are read one by one sooner than all that have a common word."""


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
    """Look through the newest, then collect all that fit and put these in order.

    Asked for the first few in order, PostgreSQL would go through all words of all appeals for a rare one: it
    cannot know that words and filter seldom stand together.
    """
    wanted, order, behind, limit = asked.wanted, asked.order, asked.behind, asked.limit
    within = tuple(_places(wanted, order, behind))
    matching = texts.matching(asked.terms).where(*within)
    many = LOOKED_THROUGH if order is Order.NEWEST else 0
    while many:
        # Read by itself: behind a place that it does not know yet PostgreSQL expects a third of all.
        before = await connection.scalar(select(some_of_newest(*within, many=many)))
        some = matching.where(appeal_texts.c.id > before).subquery()
        numbers = await read(connection, numbers_of(wanted, order, behind, some), limit)
        if len(numbers) == limit:
            return numbers
        many = _wider(many, len(numbers) / limit)
    fit = fitting(wanted, order, behind, matching.subquery())
    all_found = fit.add_columns(sorted_by(order).label("at")).cte().prefix_with("MATERIALIZED")
    query = select(all_found.c.number)
    return await read(connection, ordered(query, order, all_found.c.at, all_found.c.number), limit)


async def on_sqlite(connection: AsyncConnection, texts: AppealTexts, asked: WordsAndFilter) -> Sequence[str]:
    """Read the few that fit the filter, and look for the words in these; else begin with the words."""
    wanted, order, behind = asked.wanted, asked.order, asked.behind
    others = replace(wanted, text="")
    scanned = not_to_begin_with(others, order)
    if others.category or others.executor_id or others.addresses or others.number:
        scanned |= COMMON
    if others != AppealFilter() and await _fit_few(connection, others, scanned):
        query = fitting(others, order, behind, None, scanned).join(
            appeal_texts, appeal_texts.c.appeal == appeals.c.number
        )
        query = query.where(texts.holding(asked.terms))
        return await read(connection, ordered(query, order, sorted_by(order), appeals.c.number), asked.limit)
    matching = texts.matching(asked.terms).subquery()
    query = numbers_of(wanted, order, behind, matching, not_to_begin_with(wanted, order))
    return await read(connection, query, asked.limit)


async def _fit_few(
    connection: AsyncConnection, wanted: AppealFilter, scanned: Collection[Column[Any]]
) -> bool:
    found = await connection.scalar(select(count_of(wanted, _FEW + 1, scanned)))
    return found is not None and found <= _FEW


def _wider(many: int, found: float) -> int:
    """Tell how many of the newest will hold enough, by the share that was found; 0 beyond the bound."""
    enough = int(many / found * _TO_BE_SURE) if found else 0
    return enough if many == LOOKED_THROUGH and enough <= _MOST_LOOKED_THROUGH else 0


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
