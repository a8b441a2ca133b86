"""Measures counted by the database, on a connection of their own, one report at a time."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from attrs import define, field
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.figures import Days
from hotline.appeals.lists import SOON_DAYS
from hotline.calls.counted import Counted
from hotline.city.city_days import DaysPiece
from hotline.line.closed_days import covered, joined, runs
from hotline.reports.figures import Asked, RowBeneath, TooMuchAtOnce, fold, narrowed
from hotline.reports.measures import SCALE, TIMES, Amounts, Dimension, Key, Measure, Part, Quantity, Rows
from storage.core.database import Database
from storage.core.durations import day_of, half_hour_of
from storage.line.closed_days import read_days
from storage.reports.closed_days import amounts, open_ones, sums_of
from storage.reports.conditions import SQL, RowsSql
from storage.tables import Moment, executors

SECONDS = 10.0
"""The longest that one statement may take."""
TURN_SECONDS = 20.0
"""The longest that one waits for another report."""
RESTS_TIMES = 2
LONGEST_REST_SECONDS = 0.3
"""The rest after a count: twice the time that it took, and this at most. A caller who comes in a rest has the
processor and the memory to themselves; a reader of one report after the other notices none.
"""
ROWS_AT_ONCE = 1000
"""Added up between two turns of the loop: some milliseconds. By day and value there are fifty thousand."""
FEW_DAYS = timedelta(days=2)
"""Up to here rows are looked up one by one; of longer times all since the first day are joined."""
MONTH_DAYS = 31
"""Of more days `RowsSql.parts_of_months` are counted."""


@define(eq=False, repr=False)
class StoredFigures:
    """`hotline.reports.figures.Figures` on a database."""

    _database: Database
    _monotonic: Callable[[], float] = time.monotonic
    _turn: asyncio.Lock = field(init=False, factory=asyncio.Lock)
    _rests_until: float = field(init=False, default=0.0)

    async def count(self, measures: Sequence[Measure], asked: Asked) -> Mapping[Key, Amounts]:
        (rows,) = {one.rows for one in measures}
        parts = sorted({part for one in measures for part in one.parts})
        totals = sorted({total for one in measures for total in one.totals})
        spreads = sorted(
            {(one.quantity, one.part) for one in measures if one.quantity and one.percentile is not None}
        )
        found: defaultdict[Key, Amounts] = defaultdict(Amounts)
        pieces = asked.span.pieces(asked.zone)
        async with self._reading() as connection:
            rest = pieces
            if (sums := sums_of(measures, asked)) is not None:
                kept = await read_days(connection, sums, pieces)
                used, rest = covered(pieces, kept)
                for key, closed in (await amounts(measures, asked, {one: kept[one] for one in used})).items():
                    found[key] += closed
                if Counted.KEPT in parts:
                    await _less_open(connection, asked, joined(used), found)
            for run in runs(rest):
                counted = _counts(rows, asked, run, parts, totals, spreads)
                async for key, (_, many, *counts) in _grouped(connection, rows, counted, asked, run):
                    group, numbers = found[key], iter(counts)
                    for part in parts:
                        group.parts[part] += next(numbers)
                    for total in totals:
                        group.totals[total] += next(numbers)
                    for spread, value in zip(spreads, numbers, strict=True):
                        if value is not None:
                            group.spread.setdefault(spread, Counter())[value] += many
        return dict(found)

    async def rows(
        self, rows: Rows, part: Part, asked: Asked, key: Key | None, *, limit: int, skipped: int = 0
    ) -> Sequence[RowBeneath]:
        of = SQL[rows]
        asked, key = _without_key_of_days(asked, key)
        if asked.span.days <= 0:  # the group lies in other days
            return []
        listed = select(
            cast(of.id, String).label("id"), of.shown_at.label("at"), of.said.label("said"), *_names(of)
        ).where(of.base, of.parts[part], *_chosen(rows, asked), *_in_days(of, asked, key))
        if of.enterprise is not None:
            listed = listed.outerjoin(executors, executors.c.id == of.enterprise)
        listed = listed.order_by(of.shown_at.desc(), of.id.desc()).limit(limit).offset(skipped)
        async with self._reading() as connection:
            return [
                RowBeneath(**row) for row in (await connection.execute(listed, _moments(asked))).mappings()
            ]

    @asynccontextmanager
    async def _reading(self) -> Any:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise TooMuchAtOnce("Another report is being counted.") from error
        try:
            await asyncio.sleep(self._rests_until - self._monotonic())
            began = self._monotonic()
            try:
                async with self._database.reading_long(SECONDS) as connection:
                    yield connection
            except TimeoutError as error:
                raise TooMuchAtOnce(f"Counting took more than {SECONDS:g} s.") from error
            finally:
                ended = self._monotonic()
                self._rests_until = ended + min((ended - began) * RESTS_TIMES, LONGEST_REST_SECONDS)
        finally:
            self._turn.release()


def _moments(asked: Asked) -> dict[str, Any]:
    days = Days(now=asked.now, zone=asked.zone)
    return {"now": asked.now, "today_ends": days.midnight(1), "soon_ends": days.midnight(SOON_DAYS)}


def _group(of: RowsSql, by: Dimension | None, pieces: int, *, looked_up: bool) -> ColumnElement[Any]:
    """Give the expression of a group; of times the day or half-hour, which are folded afterwards.

    `looked_up`: for each row that is counted, also what may be joined.
    """
    if by is None:
        return cast("", String)
    if by in TIMES and of.when is not None:
        offset = _offset(of.when, pieces)
        return half_hour_of(of.when, offset) if by is Dimension.HOUR else day_of(of.when, offset)
    return of.joined[by].says if by in of.joined and not looked_up else of.groups[by]


def _offset(when: ColumnElement[Any], pieces: int) -> ColumnElement[int]:
    """Give the seconds by which clocks are ahead of UTC at that moment: each piece of days has its own."""
    offsets = [bindparam(f"offset_{one}", type_=Integer) for one in range(pieces)]
    until = [when < bindparam(f"until_{one}", type_=Moment) for one in range(pieces)]
    return case(*zip(until[:-1], offsets, strict=False), else_=offsets[-1]) if pieces > 1 else offsets[0]


def _bounds(pieces: Sequence[DaysPiece]) -> dict[str, Any]:
    numbered = enumerate(pieces)
    each = {f"{name}_{at}": getattr(piece, name) for at, piece in numbered for name in ("until", "offset")}
    return {"since": pieces[0].since, "until": pieces[-1].until, **each}


async def _less_open(
    connection: AsyncConnection,
    asked: Asked,
    closed: Sequence[DaysPiece],
    found: Mapping[Key, Amounts],
) -> None:
    """Take those off who wait to be called back: the sums of closed days do not know them."""
    key = _group(SQL[Rows.CALLS], asked.by, 1, looked_up=True).label("key")
    query = open_ones(key, [*_chosen(Rows.CALLS, asked)])
    for piece in closed:
        for row in await connection.execute(query, _bounds([piece])):
            group = fold(asked.by, int(row.key)) if asked.by in TIMES else row.key
            if group in found:  # else it came or was changed just now
                found[group].parts[Counted.KEPT] -= row.open


def _counts(  # noqa: PLR0917 - what is counted, of what
    rows: Rows,
    asked: Asked,
    pieces: Sequence[DaysPiece],
    parts: Sequence[Part],
    totals: Sequence[tuple[Quantity, Part]],
    spreads: Sequence[tuple[Quantity, Part]],
) -> Select[Any]:
    """Count by group and, of percentiles, by value as well: in one pass, for it walks through months."""
    of = SQL[rows]
    looked_up = not pieces or pieces[-1].until - pieces[0].since <= FEW_DAYS
    key = _group(of, asked.by, len(pieces), looked_up=looked_up).label("key")
    are = {**of.parts, **(of.parts_of_months if asked.span.days > MONTH_DAYS else {})}
    sums = [func.coalesce(func.sum(case((are[one], 1), else_=0), type_=Integer), 0) for one in parts]
    sums += [
        func.coalesce(cast(func.sum(case((are[part], of.quantities[what]))), BigInteger), 0)
        for what, part in totals
    ]
    values = [
        case((are[part], of.quantities[what] // SCALE.get(what, 1))).label(f"value_{at}")
        for at, (what, part) in enumerate(spreads)
    ]
    query = select(key, func.count(), *sums, *values).where(of.base, *_chosen(rows, asked))
    if asked.by is not None and asked.by in of.joined and not looked_up:
        query = query.select_from(of.joined[asked.by].calls)
    if of.when is not None:
        since, until = (bindparam(name, type_=Moment) for name in ("since", "until"))
        query = query.where(of.when >= since, of.when < until)
    return query.group_by(*([] if asked.by is None else [key]), *values)


def _chosen(rows: Rows, asked: Asked) -> Iterator[ColumnElement[bool]]:
    for dimension, value in asked.where.items():
        group = SQL[rows].groups[dimension]
        wanted: Key = int(value) if isinstance(group.type, Integer) else value
        yield group == wanted


async def _grouped(
    connection: AsyncConnection,
    rows: Rows,
    query: Select[Any],
    asked: Asked,
    pieces: Sequence[DaysPiece],
) -> Any:
    """Give each group's key with its row: key, how many, and what was asked for; calls go on meanwhile."""
    bounds = {} if SQL[rows].when is None else _bounds(pieces)
    for at, row in enumerate(await connection.execute(query, _moments(asked) | bounds)):
        if not at % ROWS_AT_ONCE:
            await asyncio.sleep(0)
        if row[1]:
            key = row[0]
            yield (fold(asked.by, int(key)) if asked.by in TIMES else key), row


