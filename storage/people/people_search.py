"""People by how words of their name begin, in any order: quick also where thousands have such words."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Text, and_, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import citizen_words, citizens

AFTER_ALL = "\U0010ffff"
"""Sorts after every letter: the words that begin with `x` lie between `x` and `x` with this behind it."""
MOST_WORDS = 5
COUNTED = 500
"""From this many people on, results are not sorted by name, only by the rarest word."""
_WORDS_OF_ONE = 4


async def people_named(connection: AsyncConnection, begun: Sequence[str], limit: int) -> Sequence[int]:
    """Find the ids of people all these words' beginnings fit; by name, while they are not too many."""
    if not begun:
        return ()
    counts = await _counts(connection, begun[:MOST_WORDS])
    rarest, *others = sorted(counts, key=lambda one: counts[one])
    if not counts[rarest]:
        return ()
    query = select(citizen_words.c.citizen_id).where(_begins(rarest), *map(_has_word, others))
    if counts[rarest] < COUNTED:
        query = _by_name(query)
    else:
        query = query.order_by(citizen_words.c.word, citizen_words.c.citizen_id)
    found = (await connection.execute(query.limit(limit * _WORDS_OF_ONE))).scalars()
    return list(dict.fromkeys(found))[:limit]


async def people_living(connection: AsyncConnection, places: Sequence[str], limit: int) -> Sequence[int]:
    """Find the ids of people who live at one of these places (`hotline.city.search_terms.place_tokens`)."""
    query = select(citizen_words.c.citizen_id).where(citizen_words.c.word.in_(places)).limit(limit)
    return list(dict.fromkeys((await connection.execute(query)).scalars()))


async def _counts(connection: AsyncConnection, begun: Sequence[str]) -> dict[str, int]:
    """Count the words that begin so, up to `COUNTED`, all in one question."""
    some = [select(literal(1)).where(_begins(one)).limit(COUNTED).subquery() for one in begun]
    counting = [select(func.count()).select_from(one).scalar_subquery() for one in some]
    return dict(zip(begun, (await connection.execute(select(*counting))).one(), strict=True))


def _by_name(query: Select[tuple[int]]) -> Select[tuple[int]]:
    return query.join(citizens, citizens.c.id == citizen_words.c.citizen_id).order_by(
        citizens.c.name, citizens.c.id
    )


def _has_word(beginning: str) -> ColumnElement[bool]:
    other = citizen_words.alias()
    low, high = literal(beginning, Text), literal(beginning + AFTER_ALL, Text)
    return exists().where(
        other.c.citizen_id == citizen_words.c.citizen_id, other.c.word >= low, other.c.word <= high
    )


def _begins(beginning: str) -> ColumnElement[bool]:
    low, high = literal(beginning, Text), literal(beginning + AFTER_ALL, Text)
    return and_(citizen_words.c.word >= low, citizen_words.c.word <= high)
