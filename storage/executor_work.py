"""What an enterprise's users may see: every statement here names their enterprise."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals import PENDING, Appeal, AppealState
from hotline.errors import NotFound
from hotline.handling import Entry
from storage.appeals import read_appeal
from storage.database import Database
from storage.handling import IN_SERVICE_ORDER
from storage.history_rows import read_history
from storage.tables import appeals

_THEIRS = appeals.c.executor_id == bindparam("executor")
_ONE = select(appeals).where(appeals.c.number == bindparam("appeal"), _THEIRS)
_ALL = select(appeals).where(_THEIRS).order_by(*IN_SERVICE_ORDER)
_COUNTS = select(appeals.c.state, func.count()).where(_THEIRS).group_by(appeals.c.state)


class StoredExecutorWork:
    """`hotline.handling.ExecutorWork` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, executor_id: int, number: str) -> Appeal:
        async with self._database.reading() as connection:
            return await require_theirs(connection, executor_id, number)

    async def all(
        self,
        executor_id: int,
        *,
        states: Sequence[AppealState] = (),
        assignee_id: int | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[Appeal]:
        statement = _ALL.where(appeals.c.state.in_(sorted(states or PENDING))).limit(limit).offset(offset)
        if assignee_id is not None:
            statement = statement.where(appeals.c.assignee_id == assignee_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement, {"executor": executor_id})).mappings().all()
        return [read_appeal(row) for row in rows]

    async def counts(self, executor_id: int) -> Mapping[AppealState, int]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_COUNTS, {"executor": executor_id})).all()
        return {AppealState(state): count for state, count in rows}

    async def history(self, executor_id: int, number: str) -> Sequence[Entry]:
        async with self._database.reading() as connection:
            await require_theirs(connection, executor_id, number)
            return await read_history(connection, number, hidden=True)


async def require_theirs(connection: AsyncConnection, executor_id: int, number: str) -> Appeal:
    """Read an appeal that the enterprise has; raises NotFound for any other, so that none can be guessed."""
    wanted = {"appeal": number, "executor": executor_id}
    row = (await connection.execute(_ONE, wanted)).mappings().first()
    if row is None:
        raise NotFound(f"There is no appeal {number}.")
    return read_appeal(row)
