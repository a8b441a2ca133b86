"""The routing rules as they are read."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.routing import Rule
from storage.core.rows import row_to
from storage.enterprises.executors import hours_of_json
from storage.tables import executors, routing_rules

ALL_RULES = select(routing_rules).order_by(routing_rules.c.rank, routing_rules.c.id)
_ACTIVE = ALL_RULES.join(executors, executors.c.id == routing_rules.c.executor_id).where(executors.c.active)
_KEPT_OPEN = _ACTIVE.with_for_update(read=True, key_share=True, of=executors)


async def read_active_rules(connection: AsyncConnection, *, to_give: bool = False) -> Sequence[Rule]:
    """Read the rules of active executors; `to_give` locks these executors against being closed meanwhile."""
    return [
        read_rule(row) for row in (await connection.execute(_KEPT_OPEN if to_give else _ACTIVE)).mappings()
    ]


def read_rule(row: RowMapping) -> Rule:
    return row_to(Rule, row, order=row["rank"], hours=hours_of_json(row["hours"]))
