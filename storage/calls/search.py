"""Calls found page by page: for each filter there is an index that is entered where the page begins."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.calls.history import MISSED, CallFilter, Position
from storage.calls.log import read_call
from storage.core.constants import off_its_index
from storage.line.fates import counted
from storage.speech.transcripts import SaidIn
from storage.tables import calls, talks

LONGEST_WAIT = timedelta(days=1)
"""No talk begins later than this after the call arrived."""
STRETCHES = tuple(timedelta(hours=8**power) for power in range(5))
"""Calls are looked back upon for words that were said: so far at first, and at last all of them."""
_BEFORE_IT = timedelta(hours=1)
"""No clock of ours is further behind another: no sound is older than its call."""
_TALKED = frozenset({None, Outcome.TALKED})
"""Asked for another outcome, few calls have a talk: then those of that outcome are walked."""
_TALK = talks.alias("talk")
_BEFORE = talks.alias("before")
_NEWEST_FIRST = (calls.c.arrived_at.desc(), calls.c.id.desc())


async def find_calls(
    connection: AsyncConnection,
    wanted: CallFilter,
    limit: int,
    behind: Position | None,
    said: SaidIn | None = None,
) -> Sequence[CallRecord]:
    """Find calls, the newest first; those of one dispatcher in the order of their talks.

    `said` selects the calls in which the words that are asked for were said.
    """
    if wanted.dispatcher_id is not None and wanted.number is None and wanted.outcome in _TALKED:
        among = () if said is None else (calls.c.id.in_(said(None, None)),)
        began = await _began(connection, wanted.dispatcher_id, behind)
        return await _read(
            connection, _talked(wanted, wanted.dispatcher_id, began).where(*among).limit(limit)
        )
    if said is None:
        return await _along_calls(connection, wanted, limit, behind)
    return await _with_words(connection, wanted, limit, behind, said)


async def _with_words(
    connection: AsyncConnection, wanted: CallFilter, limit: int, behind: Position | None, said: SaidIn
) -> Sequence[CallRecord]:
    """Look back stretch by stretch, so that the hits of all years are not collected to show the newest."""
    last = behind.arrived_at if behind else await _newest(connection, wanted)
    if last is None:
        return []
    found, until = list[CallRecord](), wanted.until
    for since in (*_beginnings(last, wanted.since), wanted.since):
        part = replace(wanted, since=since, until=until)
        heard = said(since and since - _BEFORE_IT, (until or last) + LONGEST_WAIT)
        found += await _along_calls(connection, part, limit - len(found), behind, calls.c.id.in_(heard))
        if len(found) == limit:
            break
        until = since
    return found


def _beginnings(last: datetime, earliest: datetime | None) -> Sequence[datetime]:
    """Give the moments at which stretches before the last call begin, as far as calls are asked for."""
    begin = (last - stretch for stretch in STRETCHES)
    return [at for at in begin if earliest is None or at > earliest]


async def _newest(connection: AsyncConnection, wanted: CallFilter) -> datetime | None:
    newest = select(calls.c.arrived_at).order_by(calls.c.arrived_at.desc()).limit(1)
    if wanted.until is not None:
        newest = newest.where(calls.c.arrived_at < wanted.until)
    at: datetime | None = await connection.scalar(newest)
    return at


async def _along_calls(
    connection: AsyncConnection,
    wanted: CallFilter,
    limit: int,
    behind: Position | None,
    *among: ColumnElement[bool],
) -> Sequence[CallRecord]:
    found: list[CallRecord] = []
    for one in _each_outcome(wanted):
        query = (
            select(calls).where(*one, *among, *_conditions(wanted), *_behind(behind)).order_by(*_NEWEST_FIRST)
        )
        found += await _read(connection, query.limit(limit))
    found.sort(key=lambda call: (call.arrived_at, call.id), reverse=True)
    return found[:limit]


async def find_around(
    connection: AsyncConnection, call: CallRecord, most: int
) -> tuple[Sequence[CallRecord], Sequence[CallRecord]]:
    """Return the calls of the same number before and after, at most `most` each, the newest first."""
    others = select(calls).where(calls.c.number == call.number, calls.c.id != call.id).limit(most)
    later = others.where(calls.c.arrived_at >= call.arrived_at).order_by(calls.c.arrived_at, calls.c.id)
    earlier = others.where(calls.c.arrived_at < call.arrived_at).order_by(*_NEWEST_FIRST)
    return await _read(connection, earlier), (await _read(connection, later))[::-1]


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[CallRecord]:
    return [read_call(row) for row in (await connection.execute(query)).mappings()]


def _each_outcome(wanted: CallFilter) -> Iterator[Sequence[ColumnElement[bool]]]:
    """One query for each outcome that counts as missed: together they could not be read in order of time."""
    if not wanted.missed:
        yield ()
        return
    for outcome in sorted(MISSED):
        if wanted.outcome in {None, outcome}:
            yield (calls.c.outcome == outcome.value,)


def _conditions(wanted: CallFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield calls.c.arrived_at >= wanted.since
    if wanted.until is not None:
        yield calls.c.arrived_at < wanted.until
    if wanted.number is not None:
        yield calls.c.number == wanted.number
    if wanted.outcome is not None:
        yield calls.c.outcome == wanted.outcome.value
    if wanted.direction is not None:
        yield calls.c.direction == wanted.direction.value
    if wanted.missed:
        yield or_(
            off_its_index(calls.c.direction) == Direction.INCOMING.value,
            off_its_index(calls.c.outcome) == Outcome.CALLBACK_WANTED.value,
        )
    if wanted.counted is not None:
        yield from counted(wanted.counted)
    if wanted.dispatcher_id is not None:
        yield exists().where(talks.c.call_id == calls.c.id, _theirs(talks, wanted.dispatcher_id))


def _behind(last: Position | None) -> Iterator[ColumnElement[bool]]:
    if last is not None:
        yield calls.c.arrived_at <= last.arrived_at  # by itself, so that the index is entered at this place
        yield or_(
            calls.c.arrived_at < last.arrived_at,
            and_(calls.c.arrived_at == last.arrived_at, calls.c.id < last.call_id),
        )


def _talked(wanted: CallFilter, dispatcher_id: int, behind: Position | None) -> Select[Any]:
    """Read along the index of the dispatcher's talks, each call at its first talk: they are few."""
    earlier_talk = exists().where(
        _BEFORE.c.call_id == _TALK.c.call_id,
        _theirs(_BEFORE, dispatcher_id),
        _BEFORE.c.id < _TALK.c.id,
    )
    missed = (calls.c.outcome.in_(sorted(MISSED)),) if wanted.missed else ()
    return (
        select(calls)
        .join(_TALK, _TALK.c.call_id == calls.c.id)
        .where(
            _TALK.c.dispatcher_id == dispatcher_id,
            ~earlier_talk,
            *missed,
            *_talk_times(wanted),
            *_conditions(replace(wanted, dispatcher_id=None)),
            *_behind_talk(behind),
        )
        .order_by(_TALK.c.started_at.desc(), _TALK.c.call_id.desc())
    )


