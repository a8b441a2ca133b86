"""The outbox: notices that are owed, claimed by whoever hands them over, and how it ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from hotline.appeals import Channel
from hotline.errors import ForbiddenTransition, NotFound
from hotline.notices import Notice, NoticeState
from storage.database import Database
from storage.history_rows import read_notice
from storage.tables import notices

_OWED = notices.c.state == NoticeState.OWED.value
_CLAIMED = notices.c.state == NoticeState.CLAIMED.value
_DUE = (
    select(notices)
    .where(
        _OWED,
        notices.c.channel.in_(bindparam("channels", expanding=True)),
        notices.c.due_at <= bindparam("now"),
    )
    .order_by(notices.c.due_at, notices.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(notices)
    .where(notices.c.id.in_(bindparam("ids", expanding=True)), _OWED)
    .values(state=NoticeState.CLAIMED.value, tries=notices.c.tries + 1, changed_at=bindparam("now"))
    .returning(notices)
)
_SET = update(notices).where(notices.c.id == bindparam("notice"))
_DIED = (
    update(notices)
    .where(_CLAIMED, notices.c.changed_at < bindparam("before"))
    .values(state=NoticeState.UNSURE.value, changed_at=bindparam("now"))
)
_ONE = select(notices).where(notices.c.id == bindparam("notice")).with_for_update()
_OF_APPEAL = (
    select(notices).where(notices.c.number == bindparam("appeal")).order_by(notices.c.id.desc()).limit(500)
)
_ON_PAGE = (
    select(notices)
    .where(notices.c.recipient == bindparam("whom"), notices.c.channel == Channel.PAGE.value, _OWED)
    .order_by(notices.c.owed_at.desc(), notices.c.id.desc())
    .limit(bindparam("most"))
)
_SEEN = (
    update(notices)
    .where(
        notices.c.id.in_(bindparam("ids", expanding=True)),
        notices.c.recipient == bindparam("whom"),
        notices.c.channel == Channel.PAGE.value,
        _OWED,
    )
    .values(state=NoticeState.SENT.value, changed_at=bindparam("now"))
)
_MAY_DECIDE = {NoticeState.UNSURE, NoticeState.FAILED}
_DECISIONS = {NoticeState.SENT, NoticeState.OWED}


class StoredOutbox:
    """`hotline.notices.Outbox` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, channels: Sequence[Channel], at: datetime, limit: int = 20) -> Sequence[Notice]:
        wanted = {"channels": [one.value for one in channels], "now": at, "most": limit}
        async with self._database.writing() as connection:
            due = [row.id for row in (await connection.execute(_DUE, wanted)).all()]
            claimed = (await connection.execute(_CLAIM, {"ids": due, "now": at})).mappings().all()
        return sorted(map(read_notice, claimed), key=lambda one: (one.due_at, one.id))

    async def sent(self, notice_id: int, at: datetime, provider_id: str = "") -> None:
        await self._set(notice_id, at, state=NoticeState.SENT, provider_id=provider_id, fault="")

    async def failed(self, notice_id: int, at: datetime, fault: str, *, again_in: timedelta | None) -> None:
        if again_in is None:
            await self._set(notice_id, at, state=NoticeState.FAILED, fault=fault)
        else:
            await self._set(notice_id, at, state=NoticeState.OWED, fault=fault, due_at=at + again_in)

    async def died(self, claimed_before: datetime, at: datetime) -> int:
        async with self._database.writing() as connection:
            return (await connection.execute(_DIED, {"before": claimed_before, "now": at})).rowcount

    async def decide(self, notice_id: int, state: NoticeState, at: datetime) -> None:
        """Raises NotFound, or ForbiddenTransition where there is nothing to decide."""
        async with self._database.writing() as connection:
            row = (await connection.execute(_ONE, {"notice": notice_id})).mappings().first()
            if row is None:
                raise NotFound(f"There is no notice {notice_id}.")
            if NoticeState(row["state"]) not in _MAY_DECIDE or state not in _DECISIONS:
                raise ForbiddenTransition(f"Notice {notice_id} is {row['state']}: it cannot be {state} now.")
            values = {"state": state.value, "changed_at": at, "due_at": at}
            await connection.execute(_SET.values(**values), {"notice": notice_id})

    async def of_appeal(self, number: str) -> Sequence[Notice]:
        async with self._database.reading() as connection:
            found = await connection.execute(_OF_APPEAL, {"appeal": number})
            return [read_notice(row) for row in found.mappings()]

    async def seen(self, to: str, notice_ids: Sequence[int], at: datetime) -> int:
        wanted = {"ids": list(notice_ids), "whom": to, "now": at}
        async with self._database.writing() as connection:
            return (await connection.execute(_SEEN, wanted)).rowcount

    async def on_page(self, to: str, limit: int = 100) -> Sequence[Notice]:
        async with self._database.reading() as connection:
            found = await connection.execute(_ON_PAGE, {"whom": to, "most": limit})
            return [read_notice(row) for row in found.mappings()]

    async def _set(self, notice_id: int, at: datetime, *, state: NoticeState, **values: Any) -> None:
        changed = values | {"state": state.value, "changed_at": at}
        async with self._database.writing() as connection:
            done = await connection.execute(_SET.values(**changed), {"notice": notice_id})
        if not done.rowcount:
            raise NotFound(f"There is no notice {notice_id}.")
