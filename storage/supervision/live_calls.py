"""Calls that go on now, with their places in the line and how far they have come."""

from collections.abc import Sequence

from attrs import define, field
from sqlalchemy import BindParameter, bindparam, select

from hotline.calls.call import Direction, JourneyStep
from hotline.supervision.live_calls import LiveCall
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.writes import Remembered
from storage.line.queries import ENTRIES
from storage.line.steps import read_entry
from storage.tables import calls, journey_steps, talks

MOST = 200
"""In a storm nobody reads further; who waits longest comes first."""
_UNENDED = select(calls).where(calls.c.ended_at.is_(None)).order_by(calls.c.arrived_at).limit(MOST)
_OF: BindParameter[Sequence[str]] = bindparam("calls", expanding=True)
_OPEN = select(talks.c.call_id, talks.c.started_at).where(talks.c.ended_at.is_(None))
_TALKS = _OPEN.order_by(talks.c.started_at)
_LATEST = (
    select(journey_steps.c.number)
    .where(journey_steps.c.call_id == calls.c.id)
    .order_by(journey_steps.c.at.desc(), journey_steps.c.number.desc())
    .limit(1)
    .correlate(calls)
    .scalar_subquery()
)
_STEPS = (
    select(journey_steps)
    .join(calls, (journey_steps.c.call_id == calls.c.id) & (journey_steps.c.number == _LATEST))
    .where(calls.c.id.in_(_OF))
)


@define(eq=False, repr=False)
class StoredLiveCalls:
    """`hotline.supervision.live_calls.LiveCalls` on a database."""

    _database: Database
    _last: Remembered[Sequence[LiveCall]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._last = Remembered(self._database.writes, self._read)

    async def now(self) -> Sequence[LiveCall]:
        return await self._last.get()

    async def _read(self) -> Sequence[LiveCall]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_UNENDED)).all()
            entries = {one.call_id: one for one in map(read_entry, await connection.execute(ENTRIES))}
            began = {row.call_id: row.started_at for row in await connection.execute(_TALKS)}
            asked = {"calls": [row.id for row in rows]}
            taken = (await connection.execute(_STEPS, asked)).mappings()
            steps = {row["call_id"]: row_to(JourneyStep, row) for row in taken}
        found = [
            LiveCall(
                id=row.id,
                number=row.number,
                direction=Direction(row.direction),
                arrived_at=row.arrived_at,
                entry=entries.get(row.id),
                talk_since=began.get(row.id),
                last=steps.get(row.id),
            )
            for row in rows
        ]
        order = {call_id: place for place, call_id in enumerate(entries)}
        return sorted(found, key=lambda one: order.get(one.id, len(order)))
