"""The routing rules as kept, and what they say."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import AppealKind
from hotline.appeals.routing import OnDays, Routed, Rule, Unrouted, revision
from hotline.city.classifier import Urgency, Utility
from hotline.errors import Outdated
from storage.core.areas import areas_as_json, areas_of_json
from storage.core.database import Database
from storage.enterprises.executors import hours_as_json, hours_of_json, read_executor
from storage.tables import executors, routing_rules

if TYPE_CHECKING:
    from storage.appeals.changes import Door

_ALL = select(routing_rules).order_by(routing_rules.c.rank, routing_rules.c.id)
_ACTIVE = _ALL.join(executors, executors.c.id == routing_rules.c.executor_id).where(executors.c.active)
_KEPT_OPEN = _ACTIVE.with_for_update(read=True, key_share=True, of=executors)
_ADD = insert(routing_rules).returning(routing_rules)
_SET = update(routing_rules).where(routing_rules.c.id == bindparam("rule"))
_REMOVE = delete(routing_rules).where(routing_rules.c.id.in_(bindparam("rules", expanding=True)))
_ONE_AT_A_TIME = text("LOCK TABLE routing_rules IN SHARE ROW EXCLUSIVE MODE")
"""Rules can be read meanwhile; two who change them come one after the other. SQLite has one writer anyway."""
STEP = 10
"""Between the places of two rules."""


class StoredRules:
    """`hotline.appeals.routing.Rules` on a database."""

    def __init__(self, database: Database, door: "Door") -> None:
        self._database = database
        self._door = door

    async def all(self) -> Sequence[Rule]:
        async with self._database.reading() as connection:
            return [_rule(row) for row in (await connection.execute(_ALL)).all()]

    async def add(self, rule: Rule) -> Rule:
        async with self._database.writing() as connection:
            await read_executor(connection, rule.executor_id)
            return _rule((await connection.execute(_ADD, _values(rule))).one())

    async def replace(self, rules: Sequence[Rule], *, seen: str) -> Sequence[Rule]:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(_ONE_AT_A_TIME)
            kept = [_rule(row) for row in (await connection.execute(_ALL)).all()]
            if revision(kept) != seen:
                raise Outdated("Somebody else changed the rules meanwhile.")
            ids = {one.id for one in kept}
            gone = ids - {one.id for one in rules}
            await connection.execute(_REMOVE, {"rules": sorted(gone)})
            for place, rule in enumerate(rules, start=1):
                await read_executor(connection, rule.executor_id)
                values = _values(rule) | {"rank": place * STEP}
                if rule.id in ids:
                    await connection.execute(_SET.values(**values), {"rule": rule.id})
                else:
                    await connection.execute(_ADD, values)
            return [_rule(row) for row in (await connection.execute(_ALL)).all()]

    async def who_gets(
        self,
        *,
        category: str,
        classifier: int,
        address: str,
        at: datetime,
        kind: AppealKind = AppealKind.APPLICATION,
        urgency: Urgency = Urgency.ORDINARY,
    ) -> Routed | Unrouted:
        async with self._database.reading() as connection:
            return await self._door.who_gets(
                connection,
                category=category,
                version=classifier,
                address=address,
                at=at,
                kind=kind,
                urgency=urgency,
            )


async def read_active_rules(connection: AsyncConnection, *, to_give: bool = False) -> Sequence[Rule]:
    """Read the rules whose executors take appeals; `to_give` keeps those from being closed meanwhile."""
    return [_rule(row) for row in (await connection.execute(_KEPT_OPEN if to_give else _ACTIVE)).all()]


def _values(rule: Rule) -> dict[str, Any]:
    return {
        "rank": rule.order,
        "executor_id": rule.executor_id,
        "categories": list(rule.categories),
        "utilities": [one.value for one in rule.utilities],
        "areas": areas_as_json(rule.areas),
        "hours": hours_as_json(rule.hours),
        "on_days": rule.on_days.value,
        "active": rule.active,
        "note": rule.note,
    }


def _rule(row: Row[Any]) -> Rule:
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
