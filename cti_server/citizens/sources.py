"""Ports of a citizen's page."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from hotline.access.users import Users
from hotline.city.known_places import KnownPlaces
from hotline.clock import Clock
from hotline.desk.callers import Callers
from hotline.outages.outage import Outages
from hotline.people.citizens import CitizenCards
from hotline.retention.person import HeldFile, PersonData
from hotline.retention.terms import Retention


class FilesGone(Protocol):
    """Deletes the files whose rows are gone."""

    async def doomed(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenSources:
    """Cards, all that is held on a person, and the folders of files."""

    cards: CitizenCards
    data: PersonData
    kept: Retention
    pieces: Callable[[HeldFile], AsyncIterator[bytes]]
    """The file itself; nothing when it is gone, or lies in no folder of ours."""
    files: FilesGone
    callers: Callers
    outages: Outages
    known_places: KnownPlaces
    users: Users
    clock: Clock


CITIZENS: web.AppKey[CitizenSources] = web.AppKey("citizens")
