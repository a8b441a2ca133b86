"""Legal holds, and what hangs on them: the sets of held appeals, calls, citizens and numbers."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import BigInteger, CompoundSelect, Select, bindparam, cast, select, union, update

from hotline.errors import NotFound
from hotline.retention.holds import HeldThing, LegalHold
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import (
    appeals,
    calls,
    citizen_numbers,
    citizens,
    survey_calls,
    surveys,
)
from storage.tables import legal_holds as table

_STANDING = table.c.lifted_at.is_(None)
_THIS = (table.c.thing == bindparam("what")) & (table.c.subject == bindparam("which"))
_FIND = select(table).where(_THIS, _STANDING)
_ALL = select(table).where(_STANDING).order_by(table.c.placed_at.desc(), table.c.id.desc())
_LIFT = (
    update(table)
    .where(table.c.id == bindparam("hold"), _STANDING)
    .values(lifted_by=bindparam("by"), lifted_at=bindparam("at"))
)
_BY_ID = select(table.c.id).where(table.c.id == bindparam("hold"))
_KNOWN = {
    HeldThing.APPEAL: select(appeals.c.number).where(appeals.c.number == bindparam("which")),
    HeldThing.CALL: select(calls.c.id).where(calls.c.id == bindparam("which")),
    HeldThing.CITIZEN: select(citizens.c.id).where(citizens.c.id == bindparam("which", type_=BigInteger)),
}


@define(eq=False, repr=False)
class StoredHolds:
    """`hotline.retention.holds.LegalHolds` on a database."""

    _database: Database

    async def place(self, thing: HeldThing, subject: str, *, reason: str, by: int, at: datetime) -> LegalHold:
        which = {"which": int(subject) if thing is HeldThing.CITIZEN else subject}
        new = {"thing": thing.value, "subject": subject, "reason": reason, "placed_by": by, "placed_at": at}
        async with self._database.writing() as connection:
            if (await connection.execute(_KNOWN[thing], which)).first() is None:
                raise NotFound(f"There is no {thing} {subject}.")
            once = self._database.insert(table).values(new).on_conflict_do_nothing()
            await connection.execute(once)
            found = await connection.execute(_FIND, {"what": thing.value, "which": subject})
            return row_to(LegalHold, found.mappings().one())

    async def lift(self, hold_id: int, *, by: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            if (await connection.execute(_BY_ID, {"hold": hold_id})).first() is None:
                raise NotFound(f"There is no legal hold {hold_id}.")
            await connection.execute(_LIFT, {"hold": hold_id, "by": by, "at": at})

    async def find(self, thing: HeldThing, subject: str) -> LegalHold | None:
        async with self._database.reading() as connection:
            found = await connection.execute(_FIND, {"what": thing.value, "which": subject})
            row = found.mappings().first()
        return None if row is None else row_to(LegalHold, row)

    async def standing(self) -> Sequence[LegalHold]:
        async with self._database.reading() as connection:
            return [row_to(LegalHold, row) for row in (await connection.execute(_ALL)).mappings()]


def _held(thing: HeldThing) -> Select[tuple[str]]:
    return select(table.c.subject).where(table.c.thing == thing.value, _STANDING)


_APPEALS, _CALLS = _held(HeldThing.APPEAL), _held(HeldThing.CALL)
_CITIZENS = select(cast(table.c.subject, BigInteger)).where(
    table.c.thing == HeldThing.CITIZEN.value, _STANDING
)
_THEIR_NUMBERS = select(citizen_numbers.c.number).where(citizen_numbers.c.citizen_id.in_(_CITIZENS))

HELD_APPEALS: CompoundSelect[tuple[str]] = union(
    _APPEALS,
    select(appeals.c.number).where(appeals.c.applicant_id.in_(_CITIZENS)),
    select(appeals.c.number).where(appeals.c.call_id.in_(_CALLS)),
)
HELD_CALLS: CompoundSelect[tuple[str]] = union(
    _CALLS,
    select(calls.c.id).where(calls.c.number.in_(_THEIR_NUMBERS)),
    select(appeals.c.call_id).where(appeals.c.call_id.is_not(None), appeals.c.number.in_(HELD_APPEALS)),
    select(survey_calls.c.call_id)
    .join(surveys, surveys.c.id == survey_calls.c.survey_id)
    .where(surveys.c.appeal.in_(HELD_APPEALS)),
)
HELD_CITIZENS: CompoundSelect[tuple[int]] = union(
    _CITIZENS,
    select(appeals.c.applicant_id).where(appeals.c.applicant_id.is_not(None), appeals.c.number.in_(_APPEALS)),
)
HELD_NUMBERS: CompoundSelect[tuple[str]] = union(
    select(citizen_numbers.c.number).where(citizen_numbers.c.citizen_id.in_(HELD_CITIZENS)),
    select(appeals.c.applicant_number).where(
        appeals.c.applicant_number.is_not(None), appeals.c.number.in_(HELD_APPEALS)
    ),
    select(calls.c.number).where(calls.c.number.is_not(None), calls.c.id.in_(_CALLS)),
)
