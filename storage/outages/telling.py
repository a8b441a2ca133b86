"""Owes the watchers of an outage a notice of its changes, in one transaction with the version they know."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from attrs import define, field
from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.isolation import IsolatedItems
from hotline.outages.telling import WATCHER, OutageHistory, outage_matter
from hotline.outages.watchers import UNHEARD, Watcher
from storage.core.database import Database
from storage.core.transitions import moving
from storage.core.writes import Remembered
from storage.delivery.outbox import owe_once
from storage.dialling.notices import being_called
from storage.outages.rows import read_outage, read_outage_entry
from storage.outages.watchers import read_watcher
from storage.tables import notices, outage_history, outage_watchers, outages

AT_ONCE = 200
"""Watchers told in one transaction, so that no call waits for it long."""
_BEHIND = outage_watchers.c.version < outages.c.version
_CHANGED = (
    select(outages.c.id, outages.c.version)
    .where(exists().where(outage_watchers.c.outage_id == outages.c.id, _BEHIND))
    .order_by(outages.c.id)
)
_WATCHERS = (
    select(outage_watchers)
    .join(outages, outage_watchers.c.outage_id == outages.c.id)
    .where(outages.c.id == bindparam("outage"), _BEHIND)
    .order_by(outage_watchers.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=outage_watchers)
)
_OUTAGE = select(outages).where(outages.c.id == bindparam("outage"))
_HISTORY = (
    select(outage_history)
    .where(outage_history.c.outage_id == bindparam("outage"))
    .order_by(outage_history.c.version)
)
_NOT_YET_TOLD = (
    select(notices.c.id, notices.c.recipient, notices.c.state, notices.c.facts)
    .where(
        notices.c.recipient.in_(bindparam("whom", expanding=True)),
        notices.c.state.in_([NoticeState.OWED.value, NoticeState.FAILED.value, NoticeState.CLAIMED.value]),
    )
    .with_for_update()
)
_TAKE_BACK = moving(notices, NOTICE, NoticeEvent.TAKE_BACK, changed_at=bindparam("now")).where(
    notices.c.id.in_(bindparam("ids", expanding=True))
)
_FORGET = delete(outage_watchers).where(outage_watchers.c.id.in_(bindparam("ids", expanding=True)))
# Versions count from 1: with the matters named, the index finds notices of older ones.
_OUTDATED = (
    select(notices.c.recipient)
    .where(
        notices.c.matter != "",
        notices.c.matter.in_(bindparam("matters", expanding=True)),
        notices.c.recipient.startswith(WATCHER),
        notices.c.state.in_([NoticeState.OWED.value, NoticeState.FAILED.value]),
    )
    .limit(AT_ONCE)
)
_OWED_BEFORE = (
    select(outage_watchers)
    .where(
        outage_watchers.c.id.in_(bindparam("ids", expanding=True)),
        outage_watchers.c.version < bindparam("present"),
    )
    .order_by(outage_watchers.c.id)
    .with_for_update(skip_locked=True)
)
_HEARD_OF = (
    update(outage_watchers)
    .where(outage_watchers.c.id == bindparam("watcher"))
    .values(version=bindparam("heard"))
)
_KNOWN = (
    update(outage_watchers)
    .where(outage_watchers.c.id.in_(bindparam("ids", expanding=True)))
    .values(version=bindparam("present"))
)


@define(eq=False, repr=False)
class StoredOutageTelling:
    """Tells watchers; several processes may do so at once, and each change is owed once."""

    _database: Database
    _isolated: IsolatedItems = field(
        factory=lambda: IsolatedItems("watchers of an outage not told"), init=False
    )
    _changed: Remembered[Sequence[tuple[int, int]]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._changed = Remembered(self._database.writes, self._read_changed, [outages, outage_watchers])

    async def tell(self, at: datetime, settling: timedelta, *, called_percent: int = 0) -> int:
        """Enqueue notices of settled changes to watchers (`OutageHistory.owed`); returns how many notices."""
        told = 0

        async def one(outage_id: int, version: int) -> None:
            nonlocal told
            while await self._take_back(outage_id, version, at):
                pass
            told += await self._tell_of(outage_id, at, settling, called_percent)

        for outage_id, version in await self._changed.get():
            await self._isolated.do(f"outage-{outage_id}", partial(one, outage_id, version))
        return told

    async def _read_changed(self) -> Sequence[tuple[int, int]]:
        async with self._database.reading() as connection:
            return [(row.id, row.version) for row in await connection.execute(_CHANGED)]

    async def _take_back(self, outage_id: int, present: int, at: datetime) -> int:
        """Withdraw notices that are no longer true, though the outage is not settled; returns how many."""
        matters = [outage_matter(outage_id, version) for version in range(1, present)]
        async with self._database.reading() as connection:
            whom = (await connection.execute(_OUTDATED, {"matters": matters})).scalars().all()
        if not whom:
            return 0
        ids = {"ids": [int(one.removeprefix(WATCHER)) for one in whom], "present": present}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_OWED_BEFORE, ids)).mappings().all()
            known = await _known(connection, [read_watcher(row) for row in rows], at)
            if known:
                heard = [{"watcher": one, "heard": version} for one, version in known.items()]
                await connection.execute(_HEARD_OF, heard)
        return len(known)

    async def _tell_of(self, outage_id: int, at: datetime, settling: timedelta, called_percent: int) -> int:
        async with self._database.writing() as connection:
            rows = (await connection.execute(_WATCHERS, {"outage": outage_id})).mappings().all()
            behind = [read_watcher(row) for row in rows]
            told = await _told(connection, outage_id)
            settled = [one for one in behind if told.settled(one.version, at, settling)]
            known = await _known(connection, settled, at)
            now = [one for one in settled if one.id in known]
            if told.outage.over:  # nobody hears the end of an outage of which they never heard
                await connection.execute(_FORGET, {"ids": [one for one in known if known[one] == UNHEARD]})
            if now:
                owed = (told.owed(one, known[one.id], at, called_percent=called_percent) for one in now)
                await owe_once(self._database, connection, [one for one in owed if one is not None], at)
                present = {"ids": list(known), "present": told.outage.version}
                await connection.execute(_KNOWN, present)
        return len(now)


async def _known(connection: AsyncConnection, watchers: Sequence[Watcher], at: datetime) -> Mapping[int, int]:
    """Return the version that each watcher knows, and withdraw their unsent notices.

    Watchers whose notice is being handed over are left out: their version is known when that ends.
    """
    known = {one.id: one.version for one in watchers}
    if not known:
        return known
    whom = [f"{WATCHER}{one}" for one in known]
    pending = (await connection.execute(_NOT_YET_TOLD, {"whom": whom})).all()
    called = await being_called(connection, [row.id for row in pending])
    being_told = {row.recipient for row in pending if row.state == NoticeState.CLAIMED or row.id in called}
    taken = [row for row in pending if row.recipient not in being_told]
    for row in taken:
        watcher_id = int(row.recipient.removeprefix(WATCHER))
        known[watcher_id] = min(known[watcher_id], row.facts["known"])
    await connection.execute(_TAKE_BACK, {"ids": [row.id for row in taken], "now": at})
    return {one: version for one, version in known.items() if f"{WATCHER}{one}" not in being_told}


async def _told(connection: AsyncConnection, outage_id: int) -> OutageHistory:
    """Read the outage before its history: changes in between go into the next notice."""
    outage = (await connection.execute(_OUTAGE, {"outage": outage_id})).mappings().one()
    history = (await connection.execute(_HISTORY, {"outage": outage_id})).mappings().all()
    return OutageHistory(outage=read_outage(outage), history=[read_outage_entry(one) for one in history])
