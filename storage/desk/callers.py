"""Knowledge of callers from the registers, in few indexed reads: a dispatcher's phone is about to ring."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from attrs import define
from sqlalchemy import BindParameter, RowMapping, Text, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.acts.applicants_word import Confirm
from hotline.appeals.appeal import ENDED, AppealState
from hotline.calls.call import Step
from hotline.desk.callers import CallerCard, WaitingCaller, menu_key
from hotline.people.citizens import CitizenCard
from storage.appeals.register import read_appeal
from storage.calls.log import read_call
from storage.core.constants import is_one_of
from storage.core.database import Database
from storage.desk.beside import read_beside
from storage.line.queries import IN_LINE, ORDER
from storage.line.steps import read_entry
from storage.people.citizens import CALLING_FROM, read_citizen, read_citizens
from storage.tables import appeal_history, appeals, calls, citizen_numbers, journey_steps, queue_entries

MOST_APPEALS = 20
MOST_ENDED = 5
MOST_CALLS = 8
MOST_TOLD_WHY = 40
"""In a blackout hundreds wait; nobody reads beyond the first."""

_CALLER = bindparam("caller", type_=Text)
_OF_CALLER = citizen_numbers.alias("of_caller")
_NUMBERS_OF_CANDIDATES = (
    select(citizen_numbers.c.number)
    .join(_OF_CALLER, _OF_CALLER.c.citizen_id == citizen_numbers.c.citizen_id)
    .where(_OF_CALLER.c.number == _CALLER)
)
_HAS_ENDED = is_one_of(appeals.c.state, ENDED)
_APPEALS = (
    select(appeals)
    .where(appeals.c.applicant_number.in_(_NUMBERS_OF_CANDIDATES.union(select(_CALLER))))
    .order_by(_HAS_ENDED, appeals.c.registered_at.desc(), appeals.c.number.desc())
    .limit(MOST_APPEALS + MOST_ENDED)
)
_CALLS = (
    select(calls)
    .where(calls.c.number == _CALLER, calls.c.id != bindparam("but"))
    .order_by(calls.c.arrived_at.desc())
    .limit(MOST_CALLS)
)
_THEIR_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_APPEALS_OF_PERSON = (
    select(appeals)
    .where(
        or_(
            appeals.c.applicant_id == bindparam("citizen"),
            and_(appeals.c.applicant_id.is_(None), appeals.c.applicant_number.in_(_THEIR_NUMBERS)),
        )
    )
    .order_by(_HAS_ENDED, appeals.c.registered_at.desc(), appeals.c.number.desc())
    .limit(bindparam("most"))
)
_CALLS_OF_PERSON = (
    select(calls)
    .where(calls.c.number.in_(_THEIR_NUMBERS))
    .order_by(calls.c.arrived_at.desc())
    .limit(bindparam("most"))
)
_ASKED = frozenset({AppealState.CLOSED, AppealState.DISPUTED})
"""Their applicants have been asked, or asked again after they had confirmed."""
_CONFIRMED = (
    select(appeal_history.c.number, appeal_history.c.facts)
    .where(
        appeal_history.c.number.in_(bindparam("numbers", expanding=True)),
        appeal_history.c.act == Confirm.name,
    )
    .order_by(appeal_history.c.version)
)
_IN_LINE = (
    select(queue_entries, calls.c.number, calls.c.shown)
    .outerjoin(calls, calls.c.id == queue_entries.c.call_id)
    .where(IN_LINE)
    .order_by(*ORDER)
)
_PRESSED = (
    select(journey_steps.c.call_id, journey_steps.c.detail)
    .where(
        journey_steps.c.call_id.in_(bindparam("of_calls", expanding=True)),
        journey_steps.c.step == Step.PRESSED.value,
    )
    .order_by(journey_steps.c.call_id, journey_steps.c.number)
)


@define(eq=False, repr=False)
class StoredCallers:
    """`hotline.desk.callers.Callers` on a database."""

    _database: Database

    async def card(self, number: str | None, *, but_call: str = "") -> CallerCard:
        if number is None:
            return CallerCard(number=None)
        async with self._database.read_inline() as connection:
            return await _read_card(connection, number, but_call)

    async def expect(self, number: str, *, but_call: str) -> CallerCard:
        async with self._database.reading() as connection:
            return await _read_card(connection, number, but_call)

    async def of_citizen(self, person: CitizenCard, most: int) -> CallerCard:
        asked = {"citizen": person.id, "numbers": list(person.numbers), "most": most}
        async with self._database.reading() as connection:
            people = await read_citizens(connection, [person.id])
            theirs = (await connection.execute(_APPEALS_OF_PERSON, asked)).mappings().all()
            before = (await connection.execute(_CALLS_OF_PERSON, asked)).mappings().all()
            card = await _with_beside(connection, theirs, before)
        return replace(card, candidates=people)

    async def in_line(self) -> Sequence[WaitingCaller]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_IN_LINE)).all()
            chosen = await _chosen(connection, [row.call_id for row in rows][:MOST_TOLD_WHY])
        return [
            WaitingCaller(
                entry=read_entry(row),
                number=row.number,
                chosen=chosen.get(row.call_id, ()),
                shown="" if row.number else row.shown or "",
            )
            for row in rows
        ]


async def _read_card(connection: AsyncConnection, number: str, but_call: str) -> CallerCard:
    caller = {"caller": number}
    people = (await connection.execute(CALLING_FROM, caller)).mappings().all()
    theirs = (await connection.execute(_APPEALS, caller)).mappings().all()
    before = (await connection.execute(_CALLS, caller | {"but": but_call})).mappings().all()
    card = await _with_beside(connection, theirs, before)
    return replace(
        card,
        number=number,
        candidates=[read_citizen(row) for row in people],
        appeals=card.appeals[:MOST_APPEALS],
        ended=card.ended[:MOST_ENDED],
    )


async def _with_beside(
    connection: AsyncConnection, theirs: Sequence[RowMapping], before: Sequence[RowMapping]
) -> CallerCard:
    """Make a card of somebody's appeals and calls, with what goes with them."""
    registered = [read_appeal(row) for row in theirs]
    ratings = await _ratings(connection, [one.number for one in registered if one.state in _ASKED])
    beside = await read_beside(connection, [row["id"] for row in before], [one.number for one in registered])
    return CallerCard(
        number=None,
        appeals=[one for one in registered if one.state not in ENDED],
        ended=[one for one in registered if one.state in ENDED],
        calls=[read_call(row) for row in before],
        ratings=ratings,
        messages=beside.messages,
        reports=beside.reports,
        surveys=beside.surveys,
    )


async def _ratings(connection: AsyncConnection, numbers: Sequence[str]) -> dict[str, int]:
    if not numbers:
        return {}
    rows = (await connection.execute(_CONFIRMED, {"numbers": numbers})).all()
    return {row.number: row.facts["rating"] for row in rows if "rating" in row.facts}


async def _chosen(connection: AsyncConnection, call_ids: Sequence[str]) -> dict[str, list[str]]:
    """Tell the keys that each of these calls pressed in the main menu, in order."""
    found: dict[str, list[str]] = {}
    if call_ids:
        for row in (await connection.execute(_PRESSED, {"of_calls": call_ids})).all():
            if (key := menu_key(row.detail)) is not None:
                found.setdefault(row.call_id, []).append(key)
    return found
