"""The list of call-backs: missed calls that no later talk and no callback has answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    RowMapping,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import Direction, Outcome, Step, VoiceMessage
from hotline.calls.history import MISSED
from hotline.errors import NotFound
from hotline.line.callbacks import (
    CLAIM_LASTS,
    EVER,
    EVERYBODY,
    Callback,
    CallbackResult,
    Claim,
    HiddenMiss,
    OwedCallback,
    OwedFilter,
)
from hotline.line.line import Priority
from hotline.line.scheduled_states import ScheduledState
from hotline.speech.transcripts import Transcript
from storage.core.constants import off_its_index
from storage.core.database import Database, Into
from storage.core.rows import row_to
from storage.line.kept_promises import CALL_SETTLED, NUMBER_SETTLED, TALKED_LATER
from storage.speech.transcripts import transcripts_of
from storage.tables import (
    callback_claims,
    callbacks,
    calls,
    journey_steps,
    queue_entries,
    scheduled_callbacks,
    unsettled_calls,
    voice_messages,
)

_LATEST = calls.alias("latest")
_WERE_MISSED = sorted(outcome.value for outcome in MISSED)
_MISSED_OF_FEW = off_its_index(calls.c.outcome).in_(_WERE_MISSED)
_OWES = or_(
    calls.c.direction == Direction.INCOMING.value,
    calls.c.outcome == Outcome.CALLBACK_WANTED.value,
    queue_entries.c.cut_at.is_not(None),
)
"""Nobody is owed a call because one of ours was lost, unless they asked for it, or it cut a talk off."""
_WITH_ENTRIES = unsettled_calls.join(calls, calls.c.id == unsettled_calls.c.call_id).outerjoin(
    queue_entries, queue_entries.c.call_id == calls.c.id
)
"""Of all missed calls those that may be owed one still: some thousand of some hundred thousand."""
_SINCE = unsettled_calls.c.arrived_at >= bindparam("since", type_=calls.c.arrived_at.type)
_URGENCY = case((queue_entries.c.priority == int(Priority.EMERGENCY), 1), else_=0)
_CUT_OFF = case((queue_entries.c.cut_at.is_not(None), 1), else_=0)
_SPOKEN = case((calls.c.outcome == Outcome.MESSAGE_LEFT.value, 1), else_=0)
_NUMBERS: BindParameter[list[str]] = bindparam("numbers", expanding=True)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)


def _open(*of: ColumnElement[bool]) -> Subquery:
    """Select the numbers that are owed a call; `of` narrows the calls that are looked at."""
    number = off_its_index(calls.c.number).label("number")  # or SQLite would walk through all calls by number
    return (
        select(
            number,
            func.min(calls.c.arrived_at).label("first_at"),
            func.max(calls.c.arrived_at).label("last_at"),
            func.count().label("calls"),
            func.max(_URGENCY).label("urgency"),
            func.max(_CUT_OFF).label("cut_off"),
            func.max(_SPOKEN).label("spoken"),
        )
        .select_from(_WITH_ENTRIES)
        .where(
            _MISSED_OF_FEW,
            _SINCE,
            _OWES,
            calls.c.number.is_not(None),
            ~TALKED_LATER,
            ~NUMBER_SETTLED,
            *of,
        )
        .group_by(number)
        .subquery("open")
    )


def _owed(numbers: Subquery) -> Select[Any]:
    last_call = (
        select(func.max(_LATEST.c.id))
        .where(
            _LATEST.c.number == numbers.c.number,
            _LATEST.c.arrived_at == numbers.c.last_at,
            _LATEST.c.outcome.in_(_WERE_MISSED),
        )
        .scalar_subquery()
    )
    return select(numbers, last_call.label("last_call_id")).order_by(
        numbers.c.urgency.desc(), numbers.c.cut_off.desc(), numbers.c.first_at, numbers.c.number
    )


_OPEN = _open()
OWED = _owed(_OPEN)
_OPEN_AMONG = _open(calls.c.number.in_(_NUMBERS))
_OWED_AMONG = _owed(_OPEN_AMONG)
_HIDDEN = (
    select(
        calls.c.id.label("call_id"),
        calls.c.arrived_at.label("at"),
        _URGENCY.label("urgency"),
        calls.c.shown,
    )
    .select_from(_WITH_ENTRIES)
    .where(
        _MISSED_OF_FEW,
        _SINCE,
        _OWES,
        off_its_index(calls.c.number).is_(None),
        ~CALL_SETTLED,
    )
    .order_by(_URGENCY.desc(), calls.c.arrived_at, calls.c.id)
)
_HIDDEN_AMONG = _HIDDEN.where(calls.c.id.in_(_IDS))
_SAID = and_(
    calls.c.outcome == Outcome.MESSAGE_LEFT.value,
    calls.c.arrived_at >= bindparam("since", type_=calls.c.arrived_at.type),
    voice_messages.c.seconds > 0,
)
_MESSAGES = (
    select(voice_messages)
    .select_from(calls.join(voice_messages, voice_messages.c.call_id == calls.c.id))
    .order_by(voice_messages.c.began_at, voice_messages.c.id)
)
_MESSAGES_OF_NUMBERS = _MESSAGES.where(calls.c.number.in_(_NUMBERS), _SAID)
_MESSAGES_OF_CALLS = _MESSAGES.where(calls.c.id.in_(_IDS), _SAID)
_FOR_OTHERS = select(journey_steps.c.call_id, journey_steps.c.detail).where(
    journey_steps.c.call_id.in_(_IDS), journey_steps.c.step == Step.FOR_NEIGHBOUR.value
)
_CLAIMS = select(callback_claims).where(callback_claims.c.number.in_(_NUMBERS))
_TRIES = (
    select(callbacks)
    .where(callbacks.c.number.in_(_NUMBERS))
    .order_by(callbacks.c.at.desc(), callbacks.c.id.desc())
)
_CALL = select(calls.c.number, calls.c.arrived_at).where(calls.c.id == bindparam("call"))
_ARRANGED = (
    select(scheduled_callbacks.c.claimed_by, scheduled_callbacks.c.claimed_at)
    .where(
        scheduled_callbacks.c.state == ScheduledState.DUE.value,
        scheduled_callbacks.c.number == bindparam("number"),
    )
    .order_by(scheduled_callbacks.c.id)
    .with_for_update()
)
"""Arranged calls to the number; locked, as the number is claimed on either list with theirs."""
_OWN = delete(callback_claims).where(
    callback_claims.c.number
    == select(calls.c.number).where(calls.c.id == bindparam("call")).scalar_subquery(),
    callback_claims.c.user_id == bindparam("who"),
)


@cache
def _claiming(into: Into) -> Any:
    fresh = into(callback_claims)
    return fresh.on_conflict_do_update(
        index_elements=[callback_claims.c.number],
        set_={"user_id": fresh.excluded.user_id, "at": fresh.excluded.at},
        where=or_(
            callback_claims.c.user_id == fresh.excluded.user_id,
            callback_claims.c.at <= bindparam("void", type_=callback_claims.c.at.type),
        ),
    )


class StoredCallbacks:
    """`hotline.line.callbacks.Callbacks` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._claim = _claiming(database.insert)

    async def owed(
        self,
        limit: int,
        since: datetime = EVER,
        *,
        skipped: int = 0,
        wanted: OwedFilter = EVERYBODY,
        among: Collection[str] | None = None,
    ) -> Sequence[OwedCallback]:
        owed, numbered = OWED, _OPEN
        asked: dict[str, object] = {"since": since}
        if among is not None:
            owed, numbered = _OWED_AMONG, _OPEN_AMONG
            asked["numbers"] = list(among)
        async with self._database.reading() as connection:
            some = owed.where(*_of_numbers(numbered, wanted)).limit(limit).offset(skipped)
            rows = (await connection.execute(some, asked)).mappings().all()
            numbers = {"numbers": [row["number"] for row in rows]}
            claims = (await connection.execute(_CLAIMS, numbers)).mappings().all()
            tries = (await connection.execute(_TRIES, numbers)).mappings().all()
            first = min((row["first_at"] for row in rows), default=since)
            said = await _said(connection, _MESSAGES_OF_NUMBERS, numbers | {"since": first})
            written = await transcripts_of(connection, [one.id for one in said])
            others = await _others(connection, [row["last_call_id"] for row in rows])
        claimed = {row["number"]: Claim(user_id=row["user_id"], at=row["at"]) for row in claims}
        past = defaultdict(list)
        for row in tries:
            past[row["number"]].append(row)
        return [
            OwedCallback(
                **_entry(row),
                **_messages(
                    written,
                    [one for one in said if one.number == row["number"] and one.began_at >= row["first_at"]],
                ),
                claim=claimed.get(row["number"]),
                city=others.get(row["last_call_id"], ""),
                past=_since(row["first_at"], past[row["number"]]),
            )
            for row in rows
        ]

    async def hidden(
        self,
        limit: int,
        since: datetime = EVER,
        *,
        skipped: int = 0,
        wanted: OwedFilter = EVERYBODY,
        among: Collection[str] | None = None,
    ) -> Sequence[HiddenMiss]:
        if wanted.digits:
            return ()
        hidden, asked = _HIDDEN, dict[str, object](since=since)
        if among is not None:
            hidden, asked["ids"] = _HIDDEN_AMONG, list(among)
        async with self._database.reading() as connection:
            some = hidden.where(*_of_calls(wanted)).limit(limit).offset(skipped)
            rows = (await connection.execute(some, asked)).mappings().all()
            ids = {"ids": [row["call_id"] for row in rows], "since": since}
            said = await _said(connection, _MESSAGES_OF_CALLS, ids)
            written = await transcripts_of(connection, [one.id for one in said])
            others = await _others(connection, [row["call_id"] for row in rows])
        return [
            HiddenMiss(
                **_entry(row),
                **_messages(written, [one for one in said if one.call_id == row["call_id"]]),
                city=others.get(row["call_id"], ""),
            )
            for row in rows
        ]

    async def count(self, wanted: OwedFilter, most: int, since: datetime = EVER) -> int:
        numbers = select(_OPEN.c.number).where(*_of_numbers(_OPEN, wanted)).limit(most).subquery()
        some = [select(func.count()).select_from(numbers)]
        if not wanted.digits:
            found = _HIDDEN.where(*_of_calls(wanted)).order_by(None).limit(most).subquery()
            some.append(select(func.count()).select_from(found))
        async with self._database.reading() as connection:
            return sum([(await connection.execute(one, {"since": since})).scalar_one() for one in some])

    async def claim(self, call_id: str, user_id: int, at: datetime) -> Claim:
        async with self._database.writing() as connection:
            call = (await connection.execute(_CALL, {"call": call_id})).first()
            if call is None or call.number is None:
                raise NotFound(f"Call {call_id} has no number to call back.")
            void = at - CLAIM_LASTS
            mine = {"number": call.number, "user_id": user_id, "at": at, "void": void}
            for one in await connection.execute(_ARRANGED, mine):
                if one.claimed_by not in {None, user_id} and one.claimed_at > void:
                    return Claim(user_id=one.claimed_by, at=one.claimed_at)
            await connection.execute(self._claim, mine)
            row = (await connection.execute(_CLAIMS, {"numbers": [call.number]})).mappings().one()
        return Claim(user_id=row["user_id"], at=row["at"])

    async def release(self, call_id: str, user_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_OWN, {"call": call_id, "who": user_id})

    async def add(self, tried: Callback) -> None:
        async with self._database.writing() as connection:
            call = (await connection.execute(_CALL, {"call": tried.call_id})).first()
            if call is None or (call.number is None and tried.result is not CallbackResult.SETTLED):
                raise NotFound(f"Call {tried.call_id} has no number to call back.")
            values = {name: getattr(tried, name) for name in Callback.__dataclass_fields__}
            values |= {"number": call.number, "covers_until": call.arrived_at, "result": tried.result.value}
            await connection.execute(insert(callbacks), values)
            await connection.execute(_OWN, {"call": tried.call_id, "who": tried.user_id})

    async def tries(self, number: str, limit: int) -> Sequence[Callback]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_TRIES.limit(limit), {"numbers": [number]})
            return [row_to(Callback, row) for row in rows.mappings()]


