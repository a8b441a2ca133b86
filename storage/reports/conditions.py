"""Measures as SQL: of which table, by which moment, under which conditions, split by which expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, func, literal, true
from sqlalchemy.sql.expression import literal_column

from hotline.appeals.counted import CountedAppeals
from hotline.inquiries.inquiry_states import InquiryState
from hotline.reports.measures import Dimension, Other, Part, Quantity, Rows
from hotline.surveys.results import SurveyGroup
from storage.appeals.counted import CONDITIONS as APPEALS
from storage.appeals.counted import CONDITIONS_OF_MONTHS, HOURS_TO_CLOSE
from storage.core.durations import milliseconds_between
from storage.core.places import district_of
from storage.line.fates import CONDITIONS as CALLS
from storage.line.fates import FIRST_DISPATCHER, FIRST_DISPATCHERS, INCOMING, TOPIC, TOPICS, WAITED, Joined
from storage.surveys.results import NO_TRIAL, of_group
from storage.tables import appeals, calls, informing_orders, inquiries, outages, surveys


def _scanned(column: ColumnElement[str]) -> ColumnElement[str]:
    """Not the column itself: for the order of its index SQLite would walk through all years."""
    return func.coalesce(column, "") + literal_column("''", Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSql:
    """One kind of rows. `when` None: they are counted as they stand, whatever the days."""

    base: ColumnElement[bool]
    when: ColumnElement[datetime] | None
    shown_at: ColumnElement[Any]
    id: ColumnElement[Any]
    parts: Mapping[Part, ColumnElement[bool]]
    quantities: Mapping[Quantity, ColumnElement[int]]
    """Whole numbers: milliseconds for the mean of times."""
    groups: Mapping[Dimension, ColumnElement[Any]]
    enterprise: ColumnElement[int | None] | None
    said: ColumnElement[str]
    parts_of_months: Mapping[Part, ColumnElement[bool]] = field(default_factory=dict)
    """Those of the parts that are put in another way where thousands of rows are counted."""
    joined: Mapping[Dimension, Joined] = field(default_factory=dict)
    """Those of the groups that are joined, and not looked up for each row that is counted."""


_TERM = case(
    (APPEALS[CountedAppeals.OVERDUE], "overdue"),
    (APPEALS[CountedAppeals.DUE_TODAY], "due-today"),
    (APPEALS[CountedAppeals.DUE_SOON], "due-soon"),
    (APPEALS[CountedAppeals.OWED], "later"),
    (APPEALS[CountedAppeals.IN_TIME], "in-time"),
    (APPEALS[CountedAppeals.CLOSED], "late"),
    else_="other",
)
_OF_APPEALS: Mapping[Dimension, ColumnElement[Any]] = {
    Dimension.TOPIC: _scanned(appeals.c.category),
    Dimension.DISTRICT: district_of(appeals.c.address),
    Dimension.ENTERPRISE: func.coalesce(appeals.c.executor_id, 0),
    Dimension.CHANNEL: _scanned(appeals.c.receipt),
    Dimension.KIND: _scanned(appeals.c.kind),
    Dimension.URGENCY: _scanned(appeals.c.urgency),
    Dimension.SIGN: _scanned(appeals.c.sign),
    Dimension.STATE: _scanned(appeals.c.state),
    Dimension.TERM: _TERM,
}


def _appeals(base: CountedAppeals, when: ColumnElement[datetime] | None) -> RowsSql:
    return RowsSql(
        base=APPEALS[base],
        when=when,
        shown_at=appeals.c.registered_at if when is None else when,
        id=appeals.c.number,
        parts={one: condition for one, condition in APPEALS.items()},  # noqa: C416 - of another type
        quantities={Quantity.HOURS_TO_CLOSE: HOURS_TO_CLOSE},
        groups=_OF_APPEALS,
        enterprise=appeals.c.executor_id,
        said=appeals.c.state,
        parts_of_months={one: condition for one, condition in CONDITIONS_OF_MONTHS.items()},  # noqa: C416 - as above
    )


SQL: Mapping[Rows, RowsSql] = {
    Rows.CALLS: RowsSql(
        base=INCOMING,
        when=calls.c.arrived_at,
        shown_at=calls.c.arrived_at,
        id=calls.c.id,
        parts={one: condition for one, condition in CALLS.items()},  # noqa: C416 - of another type
        quantities={Quantity.WAITED: WAITED},
        groups={
            Dimension.DISPATCHER: FIRST_DISPATCHER,
            Dimension.TOPIC: TOPIC,
            Dimension.OUTCOME: _scanned(calls.c.outcome),
        },
        enterprise=None,
        said=func.coalesce(calls.c.outcome, literal("", Text)),
        joined={Dimension.DISPATCHER: FIRST_DISPATCHERS, Dimension.TOPIC: TOPICS},
    ),
    Rows.RECEIVED: _appeals(CountedAppeals.RECEIVED, appeals.c.registered_at),
    Rows.CLOSED: _appeals(CountedAppeals.CLOSED, appeals.c.state_since),
    Rows.OWED: _appeals(CountedAppeals.OWED, None),
    Rows.SURVEYS: RowsSql(
        base=and_(NO_TRIAL, surveys.c.appeal.is_not(None)),
        when=surveys.c.owed_at,
        shown_at=surveys.c.owed_at,
        id=surveys.c.appeal,
        parts={
            Other.ASKED: true(),
            Other.RATED: surveys.c.rating.is_not(None),
            **{one: of_group(one) for one in SurveyGroup},
        },
        quantities={Quantity.STARS: surveys.c.rating},
        groups={
            Dimension.ENTERPRISE: func.coalesce(surveys.c.executor_id, 0),
            Dimension.TOPIC: _scanned(surveys.c.category),
        },
        enterprise=surveys.c.executor_id,
        said=func.coalesce(surveys.c.outcome, literal("", Text)),
    ),
    Rows.OUTAGES: RowsSql(
        base=~outages.c.cancelled,
        when=outages.c.starts_at,
        shown_at=outages.c.starts_at,
        id=outages.c.id,
        parts={Other.OUTAGES: true(), Other.ENDED: outages.c.ended_at.is_not(None)},
        quantities={Quantity.HOURS_OFF: milliseconds_between(outages.c.starts_at, outages.c.ended_at)},
        groups={
            Dimension.UTILITY: _scanned(outages.c.utility),
            Dimension.WORKS: _scanned(outages.c.kind),
            Dimension.ENTERPRISE: func.coalesce(outages.c.executor_id, 0),
        },
        enterprise=outages.c.executor_id,
        said=outages.c.utility,
    ),
    Rows.ORDERS: RowsSql(
        base=informing_orders.c.approver_id.is_not(None),
        when=informing_orders.c.decided_at,
        shown_at=informing_orders.c.decided_at,
        id=informing_orders.c.id,
        parts={Other.ORDERS: true()},
        quantities={},
        groups={},
        enterprise=None,
        said=informing_orders.c.number,
    ),
    Rows.INQUIRIES: RowsSql(
        base=inquiries.c.state != InquiryState.WITHDRAWN.value,
        when=inquiries.c.asked_at,
        shown_at=inquiries.c.asked_at,
        id=inquiries.c.id,
        parts={
            Other.INQUIRIES: true(),
            Other.REPLIED: inquiries.c.answered_at.is_not(None),
            Other.REPLIED_IN_TIME: inquiries.c.in_time.is_(True),
        },
        quantities={},
        groups={Dimension.ENTERPRISE: inquiries.c.executor_id},
        enterprise=inquiries.c.executor_id,
        said=inquiries.c.state,
    ),
}
