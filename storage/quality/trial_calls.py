"""Trial calls of training on a database."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from attrs import define
from sqlalchemy import bindparam, insert, select, update

from hotline.calls.call import is_trial
from hotline.errors import NotFound
from hotline.quality.trial_calls import Entered, TrialCall
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import assessments
from storage.tables import trial_calls as table

_TRIALS = select(
    table, assessments.c.id.label("assessment_id"), assessments.c.percent, assessments.c.passed
).select_from(table.outerjoin(assessments, assessments.c.call_id == table.c.call_id))
_ONE = _TRIALS.where(table.c.call_id == bindparam("this"))
_OF = (
    _TRIALS.where(table.c.dispatcher_id == bindparam("of"))
    .order_by(table.c.asked_at.desc(), table.c.call_id)
    .limit(bindparam("most"))
)


@define(eq=False, repr=False)
class StoredTrialCalls:
    """`hotline.quality.trial_calls.TrialCalls` on a database."""

    _database: Database

    async def add(self, trial: TrialCall) -> None:
        values = {
            "call_id": trial.call_id,
            "dispatcher_id": trial.dispatcher_id,
            "user_id": trial.user_id,
            "scenario": trial.scenario,
            "asked_at": trial.asked_at,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(table), values)

    async def enter(self, call_id: str, entered: Entered, at: datetime) -> TrialCall:
        values = {"entered": msgspec.to_builtins(entered), "entered_at": at}
        async with self._database.writing() as connection:
            change = update(table).where(table.c.call_id == call_id).values(values)
            await connection.execute(change)
            row = (await connection.execute(_ONE, {"this": call_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no trial call {call_id}.")
        return row_to(TrialCall, row)

    async def of_call(self, call_id: str) -> TrialCall | None:
        if not is_trial(call_id):
            return None
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"this": call_id})).mappings().first()
        return None if row is None else row_to(TrialCall, row)

    async def of(self, dispatcher_id: int, most: int) -> Sequence[TrialCall]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF, {"of": dispatcher_id, "most": most})).mappings().all()
        return [row_to(TrialCall, row) for row in rows]
