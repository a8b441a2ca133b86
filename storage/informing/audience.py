"""Looks up the residents whom an order is for, batch by batch through the register of citizens."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Gazetteer
from hotline.enterprises.executors import Executors
from hotline.informing.orders import Audience
from storage.people.citizens import PERSON
from storage.tables import citizen_numbers, citizens

AT_ONCE = 100
"""So few that calls wait for none of them, however many citizens there are."""
_PAGE = PERSON.where(citizens.c.id > bindparam("behind")).order_by(citizens.c.id).limit(AT_ONCE)
_NUMBERS = (
    select(citizen_numbers)
    .where(citizen_numbers.c.citizen_id.in_(bindparam("people", expanding=True)))
    .order_by(citizen_numbers.c.citizen_id, citizen_numbers.c.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """Somebody with an address: a number, E.164, or of others than residents an e-mail address."""

    name: str
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceBatch:
    """Some of them; `looked_up_to` is the last citizen who was looked at."""

    people: Sequence[Resident]
    looked_up_to: int


async def residents(
    connection: AsyncConnection, audience: Audience, gazetteer: Gazetteer, behind: int
) -> AsyncIterator[AudienceBatch]:
    """Give, part by part, who lives in its areas and has one of its categories, behind that citizen."""
    if audience.nobody:
        return
    wanted = frozenset(audience.benefits)
    while rows := (await connection.execute(_PAGE, {"behind": behind})).all():
        behind = rows[-1].id
        fitting = {
            row.id: row.name
            for row in rows
            if (not wanted or wanted & set((row.benefits or "").split()))
            and _lives_there(row.address, audience, gazetteer)
        }
        numbers: dict[int, list[str]] = {citizen_id: [] for citizen_id in fitting}
        if fitting:
            for one in await connection.execute(_NUMBERS, {"people": list(fitting)}):
                numbers[one.citizen_id].append(one.number)
        people = [Resident(name=name, numbers=numbers[one]) for one, name in fitting.items()]
        yield AudienceBatch(people=people, looked_up_to=behind)


async def others(audience: Audience, executors: Executors) -> Sequence[Resident]:
    """Give the contacts of enterprises, if it is for them, and who stands in its list."""
    listed = [Resident(name="", numbers=[one]) for one in audience.listed]
    if not audience.enterprises:
        return listed
    contacts = [
        Resident(name=f"{one.short}: {contact.name}", numbers=[way for way in ways if way])
        for one in await executors.all()
        if one.active
        for contact in one.contacts
        if (ways := (contact.number, contact.email))
    ]
    return [*contacts, *listed]


def _lives_there(address: str, audience: Audience, gazetteer: Gazetteer) -> bool:
    if not audience.areas:
        return True
    there = gazetteer.locate(address)
    return there is not None and any(area.covers(there) for area in audience.areas)