def _names(of: RowsSql) -> Sequence[ColumnElement[Any]]:
    topic = of.groups.get(Dimension.TOPIC)
    return [
        *([] if topic is None else [topic.label("topic")]),
        *([] if of.enterprise is None else [func.coalesce(executors.c.short, "").label("enterprise")]),
    ]


def _without_key_of_days(asked: Asked, key: Key | None) -> tuple[Asked, Key | None]:
    alone = None if key is None else narrowed(asked, key)
    return (asked, key) if alone is None else (alone, None)


def _in_days(of: RowsSql, asked: Asked, key: Key | None) -> Iterator[ColumnElement[bool]]:
    if of.when is None:
        if key is not None and asked.by is not None:
            yield of.groups[asked.by] == key
        return
    pieces = asked.span.pieces(asked.zone)
    yield and_(of.when >= pieces[0].since, of.when < pieces[-1].until)
    if key is None or asked.by is None:
        return
    if asked.by not in TIMES:
        yield of.groups[asked.by] == key
        return
    yield or_(
        *(
            and_(of.when >= piece.since, of.when < piece.until, _time(of.when, asked.by, piece.offset) == key)
            for piece in pieces
        )
    )


def _time(when: ColumnElement[Any], by: Dimension, offset: int) -> ColumnElement[int]:
    """Give the hour of the day, or the weekday from Monday 0: 1 January 1970 was a Thursday."""
    if by is Dimension.HOUR:
        return half_hour_of(when, offset) // 2
    return (day_of(when, offset) + 3) % 7
