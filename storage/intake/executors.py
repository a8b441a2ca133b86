"""Enterprises and their contacts brought in and taken out: one line for each contact."""

from collections.abc import AsyncIterator, Hashable, Mapping, Sequence

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.searching import normalised
from hotline.enterprises.executors import Contact, Executor
from hotline.intake.lines import Cells
from hotline.intake.people import (
    EXECUTOR_COLUMNS,
    ContactRecord,
    ExecutorRecord,
    executor_cells,
    read_executor,
)
from storage.enterprises.executors import hours_as_json, read_executors
from storage.intake.register import Seen
from storage.tables import executor_contacts, executors

_ADD = insert(executors).returning(executors.c.id)
_ADD_CONTACT = insert(executor_contacts)


class ExecutorRegister:
    """`storage.intake.register.Register` of executors. A city has few: all are read at once."""

    columns = EXECUTOR_COLUMNS

    def read(self, cells: Cells) -> ExecutorRecord:
        return read_executor(cells)

    def key(self, record: ExecutorRecord) -> Hashable:
        return normalised(record.name), _contact_key(record.contact)

    async def known(
        self,
        connection: AsyncConnection,
        records: Sequence[ExecutorRecord],
        seen: Seen,
    ) -> Sequence[bool]:
        del seen
        there: set[Hashable] = set()
        for one in await read_executors(connection):
            there |= {self.key(record) for record in _records(one)} | {(normalised(one.name), None)}
        return [self.key(record) in there for record in records]

    async def prepare(self, records: Sequence[ExecutorRecord]) -> None:
        pass

    async def bring(self, connection: AsyncConnection, records: Sequence[ExecutorRecord]) -> None:
        ids = {normalised(one.name): one.id for one in await read_executors(connection)}
        for record in records:
            key = normalised(record.name)
            if key not in ids:
                values = {"name": record.name, "short": record.short, "active": record.active, "demo": False}
                ids[key] = (await connection.execute(_ADD, values)).scalar_one()
            if record.contact:
                await connection.execute(_ADD_CONTACT, {**_values(record.contact), "executor_id": ids[key]})

    async def everything(self, connection: AsyncConnection) -> AsyncIterator[Sequence[str]]:
        for one in await read_executors(connection):
            for record in _records(one):
                yield executor_cells(record)


def _records(of: Executor) -> Sequence[ExecutorRecord]:
    contacts: Sequence[ContactRecord | None] = [_record(one) for one in of.contacts] or [None]
    return [ExecutorRecord(name=of.name, short=of.short, contact=one, active=of.active) for one in contacts]


def _record(of: Contact) -> ContactRecord:
    return ContactRecord(
        name=of.name,
        kind=of.kind,
        order=of.order,
        number=of.number,
        email=of.email,
        hours=of.hours,
        channels=of.channels,
    )


def _contact_key(of: ContactRecord | None) -> Hashable:
    return None if of is None else (normalised(of.name), of.kind, of.number, of.email)


def _values(of: ContactRecord) -> Mapping[str, object]:
    return {
        "name": of.name,
        "kind": of.kind.value,
        "rank": of.order,
        "number": of.number,
        "email": of.email,
        "channels": [one.value for one in of.channels],
        "hours": hours_as_json(of.hours),
    }
