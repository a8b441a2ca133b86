"""Appeals whose clocks run. Their numbers come from indexes alone; rows are read a few hundred at a time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from attrs import define, field
from sqlalchemy import bindparam, select

from hotline.appeals.appeal import PENDING, AppealState
from hotline.appeals.watching import Watched
from hotline.city.classifier import CLASSIFIERS
from storage.appeals.register import read_appeal
from storage.core.database import Database
from storage.core.writes import Nothing
from storage.enterprises.executors import read_executors
from storage.tables import appeal_history, appeals

_TO_ACKNOWLEDGE = (AppealState.ASSIGNED.value, AppealState.REGISTERED.value)
_UNACKNOWLEDGED = (
    select(appeals.c.number)
    .where(
        appeals.c.state.in_(_TO_ACKNOWLEDGE),
        appeals.c.urgency.in_(bindparam("urgencies", expanding=True)),
        appeals.c.parent.is_(None),
    )
    .order_by(appeals.c.number)
)
_ENDING = (
    select(appeals.c.number)
    .where(appeals.c.state.in_(sorted(PENDING)), appeals.c.due_at < bindparam("before"))
    .order_by(appeals.c.due_at, appeals.c.number)
)
_READ = select(appeals).where(
    appeals.c.number.in_(bindparam("numbers", expanding=True)), appeals.c.state.in_(sorted(PENDING))
)
_STEPS = select(appeal_history.c.number, appeal_history.c.step).where(
    appeal_history.c.number.in_(bindparam("numbers", expanding=True)), appeal_history.c.step.is_not(None)
)
_AT_ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""The moment of looks that do not depend on it: an appeal waits until somebody acknowledges it."""


@define(eq=False, repr=False)
class StoredWatch:
    """`hotline.appeals.watching.AppealWatch` on a database."""

    _database: Database
    _none_unacknowledged: Nothing = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._none_unacknowledged = Nothing(self._database.writes, [appeals])

    async def unacknowledged(self) -> Sequence[str]:
        versions = CLASSIFIERS.held.versions.values()  # each appeal has the clock of its own
        urgencies = tuple(sorted({one for known in versions for one in known.acknowledge}))

        async def look() -> Sequence[str]:
            async with self._database.reading() as connection:
                found = await connection.execute(_UNACKNOWLEDGED, {"urgencies": urgencies})
                return found.scalars().all()

        return await self._none_unacknowledged.unless(_AT_ANY_TIME, look, asked=urgencies)

    async def ending(self, before: datetime) -> Sequence[str]:
        async with self._database.reading() as connection:
            return (await connection.execute(_ENDING, {"before": before})).scalars().all()

    async def read(self, numbers: Sequence[str]) -> Sequence[Watched]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_READ, {"numbers": numbers})).mappings().all()
            found = [read_appeal(row) for row in rows]
            executors = {one.id: one for one in await read_executors(connection)}
            done = defaultdict(set)
            for step in await connection.execute(_STEPS, {"numbers": [one.number for one in found]}):
                done[step.number].add(step.step)
        return [
            Watched(
                appeal=one,
                executor=executors.get(one.executor_id) if one.executor_id else None,
                done=frozenset(done[one.number]),
            )
            for one in found
        ]
