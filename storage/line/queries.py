"""The order of the line and the rule of pairing, as statements built once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from hotline.calls.call import TRIAL_PREFIX
from hotline.dialling.nodes import NODE_NAME, OUT_PREFIX, SYSTEM
from hotline.line.line import NAMED_PLACES, Priority
from hotline.line.presence_states import FROM_PAUSE, PRESENCE, UNREACHABLE, Presence, PresenceEvent
from hotline.line.queue_entry_states import QUEUE_ENTRY, QueueEntryEvent, QueueEntryState
from storage.core.advisory_locks import AdvisoryLock
from storage.core.constants import is_one_of
from storage.core.transitions import allows
from storage.line.dispatchers import DISPATCHERS, HELD, holds, in_line, waits
from storage.tables import Moment, dispatcher_skills, dispatchers, presence_history, queue_entries, talks

MEASURED_TALKS = 200
"""The latest talks, whose lengths tell how long one lasts: a great centre ends thousands in an hour."""
CLOCK_SET_BACK = timedelta(minutes=1)
"""A moment this far ahead of now was written before somebody set the clock back."""

ORDER = (queue_entries.c.priority.desc(), queue_entries.c.entered_at, queue_entries.c.call_id)
IN_LINE = in_line(queue_entries)
_WAITING = waits(queue_entries)
_OFFERABLE = and_(allows(queue_entries.c.state, QUEUE_ENTRY, QueueEntryEvent.OFFER), _WAITING)


_HERE = sorted(one.value for one in Presence if one not in {Presence.AWAY, Presence.PAUSED})
"""Named one by one, and not by what they are not: so the index by presence serves."""
_RINGABLE = sorted(
    {
        one.value
        for event in (PresenceEvent.OFFER, PresenceEvent.OFFER_EMERGENCY)
        for one in PRESENCE.sources(event)
    }
)


def _on_duty(dispatcher: FromClause) -> ColumnElement[bool]:
    return and_(is_one_of(dispatcher.c.presence, _HERE), dispatcher.c.wish.is_(None))


_ON_DUTY = _on_duty(dispatchers)
_HELD = queue_entries.alias("held")
# A dispatcher who did not answer an emergency is not there; nor is one whose phone cannot be reached.
_ON_PAUSE = and_(
    dispatchers.c.presence == Presence.PAUSED.value,
    dispatchers.c.reason != UNREACHABLE,
    dispatchers.c.misses == 0,
)
_EMERGENCY = queue_entries.c.priority == int(Priority.EMERGENCY)
# A place decides who is engaged, and no button.
_FREE = and_(
    is_one_of(dispatchers.c.presence, _RINGABLE),  # follows from the next, for the index: most desks talk
    or_(
        allows(dispatchers.c.presence, PRESENCE, PresenceEvent.OFFER),
        and_(
            _EMERGENCY,
            allows(dispatchers.c.presence, PRESENCE, PresenceEvent.OFFER_EMERGENCY),
            or_(dispatchers.c.presence != Presence.PAUSED.value, _ON_PAUSE),
        ),
    ),
    ~exists().where(_HELD.c.dispatcher_id == dispatchers.c.id, holds(_HELD)),
)
_AT_HAND = case(
    (dispatchers.c.presence == Presence.READY.value, 0),
    (dispatchers.c.presence == Presence.AFTER_CALL.value, 1),
    else_=2,
)
"""The order in which emergencies disturb dispatchers; for other calls it is the same for all."""


def moment(at: datetime) -> dict[str, datetime]:
    """Give the values of statements that hold moments on record against now."""
    return {"at": at, "set_back": at + CLOCK_SET_BACK}


LOCK_PAIRING = select(func.pg_advisory_xact_lock(AdvisoryLock.PAIRING.value))

ENTRY_OF = select(queue_entries).where(queue_entries.c.call_id == bindparam("call"))
ENTRY_LOCKED = ENTRY_OF.with_for_update()
OFFERED_TO = (
    select(queue_entries)
    .where(
        queue_entries.c.dispatcher_id == bindparam("dispatcher"),
        queue_entries.c.state == QueueEntryState.OFFERED.value,
        IN_LINE,
    )
    .with_for_update()
)
ENGAGING = HELD.order_by((queue_entries.c.state == QueueEntryState.OFFERED.value).desc(), *ORDER)
"""The same, in the order of the line, who is only rung for before all others."""
LATEST_ENTRY = select(func.max(queue_entries.c.entered_at)).where(IN_LINE)
ENTRIES = select(queue_entries).where(IN_LINE).order_by(*ORDER)

_AT = bindparam("at", type_=Moment)
_SET_BACK = bindparam("set_back", type_=Moment)


def _has_skill(dispatcher: FromClause, on_duty: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Tell whether a dispatcher, or one of those on duty, has the skill that the entry asks for."""
    of_whom = dispatcher_skills.c.dispatcher_id == dispatcher.c.id
    asked = exists().where(of_whom, dispatcher_skills.c.skill == queue_entries.c.skill)
    if on_duty is None:
        return asked.correlate_except(dispatcher_skills)  # else, two levels down, it looks for anybody's
    return asked.where(on_duty).correlate(queue_entries)


