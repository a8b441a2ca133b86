"""Import and export of appeals, with their applicants, executors, words and first line of history."""

import hashlib
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import RowMapping, Text, and_, bindparam, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal
from hotline.appeals.handling import first_entry
from hotline.appeals.registering import NewPerson
from hotline.city.city_rules import CityRules
from hotline.intake.appeals import APPEAL_COLUMNS, AppealLine, appeal_cells
from hotline.intake.appeals import read_appeal as read_line
from hotline.intake.executors import Enterprises
from hotline.intake.lines import Cells
from storage.appeals.history_rows import add_entry
from storage.appeals.register import read_appeal, values_of
from storage.appeals.registry import goes_first
from storage.appeals.texts import AppealText, AppealTexts
from storage.core.database import Database
from storage.enterprises.executors import read_executors
from storage.intake.citizens import Who, people, who
from storage.intake.counters import Counters
from storage.intake.register import READ_AT_ONCE, Seen
from storage.people.citizens import add_citizen
from storage.people.numbers import know_numbers
from storage.tables import Moment, appeals, citizens, executors

_THERE = select(appeals.c.number, appeals.c.idempotency_key).where(
    or_(
        appeals.c.number.in_(bindparam("numbers", expanding=True)),
        appeals.c.idempotency_key.in_(bindparam("keys", expanding=True)),
    )
)
_READ = (
    select(appeals, citizens.c.name, citizens.c.address.label("home"), executors.c.name.label("enterprise"))
    .outerjoin(citizens, citizens.c.id == appeals.c.applicant_id)
    .outerjoin(executors, executors.c.id == appeals.c.executor_id)
    .order_by(appeals.c.registered_at, appeals.c.number)
    .limit(READ_AT_ONCE)
)
_AT, _BEHIND = bindparam("at", type_=Moment), bindparam("behind", type_=Text)
_FURTHER = _READ.where(
    appeals.c.registered_at >= _AT,
    or_(appeals.c.registered_at > _AT, and_(appeals.c.registered_at == _AT, appeals.c.number > _BEHIND)),
)
_ADD = insert(appeals)


class AppealRegister:
    """`storage.intake.register.Register` of appeals. Files have the times of the city."""

    columns = APPEAL_COLUMNS

    def __init__(self, database: Database, texts: AppealTexts, city: CityRules) -> None:
        self._texts = texts
        self._city, self._zone = city, city.timezone
        self._counters = Counters(database)
        self._prepared: dict[AppealLine, AppealText] = {}

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], AppealLine]:
        enterprises = Enterprises(await read_executors(connection))
        return partial(read_line, zone=self._zone, enterprises=enterprises)

    def key(self, line: AppealLine) -> Hashable:
        return line.appeal.number or self._key(line)

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[AppealLine],
        seen: Seen,
    ) -> Sequence[bool]:
        del seen
        wanted = {
            "numbers": [one.appeal.number for one in records if one.appeal.number],
            "keys": [self._key(one) for one in records if not one.appeal.number],
        }
        there = {value for row in (await connection.execute(_THERE, wanted)).all() for value in row}
        return [self.key(record) in there for record in records]

    async def prepare(self, records: Sequence[AppealLine]) -> None:
        self._prepared = {one: await self._texts.of(one.appeal.text, one.appeal.address) for one in records}

    async def bring(self, connection: AsyncConnection, records: Sequence[AppealLine]) -> None:
        there = dict(await people(connection, (one.applicant.name for one in records if one.applicant)))
        for line in records:
            appeal = await self._registered(connection, line, there)
            key = None if line.appeal.number else self._key(line)
            await connection.execute(_ADD, values_of(appeal, self._city) | {"idempotency_key": key})
            await add_entry(connection, replace(first_entry(appeal), facts={"source": "import"}))
            await self._texts.add(connection, appeal.number, appeal.registered_at, self._prepared[line])
        await know_numbers(connection, [line.appeal.applicant_number for line in records])

    async def _registered(
        self, connection: AsyncConnection, line: AppealLine, there: dict[Who, int]
    ) -> Appeal:
        """Give the line's appeal what the register has and the file has not."""
        year = line.appeal.registered_at.astimezone(self._zone).year
        applicant = await _applicant(connection, line.applicant, there)
        first = applicant is not None and await goes_first(connection, applicant)
        appeal = replace(line.appeal, applicant_id=applicant, served_first=first)
        if not appeal.number:
            appeal = replace(appeal, number=await self._counters.number(connection, year))
        if not appeal.registration_index:
            index = await self._counters.index(connection, appeal, year)
            appeal = replace(appeal, registration_index=index)
        await self._counters.pass_by(connection, line.appeal, year)
        return appeal

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        rows = (await connection.execute(_READ)).mappings().all()
        while rows:
            for row in rows:
                yield appeal_cells(_line(row), self._zone)
            place = {"at": rows[-1]["registered_at"], "behind": rows[-1]["number"]}
            rows = (await connection.execute(_FURTHER, place)).mappings().all()

    def _key(self, line: AppealLine) -> str:
        """Name the line by what it says, so that the same line is one appeal however often it comes."""
        said = "\0".join(appeal_cells(line, self._zone))
        return "import:" + hashlib.sha256(said.encode()).hexdigest()


async def _applicant(
    connection: AsyncConnection, person: NewPerson | None, there: dict[Who, int]
) -> int | None:
    if person is None:
        return None
    key = who(person.name, person.address)
    if key not in there:
        there[key] = await add_citizen(connection, person.name, person.address, person.numbers)
    return there[key]


def _line(row: RowMapping) -> AppealLine:
    person = NewPerson(name=row["name"], address=row["home"]) if row["name"] else None
    return AppealLine(appeal=read_appeal(row), applicant=person, executor=row["enterprise"] or "")