def _talk_times(wanted: CallFilter) -> Iterator[ColumnElement[bool]]:
    """The condition that the requested days put on the talks, so that their index is entered there."""
    if wanted.since is not None:
        yield _TALK.c.started_at >= wanted.since
    if wanted.until is not None:
        yield _TALK.c.started_at < wanted.until + LONGEST_WAIT


def _theirs(those: FromClause, dispatcher_id: int) -> ColumnElement[bool]:
    """Of a call's few talks those of the dispatcher; `+ 0` keeps SQLite from reading all their talks."""
    return those.c.dispatcher_id + 0 == dispatcher_id


def _behind_talk(last: Position | None) -> Iterator[ColumnElement[bool]]:
    if last is not None:
        yield _TALK.c.started_at <= last.arrived_at
        yield or_(_TALK.c.started_at < last.arrived_at, _TALK.c.call_id < last.call_id)


async def _began(connection: AsyncConnection, dispatcher_id: int, last: Position | None) -> Position | None:
    """Return the position of the previous page's last call among the dispatcher's talks."""
    if last is None:
        return None
    talk = (_TALK.c.call_id == last.call_id, _theirs(_TALK, dispatcher_id))
    began = await connection.scalar(select(func.min(_TALK.c.started_at)).where(*talk))
    return Position(arrived_at=began or last.arrived_at, call_id=last.call_id)