def _has_topic(dispatcher: FromClause) -> ColumnElement[bool]:
    """Tell whether the dispatcher has the second skill as well."""
    second = dispatcher_skills.alias("second")
    of_whom = second.c.dispatcher_id == dispatcher.c.id
    return exists().where(of_whom, second.c.skill == queue_entries.c.topic).correlate_except(second)


_EXPERT = dispatchers.alias("expert")
_ONE_SKILL_WILL_DO = or_(
    queue_entries.c.topic.is_(None),
    _has_topic(dispatchers),
    ~_has_skill(_EXPERT, and_(_on_duty(_EXPERT), _has_topic(_EXPERT))),
)
"""No second skill is asked for, or this dispatcher has it, or nobody on duty has both."""
_SKILLED = _has_skill(dispatchers)
_FOR_ANYBODY = or_(
    queue_entries.c.anybody_from.is_(None),
    queue_entries.c.anybody_from <= _AT,
    queue_entries.c.entered_at > _SET_BACK,
    ~_has_skill(_EXPERT, _on_duty(_EXPERT)),
)
_CAN_TAKE = or_(
    queue_entries.c.wanted_dispatcher_id == dispatchers.c.id,
    and_(
        queue_entries.c.wanted_dispatcher_id.is_(None), or_(_FOR_ANYBODY, and_(_SKILLED, _ONE_SKILL_WILL_DO))
    ),
)
"""A caller who wants one person waits for them alone; one who asked for a skill, a while for who has it; of
two skills for who has both, else for who has the first."""
_SKILLED_FIRST = case(
    (queue_entries.c.skill.is_(None), 0),
    (and_(_SKILLED, or_(queue_entries.c.topic.is_(None), _has_topic(dispatchers))), 0),
    (_SKILLED, 1),
    else_=2,
)
_DUE = or_(
    queue_entries.c.not_before.is_(None),
    queue_entries.c.not_before <= _AT,
    queue_entries.c.entered_at > _SET_BACK,
)
_READY = dispatchers.alias("ready")
_SOMEBODY_READY = exists().where(allows(_READY.c.presence, PRESENCE, PresenceEvent.OFFER))


def _first_served(*of: ColumnElement[bool]) -> ColumnElement[str]:
    """Find the first of these places for which anybody is free: one look at the line, however long it is."""
    return (
        select(queue_entries.c.call_id)
        .where(_OFFERABLE, _DUE, exists().where(_FREE, _CAN_TAKE), *of)
        .order_by(*ORDER)
        .limit(1)
        .with_for_update(skip_locked=True, of=queue_entries)
        .correlate(None)
        .scalar_subquery()
    )


_ORDINARY = queue_entries.c.priority < int(Priority.EMERGENCY)


# While nobody is ready, only emergencies are looked at: the others may be a thousand.
def _first_of(*of: ColumnElement[bool]) -> ColumnElement[str]:
    ordinary = case((_SOMEBODY_READY, _first_served(_ORDINARY, *of)))
    return func.coalesce(_first_served(_EMERGENCY, *of), ordinary)


_FIRST_SERVED = _first_of()
SERVABLE = select(_FIRST_SERVED)
"""The call that is served next; none while nobody can serve anybody."""


# A place with a dispatcher: the first who can be served, and of those who can take them who has the skill,
# then who is idle longest.
def _pair_of(first: ColumnElement[str]) -> Select[Any]:
    return (
        DISPATCHERS.add_columns(
            queue_entries.c.call_id,
            queue_entries.c.state,
            queue_entries.c.priority,
            queue_entries.c.offers,
            queue_entries.c.callback_to,
            queue_entries.c.node,
        )
        .where(queue_entries.c.call_id == first, _OFFERABLE, _DUE, _FREE, _CAN_TAKE)
        .order_by(_AT_HAND, _SKILLED_FIRST, dispatchers.c.since, dispatchers.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=[queue_entries, dispatchers])
    )


FIRST_PAIR = _pair_of(_FIRST_SERVED)


