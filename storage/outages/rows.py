"""Rows of outages and of their history: how they are written and read."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.outages.outage import By, NewOutage, Outage, OutageAct, OutageEntry
from storage.core.areas import areas_as_json
from storage.core.rows import row_to
from storage.tables import outage_history, outages

_ADD = insert(outages).returning(outages)
_NOTE = insert(outage_history)
_ENTERED = [one.name for one in fields(NewOutage)]


async def add_outage(
    connection: AsyncConnection, new: NewOutage, by: By, at: datetime, **more: Any
) -> Outage:
    """Enter it at this moment, with the first line of its history; `more` are further columns."""
    values = outage_values(new) | {"entered_at": at, "source": by.source.value} | more
    entered = read_outage((await connection.execute(_ADD, values)).mappings().one())
    await note_outage(connection, entered, by, act=OutageAct.ENTERED.value, at=at, note="")
    return entered


async def note_outage(connection: AsyncConnection, outage: Outage, by: By, **done: object) -> None:
    """Add a line to the history; `done` are its act, moment and note."""
    values = {
        "outage_id": outage.id,
        "version": outage.version,
        "user_id": by.user_id,
        "executor_id": by.executor_id,
        "source": by.source.value,
        "facts": _facts(outage),
    }
    await connection.execute(_NOTE, values | done)


def outage_values(new: NewOutage) -> dict[str, Any]:
    """The columns of an outage to be entered."""
    values = {name: getattr(new, name) for name in _ENTERED}
    values |= {"utility": new.utility.value, "kind": new.kind.value, "areas": areas_as_json(new.areas)}
    values["by_order"] = values.pop("order")
    values["starts_at"] = new.starts_at.astimezone(UTC)
    values["expected_end"] = new.expected_end and new.expected_end.astimezone(UTC)
    return values


def _facts(outage: Outage) -> Mapping[str, Any]:
    values = outage_values(outage) | {"ended_at": outage.ended_at, "cancelled": outage.cancelled}
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}


def read_outage(row: RowMapping) -> Outage:
    return row_to(Outage, row, order=row["by_order"])


def read_outage_entry(row: RowMapping) -> OutageEntry:
    return row_to(OutageEntry, row, by=row_to(By, row))
