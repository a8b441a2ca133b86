"""The stored routing rules: read, replaced, and tried on an appeal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, delete, insert, text, update

from hotline.appeals.appeal import AppealKind
from hotline.appeals.routing import Routed, Rule, Unrouted, revision
from hotline.city.classifier import Urgency
from hotline.errors import Outdated
from storage.appeals.changes import AppealWriter
from storage.appeals.rules import ALL_RULES, read_rule
from storage.core.areas import areas_as_json
from storage.core.database import Database
from storage.enterprises.executors import hours_as_json, read_executor
from storage.tables import routing_rules

_ADD = insert(routing_rules).returning(routing_rules)
_SET = update(routing_rules).where(routing_rules.c.id == bindparam("rule"))
_REMOVE = delete(routing_rules).where(routing_rules.c.id.in_(bindparam("rules", expanding=True)))
_ONE_AT_A_TIME = text("LOCK TABLE routing_rules IN SHARE ROW EXCLUSIVE MODE")
"""Rules can be read meanwhile; two who change them come one after the other. SQLite has one writer anyway."""
STEP = 10
"""Between the places of two rules."""


@define(eq=False, repr=False)
class StoredRules:
    """`hotline.appeals.routing.Rules` on a database."""

    _database: Database
    _writer: AppealWriter

    async def all(self) -> Sequence[Rule]:
        async with self._database.reading() as connection:
            return [read_rule(row) for row in (await connection.execute(ALL_RULES)).mappings()]

    async def add(self, rule: Rule) -> Rule:
        async with self._database.writing() as connection:
            await read_executor(connection, rule.executor_id)
            return read_rule((await connection.execute(_ADD, _values(rule))).mappings().one())

    async def replace(self, rules: Sequence[Rule], *, seen: str) -> Sequence[Rule]:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(_ONE_AT_A_TIME)
            kept = [read_rule(row) for row in (await connection.execute(ALL_RULES)).mappings()]
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
            return [read_rule(row) for row in (await connection.execute(ALL_RULES)).mappings()]

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
            return await self._writer.who_gets(
                connection,
                category=category,
                version=classifier,
                address=address,
                at=at,
                kind=kind,
                urgency=urgency,
            )


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
