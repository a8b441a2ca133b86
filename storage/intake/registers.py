"""All registers that can be imported and exported."""

from collections.abc import AsyncIterator, Mapping, Sequence

from hotline.city.city_rules import CityRules
from hotline.clock import Clock
from hotline.intake.imports import RegisterKind
from storage.appeals.texts import AppealTexts
from storage.core.database import Database
from storage.intake.addresses import AddressRegister
from storage.intake.appeals import AppealRegister
from storage.intake.citizens import CitizenRegister
from storage.intake.executors import ExecutorRegister
from storage.intake.outages import OutageRegister
from storage.intake.register import Register


class Registers:
    """The registers by their kinds, all on one database. Files have the times of the city."""

    def __init__(self, database: Database, texts: AppealTexts, city: CityRules, clock: Clock) -> None:
        self._database = database
        self.by_kind: Mapping[RegisterKind, Register] = {
            RegisterKind.CITIZENS: CitizenRegister(clock),
            RegisterKind.ADDRESSES: AddressRegister(database),
            RegisterKind.EXECUTORS: ExecutorRegister(),
            RegisterKind.APPEALS: AppealRegister(database, texts, city),
            RegisterKind.OUTAGES: OutageRegister(city.timezone, clock),
        }

    def headings(self, kind: RegisterKind) -> Sequence[str]:
        return [column.uk for column in self.by_kind[kind].columns]

    async def everything(self, kind: RegisterKind) -> AsyncIterator[Sequence[str]]:
        """Take a register out, line by line."""
        async with self._database.reading() as connection:
            async for cells in self.by_kind[kind].everything(connection):
                yield cells
