"""The newest texts with some words on PostgreSQL: found by looking back in time, one stretch after the other.

PostgreSQL's index of words knows no order. To find the newest it either looks through all texts from the
newest on, which is slow for a rare word, or collects all texts that have the word, which is slow for a
frequent one, and dearer each year. Which is quicker it cannot know: two frequent words may never stand
together.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

FIRST = 5_000
"""Texts that are looked through from the newest on, before any are collected."""
MOST = 100_000
"""Texts in stretches: a word that fewer of them have than a page shows is rare, and all are collected."""
_WIDER = 20
"""After a stretch in which no text was found, the next one is that many times as long."""
_TO_BE_SURE = 1.5


async def newest_found(
    connection: AsyncConnection,
    texts: Table,
    found: Select[Any],
    limit: int,
    *within: ColumnElement[bool],
    first: int = FIRST,
) -> Sequence[Row[Any]]:
    """Read the newest rows of `found`, which has an `id` of these texts; of those at places `within`.

    Stretches are measured in places, which grow with time, by those that the newest `first` texts take. So
    each is bounded by values, by which PostgreSQL knows how much there is of it; and what it collects of one
    are the texts with the words that lie in it, not those of all years.
    """
    place = texts.c.id
    newest = select(place).where(*within).order_by(place.desc())
    ends = select(
        select(place).where(*within).order_by(place).limit(1).scalar_subquery(),
        newest.limit(1).scalar_subquery(),
        newest.offset(first).limit(1).scalar_subquery(),
    )
    oldest, last, before = (await connection.execute(ends)).one()
    bounds = within if before is None else (*within, place > before)
    rows = list(await _newest(connection, found.where(*bounds), limit))
    span, seen = last - before if before is not None else 0, first
    while before is not None and len(rows) < limit:
        missing = limit - len(rows)
        many = max(int(seen * missing / len(rows) * _TO_BE_SURE), first) if rows else seen * _WIDER
        until, before = before, before - span * many // first
        bounds = (*within, place <= until)
        if seen + many > MOST or before < oldest:
            before = None
        else:
            bounds = (*bounds, place > before)
        stretch = found.where(*bounds).cte("found").prefix_with("MATERIALIZED")
        rows += await _newest(connection, select(stretch), missing)
        seen += many
    return rows


async def _newest(connection: AsyncConnection, found: Select[Any], limit: int) -> Sequence[Row[Any]]:
    some = found.subquery()
    return (await connection.execute(select(some).order_by(some.c.id.desc()).limit(limit))).all()