def _pair_at_once(first_pair: Select[Any]) -> Select[Any]:
    """Take the first pair in one statement, which is one trip to PostgreSQL in place of seven.

    It waits for its turn: SKIP LOCKED alone lets a second worker give the first one's dispatcher to the next
    in line. What it locks is checked again as it is after the wait; what it only reads is as before it.
    """
    turn = select(func.pg_advisory_xact_lock(AdvisoryLock.PAIRING.value).label("ours")).cte("turn")
    pair = first_pair.where(exists().select_from(turn)).cte("pair")
    offered = {
        "state": QUEUE_ENTRY.target(QueueEntryEvent.OFFER).value,
        "dispatcher_id": pair.c.id,
        "offers": pair.c.offers + 1,
    }
    reason = case((pair.c.presence == Presence.PAUSED.value, literal(FROM_PAUSE) + pair.c.reason), else_="")
    rung_as = PRESENCE.target(PresenceEvent.OFFER_EMERGENCY).value  # as by OFFER
    rung = {"presence": rung_as, "reason": reason, "since": _AT, "wrap_up_until": None}
    noted = select(pair.c.id, literal(rung_as), reason, _AT)
    return select(pair).add_cte(
        update(queue_entries)
        .where(queue_entries.c.call_id == pair.c.call_id)
        .values(offered)
        .cte("offering"),
        update(dispatchers).where(dispatchers.c.id == pair.c.id).values(rung).cte("ringing"),
        insert(presence_history)
        .from_select(["dispatcher_id", "presence", "reason", "at"], noted)
        .cte("noting"),
    )


PAIR_AT_ONCE = _pair_at_once(FIRST_PAIR)
# The line is one, its callers are on several nodes: the first caller is paired by their own node, and the
# others leave them to it. Callers of a node that does not serve (begun anew, or dead) hold up nobody.
_NODE = func.coalesce(
    queue_entries.c.node,
    func.substring(queue_entries.c.call_id, rf"^{OUT_PREFIX}.*\.({NODE_NAME})$"),
    func.substring(queue_entries.c.call_id, rf"^{SYSTEM}-({NODE_NAME})-"),
)
_SERVED = _NODE.in_(bindparam("serving", expanding=True))
PAIR_ON_NODE = _pair_at_once(_pair_of(_first_of(_SERVED)).where(_NODE.in_([bindparam("mine")])))
TAKE_KEPT = (
    update(queue_entries)
    .where(IN_LINE, queue_entries.c.callback_to.is_not(None), _NODE.in_([bindparam("gone")]))
    .values(node=bindparam("mine"))
    .returning(queue_entries)
)
"""Looks after the kept places of a node that is gone."""

_PRIORITY = bindparam("priority", type_=Integer)
_BEFORE = tuple_(bindparam("entered", type_=Moment), bindparam("call", type_=Text))
# Each half is a range of one index, and neither is walked to its end: the line may be a thousand long.
_AHEAD: CompoundSelect[int] = union_all(
    select(literal_column("1", Integer))
    .select_from(queue_entries)
    .where(_WAITING, queue_entries.c.priority > _PRIORITY),
    select(literal_column("1", Integer))
    .select_from(queue_entries)
    .where(
        _WAITING,
        queue_entries.c.priority == _PRIORITY,
        tuple_(queue_entries.c.entered_at, queue_entries.c.call_id) < _BEFORE,
    ),
).limit(NAMED_PLACES)
COUNT_BEFORE = select(func.count()).select_from(_AHEAD.subquery())
"""How many wait before a place; NAMED_PLACES for as many and for more."""
PLACES = select(queue_entries.c.priority, queue_entries.c.entered_at, queue_entries.c.call_id).where(_WAITING)
_IN_TRIAL = exists().where(
    queue_entries.c.dispatcher_id == dispatchers.c.id,
    queue_entries.c.left_at.is_(None),
    queue_entries.c.call_id.startswith(TRIAL_PREFIX),
)
OTHERS_ANSWER = select(
    exists().where(_ON_DUTY, dispatchers.c.id != bindparam("but"), ~_IN_TRIAL.correlate(dispatchers))
)
COUNT_ON_DUTY = select(func.count()).select_from(dispatchers).where(_ON_DUTY)
_WANTED = bindparam("wanted", type_=BigInteger)
_WHO_IS_WANTED = or_(_WANTED.is_(None), dispatchers.c.id == _WANTED)
_COMES_BACK = and_(
    _WANTED.is_(None),
    dispatchers.c.presence == Presence.PAUSED.value,
    dispatchers.c.reason == UNREACHABLE,
    dispatchers.c.since > bindparam("lately", type_=Moment),
)
ATTENDED = select(
    or_(
        exists().where(_ON_DUTY, _WHO_IS_WANTED),
        exists().where(_COMES_BACK),
        and_(bindparam("urgent", type_=Boolean), exists().where(_ON_PAUSE, _WHO_IS_WANTED)),
    )
)
"""Whether anybody could take a caller: each part ends at the first who can."""

_RESTED = and_(
    allows(dispatchers.c.presence, PRESENCE, PresenceEvent.WRAPPED_UP),
    or_(dispatchers.c.wrap_up_until <= _AT, dispatchers.c.since > _SET_BACK),
)
ANYONE_RESTED = select(dispatchers.c.id).where(_RESTED).limit(1)
RESTED = DISPATCHERS.where(_RESTED).order_by(dispatchers.c.id).with_for_update(skip_locked=True)
LATEST_TALKS = (
    select(talks.c.started_at, talks.c.ended_at)
    .where(talks.c.ended_at > bindparam("since"))
    .order_by(talks.c.ended_at.desc())
    .limit(MEASURED_TALKS)
)
