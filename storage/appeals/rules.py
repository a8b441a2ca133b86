"""The routing rules as they are read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.routing import OnDays, Rule
from hotline.city.classifier import Utility
from storage.core.areas import areas_of_json
from storage.enterprises.executors import hours_of_json
from storage.tables import executors, routing_rules

ALL_RULES = select(routing_rules).order_by(routing_rules.c.rank, routing_rules.c.id)
_ACTIVE = ALL_RULES.join(executors, executors.c.id == routing_rules.c.executor_id).where(executors.c.active)
_KEPT_OPEN = _ACTIVE.with_for_update(read=True, key_share=True, of=executors)


async def read_active_rules(connection: AsyncConnection, *, to_give: bool = False) -> Sequence[Rule]:
    """Read the rules of active executors; `to_give` locks these executors against being closed meanwhile."""
    return [read_rule(row) for row in (await connection.execute(_KEPT_OPEN if to_give else _ACTIVE)).all()]


def read_rule(row: Row[Any]) -> Rule:
    return Rule(
        id=row.id,
        order=row.rank,
        executor_id=row.executor_id,
        categories=tuple(row.categories),
        utilities=tuple(Utility(one) for one in row.utilities),
        areas=areas_of_json(row.areas),
        hours=hours_of_json(row.hours),
        on_days=OnDays(row.on_days),
        active=row.active,
        note=row.note,
    )
