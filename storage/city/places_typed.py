"""Addresses that a typed query may mean: a street, by its old name too, and a house in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import KINDS_OF_STREET, normalised, place_tokens
from storage.tables import street_names

MOST_PLACES = 4
LONGEST_STREET = 4
SHORTEST_WORD = 3
_MOST_WORDS = 10
_NAMES = select(street_names.c.normalised, street_names.c.street)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPlace:
    """Tokens of the address, any of which may be meant, and the words that do not name it."""

    tokens: Sequence[str]
    others: Sequence[str]


async def read_place(connection: AsyncConnection, text: str) -> TypedPlace | None:
    """Find the longest run of words with which words of a street's name begin; None when there is none."""
    said = normalised(text).split()[:_MOST_WORDS]
    names = [(key.split(), street) for key, street in (await connection.execute(_NAMES)).all()]
    for first, end in _runs(said):
        run = [word for word in said[first:end] if word not in KINDS_OF_STREET]
        streets = dict.fromkeys(street for key, street in names if _fits(run, key))
        if streets:
            house = said[end] if end < len(said) and said[end][0].isdecimal() else ""
            others = [*said[:first], *said[end + bool(house) :]]
            tokens = [place_tokens(f"{street} {house}")[-1] for street in list(streets)[:MOST_PLACES]]
            return TypedPlace(tokens=tokens, others=others)
    return None


def _runs(said: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the beginnings and ends of runs of words, the longest first."""
    for length in range(min(LONGEST_STREET, len(said)), 0, -1):
        for first in range(len(said) - length + 1):
            yield first, first + length


def _fits(run: Sequence[str], key: Sequence[str]) -> bool:
    return bool(run) and all(
        len(part) >= SHORTEST_WORD and any(word.startswith(part) for word in key) for part in run
    )
