"""Statements that add up the calls of some days by a key: figures and waits, work, call-backs owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from hotline.line.presence_states import Presence
from hotline.line.report import By
from storage.core.durations import MILLISECONDS, day_of, half_hour_of, milliseconds_between
from storage.line.fates import (
    FIGURE,
    FIRST_DISPATCHER,
    FIRST_DISPATCHERS,
    INCOMING,
    OWED,
    OWED_OF_FEW,
    TOPIC,
    TOPICS,
    WAITED,
)
from storage.line.kept_promises import SETTLED
from storage.tables import Moment, calls, presence_history, talks, unsettled_calls

_OFFSET = bindparam("offset", type_=Integer)
_NEXT = presence_history.alias("next")
_AFTER = presence_history.alias("after")
SINCE, UNTIL = bindparam("since", type_=Moment), bindparam("until", type_=Moment)
OF_PIECE = and_(calls.c.arrived_at >= SINCE, calls.c.arrived_at < UNTIL, INCOMING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """By what calls are added up; `own`: work is theirs who did it."""

    key: ColumnElement[Any]
    rows: FromClause = calls
    own: bool = False


BY_HALF_HOUR = Grouping(key=half_hour_of(calls.c.arrived_at, _OFFSET))
BY_DAY = Grouping(key=day_of(calls.c.arrived_at, _OFFSET))
BY_OUTCOME = Grouping(key=func.coalesce(calls.c.outcome, literal("", Text)))
OF_DAYS: Mapping[By, Grouping] = {
    By.HALF_HOUR: BY_HALF_HOUR,
    By.DAY: BY_DAY,
    By.DISPATCHER: Grouping(key=FIRST_DISPATCHER, own=True),
    By.TOPIC: Grouping(key=TOPIC),
}
"""Looked up call by call."""
OF_MONTHS: Mapping[By, Grouping] = {
    **OF_DAYS,
    By.DISPATCHER: Grouping(key=FIRST_DISPATCHERS.says, rows=FIRST_DISPATCHERS.calls, own=True),
    By.TOPIC: Grouping(key=TOPICS.says, rows=TOPICS.calls),
}
"""Joined: one pass over all talks, or appeals, since the first day."""


def counts(of: Grouping) -> Select[Any]:
    """Count calls by key, figure and whole seconds of wait, with their waits in milliseconds."""
    each = (
        select(of.key.label("key"), FIGURE.label("figure"), WAITED.label("milliseconds"))
        .select_from(of.rows)
        .where(OF_PIECE)
        .subquery()
    )
    waited = each.c.milliseconds // MILLISECONDS
    return select(
        each.c.key,
        each.c.figure,
        waited.label("waited"),
        func.count().label("calls"),
        cast(func.sum(each.c.milliseconds), BigInteger).label("milliseconds"),
    ).group_by(each.c.key, each.c.figure, waited)


_UNTIL_AFTER_CALL = (
    select(func.min(_NEXT.c.at))
    .where(
        _NEXT.c.dispatcher_id == _AFTER.c.dispatcher_id,
        _NEXT.c.at > _AFTER.c.at,
        _NEXT.c.presence != Presence.AFTER_CALL.value,
    )
    .correlate(_AFTER)
    .scalar_subquery()
)
_TALK = milliseconds_between(talks.c.started_at, talks.c.ended_at)
_AFTER_CALL = milliseconds_between(_AFTER.c.at, _UNTIL_AFTER_CALL)
_AFTER_TALK = and_(
    _AFTER.c.dispatcher_id == talks.c.dispatcher_id,
    _AFTER.c.at == talks.c.ended_at,
    _AFTER.c.presence == Presence.AFTER_CALL.value,
)


def work(of: Grouping) -> Select[Any]:
    """Add up talks and after-call work in milliseconds: it begins in the very moment in which the talk ends.

    By dispatcher it is theirs who did it, also where a colleague passed the call on to them. (`+ 0` keeps
    SQLite from reading all talks in the order of dispatchers.)
    """
    key, rows = (talks.c.dispatcher_id + 0, calls) if of.own else (of.key, of.rows)
    each = (
        select(key.label("key"), _TALK.label("talk"), _AFTER_CALL.label("after_call"))
        .select_from(rows.join(talks, talks.c.call_id == calls.c.id).outerjoin(_AFTER, _AFTER_TALK))
        .where(OF_PIECE, calls.c.talked_at.is_not(None))
        .subquery()
    )
    return select(
        each.c.key,
        func.coalesce(cast(func.sum(each.c.talk), BigInteger), 0).label("talk"),
        func.coalesce(cast(func.sum(each.c.after_call), BigInteger), 0).label("after_call"),
    ).group_by(each.c.key)


def owed(of: Grouping) -> Select[Any]:
    """Count call-backs owed, kept or not."""
    each = select(of.key.label("key")).select_from(of.rows).where(OF_PIECE, OWED).subquery()
    return select(each.c.key, func.count().label("owed")).group_by(each.c.key)


UNSETTLED = unsettled_calls.join(calls, calls.c.id == unsettled_calls.c.call_id)
STILL_OWED = (
    unsettled_calls.c.arrived_at >= SINCE,
    unsettled_calls.c.arrived_at < UNTIL,
    INCOMING,
    OWED_OF_FEW,
    ~SETTLED,
)
"""What is true of a call in `UNSETTLED` whose call-back the hotline owes still."""


def open_ones(of: Grouping) -> Select[Any]:
    """Count those owed that are not kept; `of` looks up call by call."""
    each = select(of.key.label("key")).select_from(UNSETTLED).where(*STILL_OWED).subquery()
    return select(each.c.key, func.count().label("open")).group_by(each.c.key)


GOES_ON = select(
    exists().where(OF_PIECE, calls.c.ended_at.is_(None))
    | exists(
        select(talks.c.id)
        .select_from(calls.join(talks, talks.c.call_id == calls.c.id).outerjoin(_AFTER, _AFTER_TALK))
        .where(
            OF_PIECE,
            or_(talks.c.ended_at.is_(None), and_(_AFTER.c.id.is_not(None), _UNTIL_AFTER_CALL.is_(None))),
        )
    )
)
"""Tell whether a call of these days has not ended, a talk of it, or the after-call work of one."""
