"""The register of appeals as the dispatchers need it: numbering, earlier appeals alike, consultations."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal, AppealState, Subject
from hotline.appeals.registering import Likeness, NewAppeal, NewPerson, Similar, TrialCallOnly
from hotline.appeals.statute import law_end, recounted
from hotline.calls.call import is_trial
from hotline.city.days_off import DAYS_OFF
from hotline.city.search_terms import normalised
from hotline.city.terms import Deadline
from hotline.errors import AlreadyTaken, NotFound
from hotline.people.benefits import served_first
from hotline.portal.public_texts import TextState
from storage.appeals.changes import AppealWriter
from storage.appeals.days_off import known_days_off, present_days_off
from storage.appeals.links import lock_parent
from storage.appeals.numbering import Indices
from storage.appeals.register import StoredAppeals, read_appeal
from storage.appeals.texts import AppealText, AppealTexts
from storage.core.database import Database, Into
from storage.people.citizens import add_citizen, note_benefits
from storage.people.numbers import know_numbers
from storage.tables import (
    appeal_chats,
    appeal_counters,
    appeals,
    citizen_benefits,
    citizens,
    consultations,
    public_texts,
    users,
)

MOST_SIMILAR = 10
MOST_OF_CALL = 20
DIGITS = 5
"""The fewest digits of the running number; two digits of the year come before it."""

_ADD = insert(appeals).returning(appeals)
_BY_KEY = select(appeals).where(appeals.c.idempotency_key == bindparam("key"))
_OF_CALL = (
    select(appeals)
    .where(appeals.c.call_id == bindparam("of_call"))
    .order_by(appeals.c.registered_at.desc(), appeals.c.number.desc())
    .limit(MOST_OF_CALL)
)
_KNOWN = select(appeals.c.number).where(appeals.c.number == bindparam("appeal"))
_CITIZEN = select(citizens.c.id).where(citizens.c.id == bindparam("citizen"))
_BENEFITS = select(citizen_benefits.c.code).where(citizen_benefits.c.citizen_id == bindparam("citizen"))
_ALIKE = (
    select(appeals)
    .where(
        appeals.c.category == bindparam("of_category"),
        appeals.c.address_key == bindparam("key"),
        appeals.c.registered_at >= bindparam("since"),
    )
    .order_by(appeals.c.registered_at.desc(), appeals.c.number.desc())
    .limit(MOST_SIMILAR)
)
_CONSULTED = insert(consultations)
_CONSULTANT = select(users.c.id).where(users.c.id == bindparam("user_id")).with_for_update(key_share=True)
_CONSULTED_BEFORE = select(
    exists().where(
        consultations.c.call_id == bindparam("call_id"),
        consultations.c.user_id == bindparam("user_id"),
        consultations.c.text == bindparam("text", type_=consultations.c.text.type),
    )
)
"""The same form came before in this call: its answer was lost, or Enter was pressed twice."""
_WRITTEN = insert(appeal_chats)
_NOT_COPIED = {"applicant", "categories", "idempotency_key", "publish", "written_from", "year"}
_COPIED = [one.name for one in fields(NewAppeal) if one.name not in _NOT_COPIED]


@cache
def _counting(into: Into) -> Any:
    return (
        into(appeal_counters)
        .values(last=1)
        .on_conflict_do_update(
            index_elements=[appeal_counters.c.year], set_={"last": appeal_counters.c.last + 1}
        )
        .returning(appeal_counters.c.last)
    )


class StoredRegistry(StoredAppeals):
    """`hotline.appeals.registering.Registry` on a database."""

    def __init__(self, database: Database, texts: AppealTexts, writer: AppealWriter) -> None:
        super().__init__(database, texts, writer.city)
        self._writer = writer
        self._count = _counting(database.insert)
        self._indices = Indices(database)

    async def enter(self, appeal: NewAppeal) -> Appeal:
        if is_trial(appeal.call_id):
            raise TrialCallOnly(f"{appeal.call_id} is a trial call: nothing of it is registered.")
        text = await self._texts.of(appeal.text, appeal.address)
        try:
            async with self._database.writing() as connection:
                known = await self._by_key(connection, appeal.idempotency_key)
                return known or await self._new(connection, appeal, text)
        except IntegrityError as error:  # the same form came in at the same moment, or the number is taken
            if entered := await self.by_idempotency_key(appeal.idempotency_key):
                return entered
            raise AlreadyTaken("The next number of an appeal is in use: try again.") from error

    async def by_idempotency_key(self, idempotency_key: str) -> Appeal | None:
        async with self._database.reading() as connection:
            return await self._by_key(connection, idempotency_key)

    async def of_call(self, call_id: str) -> Sequence[Appeal]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF_CALL, {"of_call": call_id})).mappings().all()
        return [read_appeal(row) for row in rows]

    async def similar(
        self, *, category: str, address: str, number: str | None, applicant: int | None, since: datetime
    ) -> Sequence[Similar]:
        values = {"of_category": category, "key": normalised(address), "since": since}
        if not values["key"]:
            return ()
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ALIKE, values)).mappings().all()
        order = list(Likeness)
        found = [
            Similar(appeal=one, likeness=_likeness(one, number, applicant)) for one in map(read_appeal, rows)
        ]
        return sorted(found, key=lambda one: order.index(one.likeness))

    async def consulted(self, *, call_id: str | None, user_id: int, text: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            values = {"call_id": call_id, "user_id": user_id, "text": text, "at": at}
            await connection.execute(_CONSULTANT, values)  # of one sent twice the second waits here
            sent_twice = call_id and (await connection.execute(_CONSULTED_BEFORE, values)).scalar()
            if not sent_twice:
                await connection.execute(_CONSULTED, values)

    async def _by_key(self, connection: AsyncConnection, key: str) -> Appeal | None:
        if not key:
            return None
        row = (await connection.execute(_BY_KEY, {"key": key})).mappings().first()
        return None if row is None else read_appeal(row)

    async def _new(self, connection: AsyncConnection, appeal: NewAppeal, text: AppealText) -> Appeal:
        values: dict[str, Any] = {name: getattr(appeal, name) for name in _COPIED}
        values |= {"details": msgspec.to_builtins(appeal.details)}
        values |= await self._term(connection, appeal)
        values["number"] = await self._next_number(connection, appeal.year)
        applicant = await _applicant(connection, appeal.applicant)
        values["applicant_id"] = applicant
        if applicant is not None and appeal.categories is not None:
            await note_benefits(connection, applicant, appeal.categories, appeal.registered_at)
        values["served_first"] = applicant is not None and await goes_first(connection, applicant)
        if appeal.applicant is None and appeal.subject is Subject.INDIVIDUAL:
            values["subject"] = Subject.ANONYMOUS
        values["state"] = AppealState.REGISTERED
        values["state_since"] = appeal.registered_at
        values["address_key"] = normalised(appeal.address)
        values["idempotency_key"] = appeal.idempotency_key or None
        values = {name: one.value if isinstance(one, Enum) else one for name, one in values.items()}
        values["registration_index"] = await self._indices.next(
            connection,
            kind=appeal.kind,
            subject=appeal.subject,
            applicant=applicant,
            number=values["number"],
            year=appeal.year,
        )
        await _require_earlier(connection, appeal.earlier)
        entered = read_appeal((await connection.execute(_ADD, values)).mappings().one())
        await self._texts.add(connection, entered.number, entered.registered_at, text)
        if appeal.publish:
            agreed = {
                "number": entered.number,
                "state": TextState.WAITING.value,
                "agreed_at": appeal.registered_at,
            }
            await connection.execute(insert(public_texts), agreed)
        if appeal.written_from is not None:
            whence = asdict(appeal.written_from) | {"medium": appeal.written_from.medium.value}
            await connection.execute(_WRITTEN, {"appeal": entered.number, **whence})
        await know_numbers(connection, [entered.applicant_number])
        return await self._hand_over(connection, entered)

    async def _term(self, connection: AsyncConnection, appeal: NewAppeal) -> Mapping[str, Any]:
        """Give the fields of the term, counted again where other days off have come into force meanwhile."""
        city, present = self._writer.city, await present_days_off(connection)
        term = city.settled(Deadline(due_on=appeal.due_on, due_at=appeal.due_at))
        given = replace(appeal, due_on=term.due_on, due_at=term.due_at)
        counted = (recounted(given, city, one, present) for one in known_days_off())
        term = next(filter(None, counted), term)
        with DAYS_OFF.supposing(present):
            law = law_end(replace(appeal, due_on=term.due_on, due_at=term.due_at), city)
        return {"due_on": term.due_on, "due_at": term.due_at, "law_ends_at": law and law.due_at}

    async def _hand_over(self, connection: AsyncConnection, entered: Appeal) -> Appeal:
        parent = None if entered.parent is None else await lock_parent(connection, entered.parent)
        return await self._writer.registered(connection, entered, parent)

    async def _next_number(self, connection: AsyncConnection, year: int) -> str:
        running = (await connection.execute(self._count, {"year": year})).scalar_one()
        return f"{year % 100:02d}{running:0{DIGITS}d}"


async def _applicant(connection: AsyncConnection, who: int | NewPerson | None) -> int | None:
    if isinstance(who, NewPerson):
        return await add_citizen(connection, who.name, who.address, who.numbers)
    if who is not None and (await connection.execute(_CITIZEN, {"citizen": who})).first() is None:
        raise NotFound(f"There is no citizen {who}.")
    return who


async def goes_first(connection: AsyncConnection, citizen: int) -> bool:
    """Whether the citizen's categories, as the register has them, let their appeals go before others."""
    return served_first((await connection.execute(_BENEFITS, {"citizen": citizen})).scalars())


async def _require_earlier(connection: AsyncConnection, number: str | None) -> None:
    if number and (await connection.execute(_KNOWN, {"appeal": number})).first() is None:
        raise NotFound(f"There is no appeal {number}.")


def _likeness(appeal: Appeal, number: str | None, applicant: int | None) -> Likeness:
    if applicant is not None and appeal.applicant_id == applicant:
        return Likeness.PERSON
    if number is not None and appeal.applicant_number == number:
        return Likeness.NUMBER
    return Likeness.ADDRESS
