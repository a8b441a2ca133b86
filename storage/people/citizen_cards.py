"""Citizens with all their numbers, as other systems read and change them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import NotFound, Outdated
from hotline.people.citizens import CitizenCard, CitizenWas
from storage.core.database import Database
from storage.core.rows import row_to
from storage.people.citizens import add_citizen, make_findable
from storage.tables import citizen_history, citizen_numbers, citizen_requests, citizen_words, citizens

_PEOPLE = select(citizens.c.id, citizens.c.name, citizens.c.address).where(
    citizens.c.id.in_(bindparam("ids", expanding=True))
)
_LOCKED = _PEOPLE.with_for_update()
_NUMBERS = (
    select(citizen_numbers)
    .where(citizen_numbers.c.citizen_id.in_(bindparam("ids", expanding=True)))
    .order_by(citizen_numbers.c.number)
)
_ENTERED = select(citizen_requests.c.citizen_id).where(citizen_requests.c.key == bindparam("request"))
_REMEMBER = insert(citizen_requests)
_RENAME = (
    update(citizens)
    .where(citizens.c.id == bindparam("citizen"))
    .values(name=bindparam("new_name"), address=bindparam("new_address"))
)
_NOTE = insert(citizen_history)
_HISTORY = (
    select(citizen_history)
    .where(citizen_history.c.citizen_id == bindparam("citizen"))
    .order_by(citizen_history.c.id.desc())
)
_FORGET_NUMBERS = delete(citizen_numbers).where(citizen_numbers.c.citizen_id == bindparam("citizen"))
_FORGET_WORDS = delete(citizen_words).where(citizen_words.c.citizen_id == bindparam("citizen"))


@define(eq=False, repr=False)
class StoredCitizenCards:
    """`hotline.people.citizens.CitizenCards` on a database."""

    _database: Database

    async def of(self, ids: Sequence[int]) -> Sequence[CitizenCard]:
        async with self._database.reading() as connection:
            known = await _read(connection, ids)
        return [known[one] for one in ids if one in known]

    async def get(self, citizen_id: int) -> CitizenCard:
        async with self._database.reading() as connection:
            return await _card(connection, citizen_id)

    async def enter(self, key: str, *, name: str, address: str, numbers: Sequence[str]) -> CitizenCard:
        try:
            async with self._database.writing() as connection:
                citizen_id = (await connection.execute(_ENTERED, {"request": key})).scalar()
                if citizen_id is None:
                    citizen_id = await add_citizen(connection, name, address, numbers)
                    await connection.execute(_REMEMBER, {"key": key, "citizen_id": citizen_id})
                return await _card(connection, citizen_id)
        except IntegrityError:  # the same request came in at the same moment, and is done
            async with self._database.reading() as connection:
                citizen_id = (await connection.execute(_ENTERED, {"request": key})).scalar_one()
                return await _card(connection, citizen_id)

    async def change(self, was: CitizenCard, now: CitizenCard, *, by: int | None, at: datetime) -> None:
        async with self._database.writing() as connection:
            if await _card(connection, was.id, lock=True) != was:
                raise Outdated(f"Citizen {was.id} was changed meanwhile.")
            if now == was:
                return
            before = {"name": was.name, "address": was.address, "numbers": list(was.numbers)}
            await connection.execute(_NOTE, {"citizen_id": was.id, "at": at, "user_id": by, **before})
            one = {"citizen": was.id}
            await connection.execute(_RENAME, one | {"new_name": now.name, "new_address": now.address})
            await connection.execute(_FORGET_NUMBERS, one)
            await connection.execute(_FORGET_WORDS, one)
            await make_findable(connection, was.id, now.name, now.address, now.numbers)

    async def history(self, citizen_id: int) -> Sequence[CitizenWas]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_HISTORY, {"citizen": citizen_id})
            return [row_to(CitizenWas, row) for row in rows.mappings()]


async def _card(connection: AsyncConnection, citizen_id: int, *, lock: bool = False) -> CitizenCard:
    found = await _read(connection, [citizen_id], lock=lock)
    if not found:
        raise NotFound(f"There is no citizen {citizen_id}.")
    return found[citizen_id]


async def _read(
    connection: AsyncConnection, ids: Sequence[int], *, lock: bool = False
) -> dict[int, CitizenCard]:
    people = (await connection.execute(_LOCKED if lock else _PEOPLE, {"ids": list(ids)})).mappings().all()
    numbers = defaultdict(list)
    for link in await connection.execute(_NUMBERS, {"ids": list(ids)}):
        numbers[link.citizen_id].append(link.number)
    return {row["id"]: CitizenCard(**row, numbers=tuple(numbers[row["id"]])) for row in people}
