"""The presence that is on record, as spans."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from attrs import define
from sqlalchemy import bindparam, select

from hotline.line.presence_states import Presence
from hotline.shifts.attendance import PresenceSpan
from storage.core.database import Database
from storage.tables import Moment, dispatchers
from storage.tables import presence_history as table

_SINCE, _UNTIL = bindparam("since", type_=Moment), bindparam("until", type_=Moment)
_IN_ORDER = (table.c.at, table.c.id)
_CHANGES = (
    select(table.c.dispatcher_id, table.c.presence, table.c.at)
    .where(
        table.c.dispatcher_id.in_(select(dispatchers.c.id)),  # along the index of each
        table.c.at > _SINCE,
        table.c.at < _UNTIL,
    )
    .order_by(table.c.dispatcher_id, *_IN_ORDER)
)
_AT_FIRST = select(
    dispatchers.c.id,
    select(table.c.presence)
    .where(table.c.dispatcher_id == dispatchers.c.id, table.c.at <= _SINCE)
    .order_by(*(one.desc() for one in _IN_ORDER))
    .limit(1)
    .correlate(dispatchers)
    .scalar_subquery()
    .label("presence"),
)


@define(eq=False, repr=False)
class StoredPresenceLog:
    """`hotline.shifts.attendance.PresenceLog` on a database."""

    _database: Database

    async def spans(self, since: datetime, until: datetime) -> Sequence[PresenceSpan]:
        asked = {"since": since, "until": until}
        became: dict[int, list[tuple[datetime, Presence]]] = defaultdict(list)
        async with self._database.reading() as connection:
            for dispatcher, presence in await connection.execute(_AT_FIRST, asked):
                became[dispatcher].append((since, Presence(presence or Presence.AWAY)))
            for dispatcher, presence, at in await connection.execute(_CHANGES, asked):
                became[dispatcher].append((at, Presence(presence)))
        return [
            PresenceSpan(dispatcher_id=dispatcher, presence=presence, since=at, until=then)
            for dispatcher, changes in became.items()
            for (at, presence), (then, _) in pairwise([*changes, (until, Presence.AWAY)])
            if at < then
        ]
