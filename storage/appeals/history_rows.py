"""Lines of an appeal's history and rows of the outbox: how they are written and read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.handling import Entry
from hotline.appeals.telling import facts_of
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Addressed, NewNotice, Notice
from hotline.enterprises.executors import Executor
from storage.core.rows import row_to
from storage.dialling.notices import owe_calls_for
from storage.tables import appeal_history, notices

_HISTORY = (
    select(appeal_history)
    .where(appeal_history.c.number == bindparam("appeal"))
    .order_by(appeal_history.c.version)
)
_SINCE = _HISTORY.where(appeal_history.c.version > bindparam("seen"))
_SHOWN = _HISTORY.where(~appeal_history.c.hidden)
_STEP = select(appeal_history).where(
    appeal_history.c.number == bindparam("appeal"), appeal_history.c.step == bindparam("key")
)
_ADD = insert(appeal_history).returning(appeal_history.c.id)
_OWE = insert(notices)
_ESCALATED = "escalate"


async def read_history(connection: AsyncConnection, number: str, *, hidden: bool) -> Sequence[Entry]:
    """Read an appeal's history, the earliest first; `hidden` lines as well when asked."""
    found = await connection.execute(_HISTORY if hidden else _SHOWN, {"appeal": number})
    return [read_entry(row) for row in found.mappings()]


async def read_history_since(connection: AsyncConnection, number: str, seen: int) -> Sequence[Entry]:
    """Read the entries after the version that the actor saw."""
    found = await connection.execute(_SINCE, {"appeal": number, "seen": seen})
    return [read_entry(row) for row in found.mappings()]


async def read_step(connection: AsyncConnection, number: str, key: str) -> Entry | None:
    """Read the line that a step of this key left; None when it was not taken."""
    row = (await connection.execute(_STEP, {"appeal": number, "key": key})).mappings().first()
    return None if row is None else read_entry(row)


async def add_entry(connection: AsyncConnection, entry: Entry) -> int:
    """Append a line; its id."""
    values = {
        "number": entry.number,
        "version": entry.version,
        "at": entry.at,
        "act": entry.act,
        "part": entry.part.value,
        "user_id": entry.user_id,
        "executor_id": entry.executor_id,
        "state_before": entry.before and entry.before.value,
        "state_after": entry.after.value,
        "said": entry.said,
        "hidden": entry.hidden,
        "facts": dict(entry.facts),
        "step": entry.step,
    }
    entry_id: int = (await connection.execute(_ADD, values)).scalar_one()
    return entry_id


async def owe(
    connection: AsyncConnection,
    entry_id: int,
    entry: Entry,
    told: Iterable[tuple[Appeal, Addressed]],
    executor: Executor | None,
) -> None:
    """Put the notices of an entry into the outbox, one for each recipient and channel.

    Their texts name `executor`: the present one, or else the former one.
    """
    rows: dict[tuple[str, Channel], dict[str, Any]] = {}
    for appeal, one in told:
        rows.setdefault((one.to, one.channel), _notice_values(entry_id, entry, appeal, one, executor))
    if rows:
        await connection.execute(_OWE, list(rows.values()))
        if any(channel is Channel.CALL for _, channel in rows):
            await owe_calls_for(connection, notices.c.entry_id == entry_id, entry.at)


def read_notice(row: RowMapping) -> Notice:
    return row_to(Notice, row, to=row["recipient"])


def _notice_values(
    entry_id: int, entry: Entry, appeal: Appeal, one: Addressed, executor: Executor | None
) -> dict[str, Any]:
    about: str = one.about or (entry.facts["kind"] if entry.act == _ESCALATED else entry.act)
    said = "" if entry.hidden and one.to.startswith("applicant:") else entry.said
    return {
        "number": appeal.number,
        "entry_id": entry_id,
        "recipient": one.to,
        "channel": one.channel.value,
        "address": one.address,
        "about": about,
        "facts": facts_of(appeal, executor, said, entry.facts, of=entry.number),
        **_fresh(entry.at),
    }


def _fresh(at: datetime) -> dict[str, Any]:
    nothing = {"tries": 0, "provider_id": "", "fault": ""}
    return {"owed_at": at, "due_at": at, "changed_at": at, "state": NoticeState.OWED.value, **nothing}


def matter_values(new: NewNotice, at: datetime) -> dict[str, Any]:
    """A notice because of a matter, as a row of the outbox."""
    return {
        **_fresh(at),
        "number": new.number,
        "matter": new.matter,
        "recipient": new.to,
        "channel": new.channel.value,
        "address": new.address,
        "about": new.about,
        "facts": dict(new.facts),
        "due_at": new.due_at or at,
    }


def read_entry(row: RowMapping) -> Entry:
    """Read a line of history."""
    before = row["state_before"]
    return row_to(Entry, row, before=before and AppealState(before), after=AppealState(row["state_after"]))
