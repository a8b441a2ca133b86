"""Calls that the outbox owes: claimed one by one, renewed while they last, ended once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, update

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from storage.appeals.history_rows import read_notice
from storage.core.database import Database
from storage.tables import notices

_CALL = notices.c.channel == Channel.CALL.value
_OURS = and_(_CALL, notices.c.recipient.startswith(bindparam("whom")))
_CLAIMED = notices.c.state == NoticeState.CLAIMED.value
_OTHER = notices.alias("other")
_LOOKED_AT = 50
_ANY_DUE = (
    select(notices.c.id)
    .where(_OURS, notices.c.state == NoticeState.OWED.value, notices.c.due_at <= bindparam("now"))
    .limit(1)
)
_ANY_LEFT = select(notices.c.id).where(_OURS, _CLAIMED, notices.c.changed_at < bindparam("before")).limit(1)
_DUE = (
    select(notices)
    .where(
        _OURS,
        notices.c.state == NoticeState.OWED.value,
        notices.c.due_at <= bindparam("now"),
        ~exists().where(
            _OTHER.c.channel == Channel.CALL.value,
            _OTHER.c.state == NoticeState.CLAIMED.value,
            or_(
                and_(_OTHER.c.number == notices.c.number, notices.c.number != ""),
                _OTHER.c.address == notices.c.address,
            ),
        ),
    )
    .order_by(notices.c.due_at, notices.c.id)
    .limit(_LOOKED_AT)
    .with_for_update(skip_locked=True, of=notices)
)
_CLAIM = (
    update(notices)
    .where(notices.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=NoticeState.CLAIMED.value, tries=notices.c.tries + 1, changed_at=bindparam("now"))
    .returning(notices)
)
_RENEW = (
    update(notices)
    .where(notices.c.id.in_(bindparam("ids", expanding=True)), _CALL, _CLAIMED)
    .values(changed_at=bindparam("now"))
)
_END = update(notices).where(
    notices.c.id == bindparam("notice"), notices.c.tries == bindparam("of_tries"), _CALL, _CLAIMED
)
_GIVE_BACK = _END.values(
    state=NoticeState.OWED.value,
    tries=notices.c.tries - 1,
    due_at=bindparam("until"),
    changed_at=bindparam("now"),
)
_LEFT = (
    update(notices)
    .where(_OURS, _CLAIMED, notices.c.changed_at < bindparam("before"))
    .values(state=NoticeState.OWED.value, tries=notices.c.tries - 1, changed_at=bindparam("now"))
)


class StoredCallsOwed:
    """`hotline.appeals.duty_calls.CallsOwed` of recipients such as `contact:` or `watcher:`."""

    def __init__(self, database: Database, whom: str) -> None:
        self._database = database
        self._whom = whom

    async def claim(self, at: datetime, most: int) -> Sequence[Notice]:
        wanted = {"now": at, "whom": self._whom}
        async with self._database.reading() as connection:  # mostly there is none: nobody has to wait for us
            if (await connection.execute(_ANY_DUE, wanted)).first() is None:
                return []
        async with self._database.writing() as connection:
            due = [read_notice(row) for row in (await connection.execute(_DUE, wanted)).mappings()]
            ids = [one.id for one in _apart(due)[:most]]
            claimed = (await connection.execute(_CLAIM, {"ids": ids, "now": at})).mappings().all()
        return sorted(map(read_notice, claimed), key=lambda one: (one.due_at, one.id))

    async def renew(self, notice_ids: Sequence[int], at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_RENEW, {"ids": notice_ids, "now": at})

    async def ended(
        self,
        notice_id: int,
        state: NoticeState,
        at: datetime,
        *,
        tries: int,
        fault: str = "",
        again_in: timedelta | None = None,
    ) -> None:
        values: dict[str, Any] = {"state": state.value, "changed_at": at, "fault": fault}
        if again_in is not None:
            values["due_at"] = at + again_in
        async with self._database.writing() as connection:
            await connection.execute(_END.values(**values), {"notice": notice_id, "of_tries": tries})

    async def put_off(self, notice_id: int, until: datetime, at: datetime, *, tries: int) -> None:
        back = {"notice": notice_id, "of_tries": tries, "until": until, "now": at}
        async with self._database.writing() as connection:
            await connection.execute(_GIVE_BACK, back)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        left = {"before": renewed_before, "whom": self._whom}
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_LEFT, left)).first() is None:
                return 0
        async with self._database.writing() as connection:
            return (await connection.execute(_LEFT, left | {"now": at})).rowcount


def _apart(due: Sequence[Notice]) -> list[Notice]:
    """Leave of each appeal and each number only the first: nobody is rung about two things at once."""
    seen: set[str] = set()
    found = []
    for one in due:
        about = {one.number, one.address} - {""}
        if not about & seen:
            seen |= about
            found.append(one)
    return found
