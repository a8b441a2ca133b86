"""Import and export of citizens. Equal name and address mean the same person."""

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping, Sequence

from attrs import define
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import normalised
from hotline.clock import Clock
from hotline.intake.citizens import CITIZEN_COLUMNS, NewCitizen, citizen_cells, read_citizen
from hotline.intake.lines import Cells
from storage.intake.register import READ_AT_ONCE, Seen
from storage.people.citizens import PERSON, add_citizen, note_benefits
from storage.tables import citizen_numbers, citizens

Who = tuple[str, str]
"""A name, and an address as it is compared."""

_NAMED = select(citizens).where(citizens.c.name.in_(bindparam("names", expanding=True)))
_PAGE = PERSON.where(citizens.c.id > bindparam("behind")).order_by(citizens.c.id).limit(READ_AT_ONCE)
_NUMBERS = (
    select(citizen_numbers)
    .where(citizen_numbers.c.citizen_id.in_(bindparam("people", expanding=True)))
    .order_by(citizen_numbers.c.number)
)


@define(eq=False, repr=False)
class CitizenRegister:
    """`storage.intake.register.Register` of citizens."""

    columns = CITIZEN_COLUMNS

    _clock: Clock

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], NewCitizen]:
        del connection
        return read_citizen

    def key(self, record: NewCitizen) -> Hashable:
        return who(record.name, record.address)

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[NewCitizen],
        seen: Seen,
    ) -> Sequence[bool]:
        del seen
        there = await people(connection, (record.name for record in records))
        return [self.key(record) in there for record in records]

    async def prepare(self, records: Sequence[NewCitizen]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[NewCitizen]) -> None:
        for record in records:
            citizen_id = await add_citizen(connection, record.name, record.address, record.numbers)
            if record.benefits:
                await note_benefits(connection, citizen_id, record.benefits, self._clock.now())

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        behind = 0
        while rows := (await connection.execute(_PAGE, {"behind": behind})).all():
            behind = rows[-1].id
            numbers: dict[int, list[str]] = {row.id: [] for row in rows}
            for one in (await connection.execute(_NUMBERS, {"people": list(numbers)})).all():
                numbers[one.citizen_id].append(one.number)
            for row in rows:
                codes = tuple(sorted((row.benefits or "").split()))
                yield citizen_cells(
                    NewCitizen(
                        name=row.name, address=row.address, numbers=tuple(numbers[row.id]), benefits=codes
                    )
                )


def who(name: str, address: str) -> Who:
    return name, normalised(address)


async def people(connection: AsyncConnection, names: Iterable[str]) -> Mapping[Who, int]:
    """Find those with one of the names: who they are → their ids, the first of several."""
    rows = (await connection.execute(_NAMED, {"names": sorted(set(names))})).all()
    return {who(row.name, row.address): row.id for row in sorted(rows, key=lambda one: -one.id)}
