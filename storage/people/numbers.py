"""Every telephone number that the hotline has met, found by its last digits."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import known_numbers

_AFTER_DIGITS = ":"
"""The character after the digits in the order of code points."""

_ADD = {
    "sqlite": sqlite.insert(known_numbers).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(known_numbers).on_conflict_do_nothing(),
}
_ENDING = (
    select(known_numbers.c.number)
    .where(
        known_numbers.c.backwards >= bindparam("low"),
        known_numbers.c.backwards < bindparam("high"),
    )
    .order_by(known_numbers.c.backwards)
    .limit(bindparam("most"))
)


async def know_numbers(connection: AsyncConnection, numbers: Iterable[str | None]) -> None:
    """Remember these numbers in a transaction that goes on; in one order, so that writers cannot deadlock."""
    if new := [known_number_row(number) for number in sorted({number for number in numbers if number})]:
        await connection.execute(_ADD[connection.dialect.name], new)


def known_number_row(number: str) -> dict[str, str]:
    return {"number": number, "backwards": number[::-1]}


async def numbers_ending(connection: AsyncConnection, digits: str, limit: int) -> Sequence[str]:
    """Find numbers with these last digits, some of them when there are more than `limit`."""
    last = digits[::-1]
    values = {"low": last, "high": last + _AFTER_DIGITS, "most": limit}
    return (await connection.execute(_ENDING, values)).scalars().all()
