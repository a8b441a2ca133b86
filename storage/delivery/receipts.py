"""Reports of gateways on notices: answers about the unsure, delivery reports of the sent."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import Update, bindparam, select, update

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice
from storage.appeals.history_rows import read_notice
from storage.core.database import Database
from storage.core.transitions import moving
from storage.tables import notices

_UNSURE = (
    select(notices)
    .where(
        notices.c.state == NoticeState.UNSURE.value,
        notices.c.channel == bindparam("way"),
        notices.c.due_at <= bindparam("now"),
    )
    .order_by(notices.c.due_at, notices.c.id)
    .limit(bindparam("most"))
)
_AWAITED = (
    select(notices)
    .where(
        notices.c.state == NoticeState.SENT.value,
        notices.c.provider_id != "",
        notices.c.channel == bindparam("way"),
        notices.c.changed_at >= bindparam("since"),
        notices.c.due_at <= bindparam("now"),
    )
    .order_by(notices.c.due_at, notices.c.id)
    .limit(bindparam("most"))
)
# As it was when it was asked about: an answer that comes late changes nothing.
_AS_SEEN = (
    notices.c.id == bindparam("notice"),
    notices.c.state == bindparam("seen"),
    notices.c.changed_at == bindparam("since"),
)
_ASK_LATER = update(notices).where(*_AS_SEEN)
_REPORTED = (
    notices.c.channel == bindparam("way"),
    notices.c.provider_id == bindparam("provider"),
    notices.c.provider_id != "",
)


@define(eq=False, repr=False)
class StoredReceipts:
    """`hotline.delivery.handing_over.Receipts` on a database."""

    _database: Database

    async def unsure(self, channel: Channel, at: datetime, limit: int = 20) -> Sequence[Notice]:
        wanted = {"way": channel.value, "now": at, "most": limit}
        async with self._database.reading() as connection:
            return [read_notice(row) for row in (await connection.execute(_UNSURE, wanted)).mappings()]

    async def settle(
        self, notice: Notice, at: datetime, event: NoticeEvent, provider_id: str = "", fault: str = ""
    ) -> bool:
        said = {"provider_id": provider_id or notice.provider_id, "fault": fault}
        moved = moving(notices, NOTICE, event, changed_at=at, due_at=at, **said).where(*_AS_SEEN)
        return await self._as_seen(notice, moved)

    async def ask_later(self, notice: Notice, at: datetime) -> None:
        await self._as_seen(notice, _ASK_LATER.values(due_at=at))

    async def awaited(
        self, channel: Channel, since: datetime, at: datetime, limit: int = 20
    ) -> Sequence[Notice]:
        wanted = {"way": channel.value, "since": since, "now": at, "most": limit}
        async with self._database.reading() as connection:
            return [read_notice(row) for row in (await connection.execute(_AWAITED, wanted)).mappings()]

    async def reported(
        self, channel: Channel, provider_id: str, at: datetime, event: NoticeEvent, fault: str = ""
    ) -> bool:
        named = {"way": channel.value, "provider": provider_id}
        moved = moving(notices, NOTICE, event, changed_at=at, fault=fault).where(*_REPORTED)
        async with self._database.writing() as connection:
            return (await connection.execute(moved, named)).rowcount > 0

    async def _as_seen(self, notice: Notice, changed: Update) -> bool:
        seen = {"notice": notice.id, "seen": notice.state.value, "since": notice.changed_at}
        async with self._database.writing() as connection:
            return (await connection.execute(changed, seen)).rowcount > 0
