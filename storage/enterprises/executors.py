"""The register of executors and their contacts."""

from collections.abc import Mapping, Sequence
from datetime import time
from itertools import groupby
from typing import Any

import msgspec
from attrs import define
from sqlalchemy import RowMapping, Select, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import ENDED
from hotline.enterprises.executors import Contact, ContactHours, Executor, revision_of
from hotline.enterprises.open311 import Open311Endpoint
from hotline.errors import AlreadyTaken, ForbiddenTransition, NotFound, Outdated
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import appeals, executor_contacts, executors

_ALL = select(executors).order_by(executors.c.short, executors.c.id)
_ONE = select(executors).where(executors.c.id == bindparam("executor"))
KEEP_OPEN = _ONE.with_for_update(read=True, key_share=True)
"""Reads it with the lock under which something is given to it: it cannot be closed meanwhile."""
_CHANGE = _ONE.with_for_update()
_CONTACTS = select(executor_contacts).order_by(executor_contacts.c.executor_id, executor_contacts.c.id)
_CONTACTS_OF = _CONTACTS.where(executor_contacts.c.executor_id == bindparam("executor"))
_ADD = insert(executors).returning(executors.c.id)
_SET = update(executors).where(executors.c.id == bindparam("executor"))
_ADD_CONTACT = insert(executor_contacts)
_SET_CONTACT = update(executor_contacts).where(executor_contacts.c.id == bindparam("contact"))
_REMOVE_CONTACTS = delete(executor_contacts).where(
    executor_contacts.c.executor_id == bindparam("executor"),
    executor_contacts.c.id.not_in(bindparam("kept", expanding=True)),
)
_OWES = (
    select(appeals.c.number)
    .where(appeals.c.executor_id == bindparam("executor"), appeals.c.state.not_in(sorted(ENDED)))
    .limit(1)
)


@define(eq=False, repr=False)
class StoredExecutors:
    """`hotline.enterprises.executors.Executors` on a database."""

    _database: Database

    async def add(
        self, name: str, short: str, contacts: Sequence[Contact], *, demo: bool = False
    ) -> Executor:
        values = {"name": name, "short": short, "active": True, "demo": demo}
        try:
            async with self._database.writing() as connection:
                executor_id = (await connection.execute(_ADD, values)).scalar_one()
                await _keep_contacts(connection, executor_id, contacts)
                return await read_executor(connection, executor_id)
        except IntegrityError as error:
            raise AlreadyTaken(f"There is an executor {name} already.") from error

    async def get(self, executor_id: int) -> Executor:
        async with self._database.reading() as connection:
            return await read_executor(connection, executor_id)

    async def all(self) -> Sequence[Executor]:
        async with self._database.reading() as connection:
            return await read_executors(connection)

    async def update(self, executor: Executor, *, seen: str | None = None) -> Executor:
        names = {"name": executor.name, "short": executor.short, "active": executor.active}
        try:
            async with self._database.writing() as connection:
                present = await read_executor(connection, executor.id, reading=_CHANGE)
                if seen is not None and seen != revision_of(present):
                    raise Outdated(f"Somebody else changed {present.short} meanwhile.")
                if not executor.active:
                    await _require_owes_nothing(connection, executor)
                await connection.execute(_SET.values(**names), {"executor": executor.id})
                await _keep_contacts(connection, executor.id, executor.contacts)
                return await read_executor(connection, executor.id)
        except IntegrityError as error:
            raise AlreadyTaken(f"There is an executor {executor.name} already.") from error


async def read_executor(
    connection: AsyncConnection, executor_id: int, *, reading: Select[tuple[Any, ...]] = _ONE
) -> Executor:
    """Read it in a transaction that goes on; raises NotFound. `reading` may lock it."""
    wanted = {"executor": executor_id}
    row = (await connection.execute(reading, wanted)).mappings().first()
    if row is None:
        raise NotFound(f"There is no executor {executor_id}.")
    contacts = (await connection.execute(_CONTACTS_OF, wanted)).mappings()
    return _executor(row, tuple(map(_contact, contacts)))


async def read_executors(connection: AsyncConnection) -> Sequence[Executor]:
    """Read all of them, by short names."""
    rows = (await connection.execute(_ALL)).mappings().all()
    contacts = (await connection.execute(_CONTACTS)).mappings()
    of = {
        key: tuple(map(_contact, group)) for key, group in groupby(contacts, lambda one: one["executor_id"])
    }
    return [_executor(row, of.get(row["id"], ())) for row in rows]


def hours_as_json(hours: ContactHours) -> Mapping[str, Any]:
    return {
        "since": hours.since.isoformat("minutes"),
        "until": hours.until.isoformat("minutes"),
        "days": sorted(hours.days),
    }


def hours_of_json(kept: Mapping[str, Any]) -> ContactHours:
    return ContactHours(
        since=time.fromisoformat(kept["since"]),
        until=time.fromisoformat(kept["until"]),
        days=frozenset(kept["days"]),
    )


async def _require_owes_nothing(connection: AsyncConnection, executor: Executor) -> None:
    if (await connection.execute(_OWES, {"executor": executor.id})).first() is not None:
        raise ForbiddenTransition(f"{executor.short} still has appeals: give them to another first.")


async def _keep_contacts(connection: AsyncConnection, executor_id: int, contacts: Sequence[Contact]) -> None:
    kept = [one.id for one in contacts if one.id]
    await connection.execute(_REMOVE_CONTACTS, {"executor": executor_id, "kept": kept})
    for one in contacts:
        values = _values(one)
        if one.id:
            of = _SET_CONTACT.where(executor_contacts.c.executor_id == executor_id)
            await connection.execute(of.values(**values), {"contact": one.id})
        else:
            await connection.execute(_ADD_CONTACT, values | {"executor_id": executor_id})


def _values(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "kind": contact.kind.value,
        "rank": contact.order,
        "number": contact.number,
        "email": contact.email,
        "channels": [one.value for one in contact.channels],
        "hours": hours_as_json(contact.hours),
    }


def _executor(row: RowMapping, contacts: tuple[Contact, ...]) -> Executor:
    there = row["open311"]
    endpoint = None if there is None else msgspec.convert(there, Open311Endpoint)
    return Executor(**{**row, "open311": endpoint}, contacts=contacts)


def _contact(row: RowMapping) -> Contact:
    return row_to(Contact, row, order=row["rank"], hours=hours_of_json(row["hours"]))