def _of_numbers(numbers: Subquery, wanted: OwedFilter) -> Sequence[ColumnElement[bool]]:
    return [
        *([numbers.c.number.contains(wanted.digits, autoescape=True)] if wanted.digits else ()),
        *([numbers.c.urgency == 1] if wanted.emergency else ()),
        *([numbers.c.spoken == 1] if wanted.spoken else ()),
    ]


def _of_calls(wanted: OwedFilter) -> Sequence[ColumnElement[bool]]:
    return [*([_URGENCY == 1] if wanted.emergency else ()), *([_SPOKEN == 1] if wanted.spoken else ())]


async def _others(connection: AsyncConnection, call_ids: Sequence[str]) -> Mapping[str, str]:
    """Name the cities whose numbers were dialled, by the calls, where they are not ours."""
    rows = await connection.execute(_FOR_OTHERS, {"ids": list(call_ids)})
    return {row.call_id: str(row.detail.get("name", "")) for row in rows}


async def _said(
    connection: AsyncConnection, query: Select[Any], of: Mapping[str, object]
) -> Sequence[VoiceMessage]:
    return [VoiceMessage(**row) for row in (await connection.execute(query, of)).mappings()]


def _messages(written: Mapping[str, Transcript], messages: Sequence[VoiceMessage]) -> dict[str, Any]:
    return {
        "messages": messages,
        "transcripts": {one.id: written[one.id] for one in messages if one.id in written},
    }


def _entry(row: RowMapping) -> dict[str, Any]:
    values = dict(row)
    urgency = values.pop("urgency")
    values.pop("spoken", None)
    if "cut_off" in values:
        values["cut_off"] = bool(values["cut_off"])
    return values | {"emergency": bool(urgency)}


def _since(first_at: datetime, rows: Sequence[RowMapping]) -> Sequence[Callback]:
    return tuple(row_to(Callback, row) for row in rows if row["covers_until"] >= first_at)
