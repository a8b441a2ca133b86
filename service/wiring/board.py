"""The state of the hotline for its pages, asked from the parts that know it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import define
from sqlalchemy.exc import SQLAlchemyError

from cti_server.status.board import LineState
from hotline.calls.sound_store import SoundStore
from hotline.line.invariants import Truth
from hotline.line.queue_entry_states import QueueEntryState
from hotline.retention.room import Room
from service.calls.storing import Storing
from service.processes.among import Exchange
from service.processes.roles import Role
from service.retention.disk import Disk
from storage.store import Storage

ANSWER_SECONDS = 3.0
"""A database that answers later does not serve calls: in a failover it is waited for much longer."""


@define(eq=False, repr=False)
class HotlineBoard:
    """Implements `cti_server.status.board.Board`."""

    _storage: Storage
    _connection: Exchange
    _keeps_pace: Callable[[], bool]
    """Tells whether steps in emergencies are taken in time."""
    _disk: Disk
    _sounds: SoundStore
    _storing: Storing | None
    _held: Callable[[], Mapping[Role, int]]
    """Gives how many processes have each role."""
    _nodes: Callable[[], Mapping[str, bool]] = dict
    """Gives each Asterisk node, where there are several, with whether it serves its callers."""

    async def parts(self) -> Mapping[str, bool]:
        return {"asterisk": self._connection.up, "database": await self._database_works()}

    def background(self) -> Mapping[str, bool]:
        database = self._storage.database
        return {
            "escalation": self._keeps_pace(),
            "journal": not self._storage.calls.spills,
            **({} if database.shared else {"database_log": not database.grown_log()}),
            "city_data": not self._storage.city_documents.broken(),
            "recordings_key": self._sounds.locked() is None,
            "recordings_store": self.store_away_since() is None,
        }

    def store_away_since(self) -> datetime | None:
        return None if self._storing is None else self._storing.away_since

    def defects(self) -> Mapping[str, int]:
        return {truth.value: self._connection.defects.found.get(truth, 0) for truth in Truth}

    def room(self) -> Room:
        return self._disk.room()

    def free(self) -> int:
        return self._disk.free()

    def roles(self) -> Mapping[str, int]:
        held = self._held()
        return {role.value: held[role] for role in Role}

    def nodes(self) -> Mapping[str, bool]:
        return self._nodes()

    async def line(self) -> LineState:
        entries = await self._storage.line.entries()
        dispatchers = await self._storage.dispatchers.all()
        return LineState(
            waiting=sum(entry.state is not QueueEntryState.TALKING for entry in entries),
            talking=sum(entry.state is QueueEntryState.TALKING for entry in entries),
            on_duty=sum(dispatcher.on_duty for dispatcher in dispatchers),
        )

    async def _database_works(self) -> bool:
        if self._storage.calls.behind:
            return False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._storage.dispatchers.all()
        except (SQLAlchemyError, OSError):
            return False
        return True
