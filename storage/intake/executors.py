"""Import and export of enterprises and their contacts: one line for each contact."""

from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import normalised
from hotline.enterprises.executors import Contact, Executor
from hotline.intake.executors import EXECUTOR_COLUMNS, executor_cells, read_executor
from hotline.intake.lines import Cells
from storage.enterprises.executors import hours_as_json, read_executors
from storage.intake.register import Seen
from storage.tables import executor_contacts, executors

_ADD = insert(executors).returning(executors.c.id)
_ADD_CONTACT = insert(executor_contacts)


class ExecutorRegister:
    """`storage.intake.register.Register` of executors. A city has few: all are read at once."""

    columns = EXECUTOR_COLUMNS

    async def reader(self, connection: AsyncConnection) -> Callable[[Cells], Executor]:
        del connection
        return read_executor

    def key(self, record: Executor) -> Hashable:
        return normalised(record.name), *map(_contact_key, record.contacts)

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[Executor],
        seen: Seen,
    ) -> Sequence[bool]:
        del seen
        there: set[Hashable] = set()
        for one in await read_executors(connection):
            name = normalised(one.name)
            there |= {(name,)} | {(name, _contact_key(each)) for each in one.contacts}
        return [self.key(record) in there for record in records]

    async def prepare(self, records: Sequence[Executor]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[Executor]) -> None:
        ids = {normalised(one.name): one.id for one in await read_executors(connection)}
        for record in records:
            key = normalised(record.name)
            if key not in ids:
                values = {"name": record.name, "short": record.short, "active": record.active, "demo": False}
                ids[key] = (await connection.execute(_ADD, values)).scalar_one()
            for contact in record.contacts:
                await connection.execute(_ADD_CONTACT, {**_values(contact), "executor_id": ids[key]})

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        for one in await read_executors(connection):
            for cells in executor_cells(one):
                yield cells


def _contact_key(of: Contact) -> Hashable:
    return normalised(of.name), of.kind, of.number, of.email


def _values(of: Contact) -> Mapping[str, object]:
    return {
        "name": of.name,
        "kind": of.kind.value,
        "rank": of.order,
        "number": of.number,
        "email": of.email,
        "channels": [one.value for one in of.channels],
        "hours": hours_as_json(of.hours),
    }
