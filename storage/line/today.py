"""How the line stands now and today, from the places in it, the dispatchers and the calls."""

from datetime import datetime

from attrs import define
from sqlalchemy import BigInteger, bindparam, cast, func, literal, select

from hotline.calls.counted import Counted
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.line.report import CallCount, LineSum
from hotline.line.service_level import LineCounts
from hotline.line.today import LineNow
from storage.core.database import Database
from storage.line.fates import FIGURE, INCOMING, WAITED
from storage.line.queries import IN_LINE
from storage.tables import Moment, calls, dispatchers, queue_entries

_KEPT = queue_entries.c.callback_to.is_not(None)
_ENTRIES = (
    select(
        queue_entries.c.state,
        _KEPT.label("kept"),
        func.count().label("many"),
        func.min(queue_entries.c.entered_at).label("since"),
    )
    .where(IN_LINE)
    .group_by(queue_entries.c.state, _KEPT)
)
_PRESENT = (
    select(dispatchers.c.presence, func.count().label("many"))
    .where(dispatchers.c.presence != literal(Presence.AWAY.value))
    .group_by(dispatchers.c.presence)
)
_CALLS = (
    select(FIGURE.label("figure"), WAITED.label("milliseconds"))
    .where(
        INCOMING,
        calls.c.arrived_at >= bindparam("since", type_=Moment),
        calls.c.arrived_at < bindparam("until", type_=Moment),
    )
    .subquery()
)
_COUNTS = select(
    _CALLS.c.figure,
    func.count().label("calls"),
    cast(func.sum(_CALLS.c.milliseconds), BigInteger).label("milliseconds"),
).group_by(_CALLS.c.figure)


@define(eq=False, repr=False)
class StoredLineToday:
    """`hotline.line.today.LineToday` on a database."""

    _database: Database

    async def now(self) -> LineNow:
        async with self._database.reading() as connection:
            entries = (await connection.execute(_ENTRIES)).all()
            present = {row.presence: row.many for row in await connection.execute(_PRESENT)}
        talking = QueueEntryState.TALKING.value
        waiting = [row for row in entries if row.state != talking and not row.kept]
        return LineNow(
            waiting=sum(row.many for row in waiting),
            waits_since=min((row.since for row in waiting), default=None),
            kept=sum(row.many for row in entries if row.state != talking and row.kept),
            talking=sum(row.many for row in entries if row.state == talking),
            at_desks=sum(present.values()),
            ready=present.get(Presence.READY.value, 0),
        )

    async def counts(self, since: datetime, until: datetime) -> LineCounts:
        whole = LineSum()
        async with self._database.reading() as connection:
            for row in await connection.execute(_COUNTS, {"since": since, "until": until}):
                one = CallCount(
                    key=0,
                    figure=Counted(row.figure),
                    waited=0,
                    calls=row.calls,
                    milliseconds=row.milliseconds,
                )
                whole.count(one)
        return whole.counts
