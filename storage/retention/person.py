"""All that is held on one citizen, by the rules of the sweep: read whole, and erased as far as may be.

Theirs are the rows under their own numbers, their appeals, and the calls of both. A number that another
citizen has as well is nobody's own: a call from it may be the other's.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, false, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import ENDED, AppealState
from hotline.contact.channel import Channel
from hotline.errors import NotFound
from hotline.retention.deletions import DeletedBy
from hotline.retention.holds import HeldThing, LegalHold, UnderLegalHold
from hotline.retention.person import Dossier, HeldFile, KeptAppeal, Reasons
from hotline.retention.terms import Kind, Retention
from storage.core.database import Database
from storage.core.rows import row_to
from storage.outages.subscriptions import StoredOutageSubscriptions
from storage.retention.holds import HELD_APPEALS, HELD_CALLS, HELD_CITIZENS, HELD_NUMBERS
from storage.retention.rule import Rule
from storage.retention.rules import RULES, in_no_appeal
from storage.retention.sweep import remove
from storage.tables import (
    appeal_files,
    appeal_texts,
    appeals,
    assessments,
    audit,
    calls,
    chat_photos,
    chats,
    citizen_numbers,
    citizen_requests,
    citizen_words,
    citizens,
    do_not_call,
    keyed_requests,
    known_numbers,
    legal_holds,
    recording_figures,
    recording_links,
    recordings,
    voice_messages,
)

_SECOND = timedelta(seconds=1)
_WHATEVER_ITS_AGE = datetime(9999, 1, 1, tzinfo=UTC)
_READ_AT_ONCE = 1000
_INDEXES = frozenset(
    {
        *(citizen_words, citizen_requests, appeal_texts, keyed_requests, known_numbers),
        *(recording_figures, recording_links, assessments),
    }
)
"""Tables that say nothing of a citizen which the others do not say."""
_OURS = frozenset(
    {"address_key", "code", "held_by", "idempotency_key", "lemmas", "provider_id", "renewed_at", "sha256"}
)
"""Columns that say nothing of a person."""
_THEIR_NUMBERS = select(citizen_numbers.c.number).where(citizen_numbers.c.citizen_id == bindparam("citizen"))
_OTHERS = citizen_numbers.alias("others")
_SHARED = _THEIR_NUMBERS.where(
    select(_OTHERS.c.number)
    .where(_OTHERS.c.number == citizen_numbers.c.number, _OTHERS.c.citizen_id != bindparam("citizen"))
    .exists()
).order_by(citizen_numbers.c.number)
_CITIZEN = select(citizens.c.id).where(citizens.c.id == bindparam("citizen"))
_IS_HELD = (
    select(legal_holds)
    .where(
        legal_holds.c.lifted_at.is_(None),
        or_(
            (legal_holds.c.thing == HeldThing.CITIZEN.value) & (legal_holds.c.subject == bindparam("named")),
            (legal_holds.c.thing == HeldThing.APPEAL.value)
            & legal_holds.c.subject.in_(
                select(appeals.c.number).where(appeals.c.applicant_id == bindparam("citizen"))
            ),
        ),
    )
    .order_by(legal_holds.c.id)
)


@define
class _Person:
    """A citizen, with the numbers that are theirs alone."""

    id: int
    numbers: Sequence[str]

    @property
    def appeals(self) -> Select[tuple[str]]:
        unnamed = appeals.c.applicant_id.is_(None) & appeals.c.applicant_number.in_(self.numbers)
        return select(appeals.c.number).where((appeals.c.applicant_id == self.id) | unnamed)

    @property
    def calls(self) -> Any:
        return union(
            select(calls.c.id).where(calls.c.number.in_(self.numbers)),
            select(appeals.c.call_id).where(
                appeals.c.call_id.is_not(None), appeals.c.number.in_(self.appeals)
            ),
        )

    def owns(self, rule: Rule) -> ColumnElement[bool]:
        """Match the rows of the rule that are theirs, by the columns by which legal holds reach it."""
        sets = {
            id(HELD_APPEALS): self.appeals,
            id(HELD_CALLS): self.calls,
            id(HELD_CITIZENS): [self.id],
            id(HELD_NUMBERS): self.numbers,
        }
        return or_(false(), *(one.column.in_(sets[id(one.among)]) for one in rule.held))

    def erasable(self, rule: Rule) -> ColumnElement[bool]:
        """Match those of them that nothing holds, and that are of no call which belongs to an appeal."""
        calls_of = [one.column for one in rule.held if one.among is HELD_CALLS]
        free = [in_no_appeal(one) for one in calls_of]
        return and_(self.owns(rule), rule.due, *free)


@define(eq=False, repr=False)
class StoredPersonData:
    """`hotline.retention.person.PersonData` on a database."""

    _database: Database

    async def reasons(self, citizen_id: int, kept: Retention) -> Reasons:
        async with self._database.reading() as connection:
            person = await _person(connection, citizen_id)
            shared = (await connection.execute(_SHARED, {"citizen": citizen_id})).scalars().all()
            holds = await connection.execute(_IS_HELD, {"citizen": citizen_id, "named": str(citizen_id)})
            found = await connection.execute(
                select(
                    appeals.c.number,
                    appeals.c.state,
                    func.coalesce(appeals.c.state_since, appeals.c.registered_at).label("since"),
                )
                .where(appeals.c.number.in_(person.appeals))
                .order_by(appeals.c.number)
            )
            theirs = [
                KeptAppeal(
                    number=row.number,
                    until=row.since + kept.appeals if AppealState(row.state) in ENDED else None,
                )
                for row in found
            ]
            return Reasons(
                holds=[row_to(LegalHold, row) for row in holds.mappings()], appeals=theirs, shared=shared
            )

    async def erase(self, citizen_id: int, kept: Retention, at: datetime) -> int:
        if (await self.reasons(citizen_id, kept)).holds:
            raise UnderLegalHold(f"Citizen {citizen_id} is under a legal hold.")
        person = await self._person(citizen_id)
        subscriptions = StoredOutageSubscriptions(self._database)
        for number in person.numbers:
            await subscriptions.stop(Channel.SMS, number, at - _SECOND)
        return sum(
            [
                await self._erased(rule, person, at)
                for rule in RULES
                if rule.held and rule.kind is not Kind.APPEALS
            ]
        )

    async def _erased(self, rule: Rule, person: _Person, at: datetime) -> int:
        return await remove(
            self._database,
            rule,
            person.erasable(rule),
            before=_WHATEVER_ITS_AGE,
            at=at,
            cause=DeletedBy.ERASURE,
            term=timedelta(),
        )

    async def everything(self, citizen_id: int) -> AsyncIterator[Dossier]:
        for table, which in _theirs(await self._person(citizen_id)).items():
            shown = [one for one in table.columns if one.name not in _OURS]
            asked = select(*shown).where(or_(*which)).order_by(*table.primary_key.columns)
            at, rows = 0, [dict[str, Any]()] * _READ_AT_ONCE
            while len(rows) == _READ_AT_ONCE:
                rows = await self._read(asked.limit(_READ_AT_ONCE).offset(at))
                at += _READ_AT_ONCE
                if rows:
                    yield Dossier(table=table.name, rows=rows)

    async def files(self, citizen_id: int) -> AsyncIterator[HeldFile]:
        person = await self._person(citizen_id)
        talks = select(recordings).where(recordings.c.call_id.in_(person.calls)).order_by(recordings.c.id)
        for row in await self._read(talks):
            # Until there is a copy to listen to, their own side.
            place = row["listening_file"] or row["caller_file"]
            name = f"{row['id']}{PurePath(place).suffix}"
            yield HeldFile(folder="recordings", name=name, place=place)
        theirs = voice_messages.c.call_id.in_(person.calls), voice_messages.c.number.in_(person.numbers)
        for row in await self._read(select(voice_messages).where(or_(*theirs)).order_by(voice_messages.c.id)):
            yield HeldFile(folder="messages", name=f"{row['id']}.wav", place=row["file"])
        papers = select(appeal_files).where(appeal_files.c.number.in_(person.appeals))
        for row in await self._read(papers.order_by(appeal_files.c.id)):
            name = f"{row['number']}-{row['id']}-{row['name']}"
            yield HeldFile(folder="files", name=name, place=row["key"], of_appeal=True)
        sent = select(chat_photos).join(chats).where(chats.c.number.in_(person.numbers))
        for row in await self._read(sent.order_by(chat_photos.c.chat_id, chat_photos.c.at)):
            name = f"chat-{row['chat_id']}-{row['key'][:8]}.jpg"
            yield HeldFile(folder="files", name=name, place=row["key"], of_appeal=True)

    async def _person(self, citizen_id: int) -> _Person:
        async with self._database.reading() as connection:
            return await _person(connection, citizen_id)

    async def _read(self, asked: Select[Any]) -> list[dict[str, Any]]:
        """Read one part; nobody keeps a connection while what was read is on its way."""
        async with self._database.reading() as connection:
            return [dict(row) for row in (await connection.execute(asked)).mappings()]


async def _person(connection: AsyncConnection, citizen_id: int) -> _Person:
    asked = {"citizen": citizen_id}
    if (await connection.execute(_CITIZEN, asked)).first() is None:
        raise NotFound(f"There is no citizen {citizen_id}.")
    shared = set((await connection.execute(_SHARED, asked)).scalars())
    numbers = (await connection.execute(_THEIR_NUMBERS, asked)).scalars().all()
    return _Person(id=citizen_id, numbers=[one for one in numbers if one not in shared])


def _theirs(person: _Person) -> dict[Table, list[ColumnElement[bool]]]:
    """Give the tables that hold something on them, with what is theirs in each; the card comes first."""
    found: dict[Table, list[ColumnElement[bool]]] = {citizens: [citizens.c.id == person.id]}
    for rule in RULES:
        if not rule.held:
            continue
        which = person.owns(rule)
        found.setdefault(rule.table, []).append(which)
        key = next(iter(rule.table.primary_key.columns))
        for part in rule.parts:
            of = part.of(select(key).where(which))
            found.setdefault(part.table, []).append(of)
    found[do_not_call] = [do_not_call.c.number.in_(person.numbers)]
    found[audit] = [audit.c.subject == f"citizen:{person.id}"]
    return {table: which for table, which in found.items() if table not in _INDEXES}
