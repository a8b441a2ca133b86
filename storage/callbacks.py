"""Who is still to be called back: missed calls that no later talk and no callback has answered."""

from collections.abc import Sequence

from sqlalchemy import exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls import Outcome
from hotline.errors import NotFound
from hotline.history import MISSED, Callback, OwedCallback, Result
from storage.tables import callbacks, calls

_LATER = calls.alias("later")
_LATEST = calls.alias("latest")
_WERE_MISSED = sorted(outcome.value for outcome in MISSED)
_OPEN = (
    select(
        calls.c.number,
        func.min(calls.c.arrived_at).label("first_at"),
        func.max(calls.c.arrived_at).label("last_at"),
        func.count().label("calls"),
    )
    .where(
        calls.c.outcome.in_(_WERE_MISSED),
        calls.c.number.is_not(None),
        ~exists().where(
            _LATER.c.number == calls.c.number,
            _LATER.c.arrived_at > calls.c.arrived_at,
            _LATER.c.outcome == Outcome.TALKED.value,
        ),
        ~exists().where(
            callbacks.c.number == calls.c.number,
            callbacks.c.covers_until >= calls.c.arrived_at,
            callbacks.c.result != Result.NO_ANSWER.value,
        ),
    )
    .group_by(calls.c.number)
    .subquery("open")
)
_TRIES = (
    select(func.count())
    .where(
        callbacks.c.number == _OPEN.c.number,
        callbacks.c.covers_until >= _OPEN.c.first_at,
        callbacks.c.result == Result.NO_ANSWER.value,
    )
    .scalar_subquery()
)
_LAST_CALL = (
    select(func.max(_LATEST.c.id))
    .where(
        _LATEST.c.number == _OPEN.c.number,
        _LATEST.c.arrived_at == _OPEN.c.last_at,
        _LATEST.c.outcome.in_(_WERE_MISSED),
    )
    .scalar_subquery()
)
OWED = select(_OPEN, _LAST_CALL.label("last_call_id"), _TRIES.label("tries")).order_by(
    _OPEN.c.first_at, _OPEN.c.number
)


async def read_owed(connection: AsyncConnection, limit: int) -> Sequence[OwedCallback]:
    rows = (await connection.execute(OWED.limit(limit))).mappings()
    return [OwedCallback(**row) for row in rows]


async def add_callback(connection: AsyncConnection, tried: Callback) -> None:
    """Raise NotFound for a call that is unknown or hid its number."""
    query = select(calls.c.number, calls.c.arrived_at).where(calls.c.id == tried.call_id)
    call = (await connection.execute(query)).first()
    if call is None or call.number is None:
        raise NotFound(f"Call {tried.call_id} has no number to call back.")
    await connection.execute(
        insert(callbacks).values(
            number=call.number,
            covers_until=call.arrived_at,
            call_id=tried.call_id,
            user_id=tried.user_id,
            at=tried.at,
            result=tried.result.value,
            note=tried.note,
        )
    )
