"""Appeals of a list by words and filters at once, each database by the road on which it is quick."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
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
from storage.tables import appeal_lemmas, appeal_texts, appeals

_FEW = 2500
"""Fewer appeals are read one by one sooner than all that have a common word."""
_RARE = 2500
"""Words that PostgreSQL expects in so few appeals are collected at once."""
_ROWS = re.compile(r"rows=(\d+)")
_MOST, _LEAST_FURTHER = 7500, 500
_TO_BE_SURE = 1.5
_WIDER = 20
"""After a stretch of time in which none was found, the next one is that many times as long."""
_SHORTEST = timedelta(days=1)
_ENDS = select(
    select(func.min(appeals.c.registered_at)).scalar_subquery().label("oldest"),
    select(func.max(appeals.c.registered_at)).scalar_subquery().label("newest"),
)


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

    Where too many would be needed, words and filter seldom stand together: then those that have the words
    are collected, and put in order. PostgreSQL would not go over to that, as it cannot know it.
    Rare words are collected at once.
    """
    if await _expected(connection, texts, asked.terms) <= _RARE:
        return await _of_all(connection, texts, asked)
    found, seen, many, limit, first = list[str](), 0, _FEW, asked.limit, asked
    while seen + many <= _MOST:
        found += await _of_first(connection, texts, asked, many)
        seen, missing = seen + many, limit - len(found)
        if not missing or (last := await _last_of_first(connection, asked, many)) is None:
            return found
        asked = evolve(asked, behind=last, limit=missing)
        enough = seen * missing / len(found) * _TO_BE_SURE if found else _MOST
        many = max(int(enough), _LEAST_FURTHER)
    if asked.order is Order.TERM or asked.behind is None:
        return [*found, *await _of_all(connection, texts, asked)]
    looked = await _looked(connection, first, asked.behind, len(found))
    return [*found, *await _in_stretches(connection, texts, asked, looked)]


async def _expected(connection: AsyncConnection, texts: AppealTexts, terms: Terms) -> int:
    """Tell in how many appeals PostgreSQL expects these words, by its own statistics: no text is read."""
    said = texts.matching(terms).compile(dialect=connection.dialect)
    bound = tuple(said.params[name] for name in said.positiontup or ())
    explained = await connection.exec_driver_sql(f"EXPLAIN {said}", bound)
    found = _ROWS.search(explained.scalars().all()[0])
    return int(found[1]) if found else 0


@frozen(kw_only=True)
class _Looked:
    """A stretch of time that was read: where it ends, and how many appeals were found in it."""

    at: datetime
    length: timedelta
    found: int
    end: datetime
    """Behind which no appeal fits."""

    def next(self, missing: int) -> timedelta:
        """Tell how long the next one is to be, to hold this many."""
        times = max(missing / self.found * _TO_BE_SURE, 1) if self.found else _WIDER
        return min(self.length * times, abs(self.at - self.end) + _SHORTEST)


async def _looked(connection: AsyncConnection, asked: WordsAndFilter, last: Position, found: int) -> _Looked:
    """Look at what was read one by one, up to the last: what fits a filter may begin late."""
    began = (await connection.execute(_in_order(asked).limit(1))).one().at
    oldest, newest = (await connection.execute(_ENDS)).one()
    ends = (asked.wanted.since, oldest) if asked.order is Order.NEWEST else (asked.wanted.until, newest)
    end = next(one for one in ends if one is not None)
    return _Looked(at=last.at, length=max(abs(last.at - began), _SHORTEST), found=found, end=end)


async def _in_stretches(
    connection: AsyncConnection, texts: AppealTexts, asked: WordsAndFilter, looked: _Looked
) -> Sequence[str]:
    """Collect those that have the words, of one stretch of time after the other, until there are enough.

    So those of all years are read only where hardly any of them fits the filter.
    """
    found, near = list[str](), None
    while (missing := asked.limit - len(found)) > 0:
        length = looked.next(missing)
        far = looked.at - length if asked.order is Order.NEWEST else looked.at + length
        over = far <= looked.end if asked.order is Order.NEWEST else far > looked.end
        part = evolve(asked, wanted=_between(asked, near, None if over else far), limit=missing)
        some = await _of_all(connection, texts, part)
        found += some
        if over:
            break
        near, looked = far, evolve(looked, at=far, length=length, found=len(some))
    return found


def _between(asked: WordsAndFilter, near: datetime | None, far: datetime | None) -> AppealFilter:
    """Bound what is asked for by two moments in the direction of the order, each the later one's own."""
    since, until = (far, near) if asked.order is Order.NEWEST else (near, far)
    since = max((one for one in (asked.wanted.since, since) if one is not None), default=None)
    until = min((one for one in (asked.wanted.until, until) if one is not None), default=None)
    return replace(asked.wanted, since=since, until=until)


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
    place, found_at = appeal_texts.c.id, appeal_lemmas.c.rowid
    behind = behind if order is Order.TERM else None
    if others != AppealFilter() and await _fit_few(connection, others, scanned):
        query = fitting(others, order, behind, None, scanned).join(
            appeal_texts, appeal_texts.c.appeal == appeals.c.number
        )
        query = query.where(texts.holding(asked.terms), *behind_place(asked, place))
        at = sorted_by(order) if order is Order.TERM else place
        return await read(connection, ordered(query, order, at, appeals.c.number), asked.limit)
    bounds = (*behind_place(asked, found_at), *_places(wanted, order, None, found_at))
    matching = texts.matching(asked.terms).where(*bounds).subquery()
    query = numbers_of(wanted, order, behind, matching, not_to_begin_with(wanted, order))
    return await read(connection, query, asked.limit)


def behind_place(
    asked: WordsAndFilter, place: ColumnElement[int] = appeal_texts.c.id
) -> Iterator[ColumnElement[bool]]:
    """Bound the places in the word index by that of the last appeal before this page.

    Of those registered in one second the index has an order of its own: a page by it goes on by it.
    SQLite's index is entered there only where its own column is named.
    """
    if asked.behind is None or asked.order is Order.TERM:
        return
    newest, last = asked.order is Order.NEWEST, asked.behind
    own = select(appeal_texts.c.id).where(appeal_texts.c.appeal == last.number).scalar_subquery()
    its_own = func.coalesce(own, place_of(last.at) + (A_SECOND if newest else -1))  # it may be deleted by now
    yield place < its_own if newest else place > its_own


async def _fit_few(
    connection: AsyncConnection, wanted: AppealFilter, scanned: Collection[Column[Any]]
) -> bool:
    found = await connection.scalar(select(count_of(wanted, _FEW + 1, scanned)))
    return found is not None and found <= _FEW


def _places(
    wanted: AppealFilter,
    order: Order,
    behind: Position | None,
    place: ColumnElement[int] = appeal_texts.c.id,
) -> Iterator[ColumnElement[bool]]:
    """Bound the places in the word index by the moments of registration that are asked for.

    Of those registered in one second a few have later places, never earlier ones.
    """
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
