"""The figures of the line's report as conditions on calls: what counts a call, and what finds it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
)

from hotline.calls.call import Direction, Outcome
from hotline.calls.counted import Counted, CountedFilter
from hotline.calls.history import MISSED
from hotline.line.service_level import ANSWERED_WITHIN, GAVE_UP, SELF_SERVED, SHORT_WAIT
from storage.core.constants import off_its_index
from storage.core.durations import MILLISECONDS, half_hour_of, milliseconds_between
from storage.line.kept_promises import KEPT
from storage.tables import Moment, appeals, calls, talks

WAITED = func.coalesce(
    milliseconds_between(calls.c.joined_at, func.coalesce(calls.c.talked_at, calls.c.ended_at)), 0
)
"""Of a caller in the line, until somebody spoke with them, or they were gone; 0 while they wait."""
INCOMING = off_its_index(calls.c.direction) == Direction.INCOMING.value
"""Not along the index of directions, for the days find fewer."""
_IN_LINE = calls.c.joined_at.is_not(None)
_ANSWERED = and_(_IN_LINE, calls.c.talked_at.is_not(None))
_UNANSWERED = and_(_IN_LINE, calls.c.talked_at.is_(None), calls.c.outcome.is_not(None))
_GAVE_UP = calls.c.outcome.in_(sorted(GAVE_UP))
_ABANDONED = and_(_UNANSWERED, _GAVE_UP)
_WAITING = and_(_IN_LINE, calls.c.talked_at.is_(None), calls.c.outcome.is_(None))
_SELF_SERVED = and_(not_(_IN_LINE), calls.c.outcome == SELF_SERVED.value)
_OWED = sorted({*MISSED, Outcome.CALLBACK_PROMISED})
OWED = calls.c.outcome.in_(_OWED)
OWED_OF_FEW = off_its_index(calls.c.outcome).in_(_OWED)
"""Of calls that are looked up one by one: SQLite would walk through all that ever ended so."""
_LONGEST_IN_TIME = int(ANSWERED_WITHIN.total_seconds() * MILLISECONDS)
_SHORT = int(SHORT_WAIT.total_seconds() * MILLISECONDS)
CONDITIONS: Mapping[Counted, ColumnElement[bool]] = {
    Counted.INCOMING: INCOMING,
    Counted.SELF_SERVED: _SELF_SERVED,
    Counted.NOT_IN_LINE: and_(
        not_(_IN_LINE), or_(calls.c.outcome.is_(None), calls.c.outcome != SELF_SERVED.value)
    ),
    Counted.OFFERED: or_(_ANSWERED, _UNANSWERED),
    Counted.ANSWERED: _ANSWERED,
    Counted.IN_TIME: and_(_ANSWERED, WAITED <= _LONGEST_IN_TIME),
    Counted.ABANDONED: _ABANDONED,
    Counted.SHORT: and_(_ABANDONED, WAITED < _SHORT),
    Counted.ELSEWHERE: and_(_UNANSWERED, not_(_GAVE_UP)),
    Counted.WAITING: _WAITING,
    Counted.OWED: OWED,
    Counted.KEPT: and_(OWED, KEPT),
}
_APART = (
    *(Counted.SELF_SERVED, Counted.IN_TIME, Counted.ANSWERED, Counted.SHORT, Counted.ABANDONED),
    *(Counted.ELSEWHERE, Counted.WAITING),
)
"""Figures of which each call has one, the first that fits; NOT_IN_LINE where none does."""
FIGURE = case(
    *((CONDITIONS[one], literal(one.value, Text)) for one in _APART),
    else_=literal(Counted.NOT_IN_LINE.value, Text),
)
_FIRST_TALK = (
    select(talks.c.dispatcher_id)
    .where(talks.c.call_id == calls.c.id)
    .order_by(talks.c.started_at, talks.c.id)
    .limit(1)
    .correlate(calls)
    .scalar_subquery()
)
FIRST_DISPATCHER = case((calls.c.talked_at.is_not(None), func.coalesce(_FIRST_TALK, 0)), else_=0)
"""Who spoke first; 0: nobody. Talks are looked for only where there are some."""
_FIRST_APPEAL = (
    select(appeals.c.category)
    .where(appeals.c.call_id == calls.c.id)
    .order_by(appeals.c.registered_at, appeals.c.number)
    .limit(1)
    .correlate(calls)
    .scalar_subquery()
)
TOPIC = func.coalesce(_FIRST_APPEAL, "")
"""The category of the first appeal registered from the call; "": none was."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What is joined to many calls, one row each at most, and `says` what is counted by."""

    rows: FromClause
    on: ColumnElement[bool]
    says: ColumnElement[Any]

    @property
    def calls(self) -> FromClause:
        return calls.outerjoin(self.rows, self.on)


def _first(column: ColumnElement[Any], call: ColumnElement[str], *order: ColumnElement[Any]) -> FromClause:
    """The rows of a call in their order, of those since the days counted: none is older than its call."""
    rank = func.row_number().over(partition_by=call, order_by=order).label("rank")
    since = order[0] >= bindparam("since", type_=Moment)
    return (
        select(call.label("call_id"), column.label("says"), rank).where(call.is_not(None), since).subquery()
    )


_TALKS = _first(talks.c.dispatcher_id, talks.c.call_id, talks.c.started_at, talks.c.id)
_APPEALS = _first(appeals.c.category, appeals.c.call_id, appeals.c.registered_at, appeals.c.number)


def _joined(first: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
    return first, and_(first.c.call_id == calls.c.id, first.c.rank == 1)


FIRST_DISPATCHERS = Joined(
    *_joined(_TALKS),
    case((calls.c.talked_at.is_not(None), func.coalesce(_TALKS.c.says, 0)), else_=0),
)
TOPICS = Joined(*_joined(_APPEALS), func.coalesce(_APPEALS.c.says, ""))
"""`FIRST_DISPATCHER` and `TOPIC` for statements that count many calls since a moment: looked up at once."""


def counted(wanted: CountedFilter) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of the calls that are counted in this figure."""
    yield INCOMING
    yield CONDITIONS[wanted.figure]
    if wanted.half_hour is not None:
        yield or_(
            *(
                and_(
                    calls.c.arrived_at >= piece.since,
                    calls.c.arrived_at < piece.until,
                    half_hour_of(calls.c.arrived_at, piece.offset) == wanted.half_hour,
                )
                for piece in wanted.days
            )
        )
    if wanted.answered_by is not None:
        yield FIRST_DISPATCHER == wanted.answered_by  # noqa: SIM300 - a column
    if wanted.topic is not None:
        yield TOPIC == wanted.topic  # noqa: SIM300 - a column
