"""Endpoints of enterprises that have their own Open311, and the requests that their servers have of ours."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from attrs import define
from sqlalchemy import bindparam, delete, select, update

from hotline.appeals.appeal import PENDING
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.enterprises.open311 import HandedRequest, Open311Endpoint
from hotline.errors import Outdated
from storage.core.database import Database
from storage.enterprises.executors import read_executor
from storage.tables import appeals, endpoint_keys, executors, notices

_LOCKED = select(executors).where(executors.c.id == bindparam("executor")).with_for_update()
_SET = update(executors).where(executors.c.id == bindparam("executor"))
_KEY = select(endpoint_keys.c.key).where(endpoint_keys.c.executor_id == bindparam("executor"))
_FORGET_KEY = delete(endpoint_keys).where(endpoint_keys.c.executor_id == bindparam("executor"))
_KEEP_KEY = update(endpoint_keys).where(
    endpoint_keys.c.executor_id == bindparam("executor"), endpoint_keys.c.key == bindparam("was")
)
_HANDED = (
    select(notices.c.id, notices.c.number, notices.c.provider_id, notices.c.owed_at)
    .join(appeals, appeals.c.number == notices.c.number)
    .where(
        appeals.c.executor_id == bindparam("executor"),
        appeals.c.state.in_(sorted(PENDING)),
        notices.c.recipient == bindparam("whom"),
        notices.c.channel == Channel.OPEN311.value,
        notices.c.state.in_([NoticeState.SENT.value, NoticeState.DELIVERED.value]),
        notices.c.provider_id != "",
    )
    .order_by(notices.c.id)
)
_NAMED = update(notices).where(notices.c.id == bindparam("notice"))


@define(eq=False, repr=False)
class StoredOpen311Endpoints:
    """`hotline.enterprises.open311.Open311Endpoints` on a database."""

    _database: Database

    async def set(
        self,
        executor_id: int,
        endpoint: Open311Endpoint | None,
        *,
        key: str | None,
        seen: Open311Endpoint | None,
    ) -> None:
        whose = {"executor": executor_id}
        async with self._database.writing() as connection:
            present = await read_executor(connection, executor_id, reading=_LOCKED)
            if present.open311 != seen:
                raise Outdated(f"Somebody else changed the Open311 of {present.short} meanwhile.")
            kept = None if endpoint is None else msgspec.to_builtins(endpoint)
            await connection.execute(_SET.values(open311=kept), whose)
            moved = endpoint is None or seen is None or endpoint.address != seen.address
            if moved or key is not None:
                await connection.execute(_FORGET_KEY, whose)
            if endpoint is not None and key:
                values = {"executor_id": executor_id, "key": key}
                await connection.execute(self._database.insert(endpoint_keys).values(values))

    async def key(self, executor_id: int) -> str:
        async with self._database.reading() as connection:
            return str(await connection.scalar(_KEY, {"executor": executor_id}) or "")

    async def has_key(self, executor_id: int) -> bool:
        return bool(await self.key(executor_id))

    async def keep_key(self, executor_id: int, key: str, *, was: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_KEEP_KEY.values(key=key), {"executor": executor_id, "was": was})

    async def handed(self, executor_id: int) -> Sequence[HandedRequest]:
        wanted = {"executor": executor_id, "whom": f"executor:{executor_id}"}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HANDED, wanted)).all()
        latest = {
            row.number: HandedRequest(
                notice_id=row.id, number=row.number, request_id=row.provider_id, handed_at=row.owed_at
            )
            for row in rows
        }
        return list(latest.values())

    async def named(self, notice_id: int, request_id: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(
                _NAMED.values(provider_id=request_id, changed_at=at), {"notice": notice_id}
            )
