"""The one search: over people, appeals and calls, by numbers, names, places and words; all indexed reads."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from attrs import define
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal
from hotline.calls.call import CallRecord
from hotline.city.search_terms import SearchTerm, Terms, words
from hotline.desk.search import LONGEST_TEXT, Found, FoundPerson, ResultGroup, digits_of, last_digits
from hotline.tasks.task import TaskFilter
from storage.appeals.register import read_appeal
from storage.appeals.texts import AppealTexts
from storage.calls.log import read_call
from storage.city.places_typed import read_place
from storage.core.database import Database
from storage.people.citizens import read_citizens
from storage.people.numbers import numbers_ending
from storage.people.people_search import people_living, people_named
from storage.speech.transcripts import StoredTranscripts
from storage.tables import appeals, calls, citizen_numbers
from storage.tasks.tasks import StoredTasks

MOST_NUMBERS = 20
_AFTER_DIGITS = "9" * 20

_NEWEST = (appeals.c.registered_at.desc(), appeals.c.number.desc())
_APPEALS_OF = (
    select(appeals)
    .where(appeals.c.applicant_number.in_(bindparam("numbers", expanding=True)))
    .order_by(*_NEWEST)
    .limit(bindparam("most"))
)
_APPEAL = select(appeals).where(appeals.c.number == bindparam("digits"))
_APPEALS_NUMBERED = (
    select(appeals)
    .where(appeals.c.number.between(bindparam("digits"), bindparam("last")))
    .order_by(appeals.c.number.desc())
    .limit(bindparam("most"))
)
_APPEALS = select(appeals).where(appeals.c.number.in_(bindparam("found", expanding=True)))
_CALLS_OF = (
    select(calls)
    .where(calls.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(calls.c.arrived_at.desc(), calls.c.id.desc())
    .limit(bindparam("most"))
)
_PEOPLE_WITH = (
    select(citizen_numbers.c.citizen_id)
    .where(citizen_numbers.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(citizen_numbers.c.number, citizen_numbers.c.citizen_id)
    .limit(bindparam("most"))
)
_NUMBERS = select(citizen_numbers).where(
    citizen_numbers.c.citizen_id.in_(bindparam("people", expanding=True))
)


@define(eq=False, repr=False)
class StoredSearch:
    """`hotline.desk.search.Search` on a database."""

    _database: Database
    _texts: AppealTexts
    _transcripts: StoredTranscripts
    _tasks: StoredTasks

    async def find(self, text: str, groups: Collection[ResultGroup], limit: int) -> Found:
        asked = text[:LONGEST_TEXT]
        async with self._database.reading_planned() as connection:
            if last := last_digits(asked):
                return await self._by_number(connection, digits_of(asked) or last, last, groups, limit)
            found = await self._by_words(connection, asked, groups, limit)
        if ResultGroup.TASKS in groups and (wanted := await self._texts.terms(asked)):
            found = replace(found, tasks=await self._tasks.find(TaskFilter(terms=wanted), limit=limit))
        if ResultGroup.SPOKEN in groups:
            terms, spoken = await self._transcripts.find(asked, limit)
            return replace(found, spoken=spoken, terms=terms)
        return found

    async def _by_number(
        self, connection: AsyncConnection, digits: str, last: str, groups: Collection[ResultGroup], limit: int
    ) -> Found:
        numbers = {"numbers": await numbers_ending(connection, last, MOST_NUMBERS), "most": limit}
        people: Sequence[FoundPerson] = ()
        found: list[Appeal] = []
        called: Sequence[CallRecord] = ()
        if ResultGroup.PEOPLE in groups:
            people = await _people(
                connection, (await connection.execute(_PEOPLE_WITH, numbers)).scalars().all()
            )
        if ResultGroup.APPEALS in groups:
            found = await self._appeals_by_number(connection, digits, numbers, limit)
        if ResultGroup.CALLS in groups:
            called = [read_call(row) for row in (await connection.execute(_CALLS_OF, numbers)).mappings()]
        return Found(people=people, appeals=found, calls=called)

    async def _appeals_by_number(
        self, connection: AsyncConnection, digits: str, numbers: dict[str, object], limit: int
    ) -> list[Appeal]:
        bounds = {"digits": digits, "last": digits + _AFTER_DIGITS, "most": limit}
        rows = [*(await connection.execute(_APPEAL, {"digits": digits})).mappings()]
        rows += (await connection.execute(_APPEALS_NUMBERED, bounds)).mappings()
        rows += (await connection.execute(_APPEALS_OF, numbers)).mappings()
        by_number = {row["number"]: row for row in rows}
        return [read_appeal(row) for row in list(by_number.values())[:limit]]

    async def _by_words(
        self, connection: AsyncConnection, text: str, groups: Collection[ResultGroup], limit: int
    ) -> Found:
        place = await read_place(connection, text)
        terms = await self._texts.terms(text)
        at_place: Terms = ()
        if place is not None:
            others = await self._texts.terms(" ".join(place.others))
            at_place = [SearchTerm(frozenset(place.tokens)), *others]
        people: Sequence[FoundPerson] = ()
        found: Sequence[Appeal] = ()
        if ResultGroup.PEOPLE in groups:
            ids = await people_named(connection, words(text), limit)
            if place is not None and not place.others:
                ids = list(dict.fromkeys([*ids, *await people_living(connection, place.tokens, limit)]))
            people = await _people(connection, ids[:limit])
        if ResultGroup.APPEALS in groups and terms:
            found = await self._appeals_with(connection, [terms, at_place], limit)
        return Found(people=people, appeals=found, terms=terms)

    async def _appeals_with(
        self, connection: AsyncConnection, alternatives: Sequence[Terms], limit: int
    ) -> Sequence[Appeal]:
        newest = await self._texts.newest(connection, alternatives, limit)
        rows = (await connection.execute(_APPEALS, {"found": newest})).mappings()
        by_number = {row["number"]: read_appeal(row) for row in rows}
        return [by_number[number] for number in newest if number in by_number]


async def _people(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[FoundPerson]:
    """Read these people, in this order."""
    if not ids:
        return ()
    citizens = await read_citizens(connection, ids)
    numbers: dict[int, list[str]] = {}
    for row in (await connection.execute(_NUMBERS, {"people": ids})).mappings():
        numbers.setdefault(row["citizen_id"], []).append(row["number"])
    return [FoundPerson(citizen=one, numbers=sorted(numbers.get(one.id, ()))) for one in citizens]
