"""Counts of appeals as conditions: the one place that says what each of them counts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, true

from hotline.appeals.acts.applicants_word import Confirm, Dispute
from hotline.appeals.acts.routing import Assign
from hotline.appeals.appeal import PENDING, AppealState, Sign
from hotline.appeals.counted import ACCEPTED_WITHIN, CountedAppeals
from hotline.appeals.figures import CLOSED
from storage.core.constants import constant
from storage.core.durations import MILLISECONDS, milliseconds_between
from storage.tables import Moment, appeal_history, appeals


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=Moment)


def _ends_by(name: str) -> ColumnElement[bool]:
    return and_(appeals.c.due_at > _moment("now"), appeals.c.due_at <= _moment(name))


CLOSING_TAKEN_DOWN = and_(
    appeal_history.c.number == appeals.c.number,
    appeal_history.c.act == constant(Confirm.name),  # so SQLite knows the index `TAKEN_DOWN`
    appeal_history.c.at == appeals.c.state_since,
    appeal_history.c.user_id.is_not(None),
)
"""The line of the history by which it was closed, where a user took the applicant's word down."""
IS_OWED = appeals.c.state.in_(sorted(state.value for state in PENDING))
IS_CLOSED = appeals.c.state.in_(sorted(state.value for state in CLOSED))
CLOSED_IN_TIME = or_(appeals.c.due_at.is_(None), appeals.c.state_since <= appeals.c.due_at)
_CONFIRMED = appeals.c.state == AppealState.CLOSED.value
_given, _accepted, _disputed = (appeal_history.alias(name) for name in ("given", "accepted", "disputed"))
_ASSIGNED = AppealState.ASSIGNED.value
_GIVEN = and_(
    _given.c.number == _accepted.c.number,
    _given.c.version < _accepted.c.version,
    _given.c.state_after == constant(_ASSIGNED),
    or_(_given.c.state_before.is_(None), _given.c.state_before != _ASSIGNED, _given.c.act == Assign.name),
)
_SOON = and_(
    _accepted.c.state_before == constant(_ASSIGNED),
    _accepted.c.state_after == constant(AppealState.ACCEPTED.value),
    _GIVEN,
    milliseconds_between(_given.c.at, _accepted.c.at) <= int(ACCEPTED_WITHIN.total_seconds() * MILLISECONDS),
)
_ACCEPTED_SOON = exists().where(_accepted.c.number == appeals.c.number, _SOON)
_WAS_DISPUTED = exists().where(
    _disputed.c.number == appeals.c.number, _disputed.c.act == constant(Dispute.name)
)
CONDITIONS: Mapping[CountedAppeals, ColumnElement[bool]] = {
    CountedAppeals.RECEIVED: true(),
    CountedAppeals.REPEATED: appeals.c.sign == Sign.REPEATED.value,
    CountedAppeals.FORWARDED: appeals.c.state == AppealState.FORWARDED.value,
    CountedAppeals.REJECTED: appeals.c.state == AppealState.REJECTED.value,
    CountedAppeals.OWED: IS_OWED,
    CountedAppeals.OVERDUE: and_(IS_OWED, appeals.c.due_at <= _moment("now")),
    CountedAppeals.DUE_TODAY: and_(IS_OWED, _ends_by("today_ends")),
    CountedAppeals.DUE_SOON: and_(IS_OWED, _ends_by("soon_ends")),
    CountedAppeals.BREACHED: and_(IS_OWED, appeals.c.law_ends_at <= _moment("now")),
    CountedAppeals.UNACCEPTED: appeals.c.state == _ASSIGNED,
    CountedAppeals.DISPUTED: appeals.c.state == AppealState.DISPUTED.value,
    CountedAppeals.MORE_TIME: and_(IS_OWED, appeals.c.extension_wanted.is_not(None)),
    CountedAppeals.UNROUTED: appeals.c.state == AppealState.REGISTERED.value,
    CountedAppeals.CLOSED: IS_CLOSED,
    CountedAppeals.IN_TIME: and_(IS_CLOSED, CLOSED_IN_TIME),
    CountedAppeals.CONFIRMED: _CONFIRMED,
    CountedAppeals.TAKEN_DOWN: and_(_CONFIRMED, exists().where(CLOSING_TAKEN_DOWN)),
    CountedAppeals.UNCONFIRMED: appeals.c.state == AppealState.CLOSED_UNCONFIRMED.value,
    CountedAppeals.RETURNED: and_(IS_CLOSED, _WAS_DISPUTED),
    CountedAppeals.ACCEPTED: and_(IS_CLOSED, _ACCEPTED_SOON),
}
"""`now`, `today_ends` and `soon_ends` are moments to be given."""
CONDITIONS_OF_MONTHS: Mapping[CountedAppeals, ColumnElement[bool]] = {
    CountedAppeals.ACCEPTED: and_(IS_CLOSED, appeals.c.number.in_(select(_accepted.c.number).where(_SOON))),
}
"""Those of them that walk through the history once where thousands of appeals are counted."""
HOURS_TO_CLOSE = milliseconds_between(appeals.c.registered_at, appeals.c.state_since) // (MILLISECONDS * 3600)
"""Whole hours from registration to closing."""
