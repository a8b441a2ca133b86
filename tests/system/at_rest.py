"""A hotline between two tests: nobody calls, nobody is on duty, and in the end nothing has ever happened."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from sqlalchemy import RowMapping, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.line.presence_states import Presence
from storage.core.fresh import FRESH_SECONDS
from storage.tables import metadata
from storage.tables.calls import cel_files
from telephony.desks.endpoints import is_browser
from tests.system.hotline import Hotline
from tests.system.invariants import hold

REMEMBERED_SECONDS = 2 * FRESH_SECONDS + 0.5
"""So long the service may go on with what it read of the city before: its rounds come every two seconds."""
READ_AHEAD = ("outages", "city_messages", "informing_orders", "voice_recordings", "street_names")
_FILLED = text(
    " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM {table.name})"  # noqa: S608 - names of our own
        for table in metadata.sorted_tables
    )
)


async def at_rest(hotline: Hotline) -> None:
    """Let everybody hang up and go home, and wait until the hotline has seen it. Raises TimeoutError."""
    await hotline.ready()
    await hotline.phones.aclose()
    for one in await hotline.storage.dispatchers.all():
        if one.presence is not Presence.AWAY:
            await hotline.presence(one.extension, Presence.AWAY)
    await hotline.until(lambda: _nobody_calls(hotline))
    await hotline.until(lambda: _told_to_the_end(hotline))
    await hotline.until(lambda: _all_written(hotline))
    await hotline.until(lambda: _no_browser_is_there(hotline))
    await hold(hotline)


async def _nobody_calls(hotline: Hotline) -> bool:
    """Whether Asterisk has no channel; those that nobody at a phone holds are ended."""
    channels = await hotline.node.ask("GET", "channels")
    for one in channels:
        await hotline.node.end_channel(one["id"])
    return not channels


def _told_to_the_end(hotline: Hotline) -> bool:
    """Whether Asterisk's own account has the end of each channel that it began."""
    rows = hotline.node.cel_rows()
    began = {row["uniqueid"] for row in rows if row["eventtype"] == "CHAN_START"}
    return began == {row["uniqueid"] for row in rows if row["eventtype"] == "CHAN_END"}


async def _all_written(hotline: Hotline) -> bool:
    """Whether the service has written down the end of all."""
    waits = [one for one in await hotline.storage.line.entries() if one.callback_to is None]
    return not waits and all(call.ended_at for call in await hotline.calls())


async def _no_browser_is_there(hotline: Hotline) -> bool:
    endpoints: list[dict[str, Any]] = await hotline.node.ask("GET", "endpoints/PJSIP")
    return not any(is_browser(one["resource"]) and one["state"] == "online" for one in endpoints)


@dataclass(frozen=True)
class Emptied:
    """What was in a hotline's database when it had just been started."""

    hotline: Hotline
    rows: Mapping[str, Sequence[RowMapping]]

    @classmethod
    async def of(cls, hotline: Hotline) -> Self:
        async with hotline.storage.database.reading() as connection:
            filled = await _filled(connection)
            found = {
                table.name: (await connection.execute(select(table))).mappings().all()
                for table in metadata.sorted_tables
                if table.name in filled
            }
        return cls(hotline, found)

    async def again(self) -> None:
        """Make everything as it was at first: what a test told the city, the service has forgotten too."""
        hotline = self.hotline
        file = hotline.settings.folders.cel
        written = file.stat().st_size if file.exists() else 0  # nobody has called yet
        read = {"file": str(file), "offset": written}
        async with hotline.storage.database.writing() as connection:
            filled = await _filled(connection)
            for table in reversed(metadata.sorted_tables):
                if table.name in filled:
                    await connection.execute(delete(table))
            for table in metadata.sorted_tables:
                if (rows := self.rows.get(table.name)) and table is not cel_files:
                    await connection.execute(insert(table), [dict(row) for row in rows])
            await connection.execute(insert(cel_files), read)
        hotline.forget()
        left = (
            hotline.settings.folders.outbox.glob("*.txt"),
            hotline.settings.folders.recordings.glob("*.*"),
        )
        for file_left in chain(*left):
            if file_left.is_file():  # the folder in which a master is being made goes by itself
                file_left.unlink()
        if not filled.isdisjoint(READ_AHEAD):
            await asyncio.sleep(REMEMBERED_SECONDS)


async def _filled(connection: AsyncConnection) -> frozenset[str]:
    """Name the tables that have a row: of 140 a test fills some ten."""
    return frozenset((await connection.execute(_FILLED)).scalars())
