"""Import and export of streets with their old names, and of houses."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Address, Street
from hotline.city.search_terms import normalised
from hotline.intake.addresses import ADDRESS_COLUMNS, address_cells, read_address
from hotline.intake.lines import Cells, LineFault
from storage.core.database import Database
from storage.intake.register import Seen
from storage.tables import houses, street_names

StreetAndHouse = tuple[Street, Address]
ANOTHERS = "This is the name of another street in the register."
_STREETS = select(street_names).order_by(street_names.c.street, street_names.c.name)
_HOUSES = select(houses).order_by(houses.c.street, houses.c.house)


class AddressRegister:
    """`storage.intake.register.Register` of streets and houses. A town has few: all are read at once."""

    columns = ADDRESS_COLUMNS

    def __init__(self, database: Database) -> None:
        self._name = database.insert(street_names).on_conflict_do_nothing()
        self._house = database.insert(houses).on_conflict_do_nothing()

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], StreetAndHouse]:
        del connection
        return read_address

    def key(self, record: StreetAndHouse) -> Hashable:
        street, house = record
        former = frozenset(map(normalised, street.former))
        return normalised(street.name), former, normalised(house.house), house.quarter

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[StreetAndHouse],
        seen: Seen,
    ) -> Sequence[bool | LineFault]:
        there = _There(
            streets={row.normalised: row.street for row in (await connection.execute(_STREETS)).all()},
            houses={(row.street, row.house) for row in (await connection.execute(_HOUSES)).all()},
        )
        for street, house in seen.records.values():
            there.add(street, house)
        return [there.standing(street, house) for street, house in records]

    async def prepare(self, records: Sequence[StreetAndHouse]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[StreetAndHouse]) -> None:
        for street, one in records:
            present = await self._present(connection, street.name)
            for name in (street.name, *street.former):
                values = {"normalised": normalised(name), "name": name, "street": present}
                await connection.execute(self._name, values)
            if one.house:
                house = {"street": present, "house": one.house, "quarter": one.quarter}
                await connection.execute(self._house, house)

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        former: dict[str, list[str]] = {}
        for row in (await connection.execute(_STREETS)).all():
            names = former.setdefault(row.street, [])
            if row.name != row.street:
                names.append(row.name)
        built = defaultdict(list)
        for row in (await connection.execute(_HOUSES)).all():
            built[row.street].append(row)
        for street, names in former.items():
            yield address_cells(Street(name=street, former=tuple(names)))
            for one in built[street]:
                house = Address(street=street, house=one.house, quarter=one.quarter)
                yield address_cells(Street(name=street), house)

    async def _present(self, connection: AsyncConnection, street: str) -> str:
        """Give the street's present name as the register writes it; itself for a new street."""
        wanted = select(street_names.c.street).where(street_names.c.normalised == normalised(street))
        return (await connection.execute(wanted)).scalar() or street


@dataclass(frozen=True, slots=True)
class _There:
    """Entries of the register and of earlier lines: compared names → the present name; houses."""

    streets: dict[str, str]
    houses: set[tuple[str, str]]

    def standing(self, street: Street, house: Address) -> bool | LineFault:
        """Whether the street or house exists; a new one exists for the lines behind it."""
        key = normalised(street.name)
        present = self.streets.get(key)
        if present is not None and normalised(present) != key:
            return LineFault("street", ANOTHERS)
        if any(self.streets.get(normalised(name), present) != present for name in street.former):
            return LineFault("former", ANOTHERS)
        named = present is not None and all(normalised(name) in self.streets for name in street.former)
        known = named and (not house.house or (present or "", house.house) in self.houses)
        self.add(street, house)
        return known

    def add(self, street: Street, house: Address) -> None:
        present = self.streets.get(normalised(street.name), street.name)
        for name in (street.name, *street.former):
            self.streets.setdefault(normalised(name), present)
        self.houses.add((present, house.house))
