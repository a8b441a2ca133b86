"""Ports of the pages of a city's own data."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city.addresses import Streets
from hotline.city.city_map import CityMap, CityMaps
from hotline.city_data.preview import Preview
from hotline.city_data.working_copy import WorkingCopy
from hotline.clock import Clock
from hotline.documents.document import DocumentKind, Documents
from hotline.errors import NotFound
from hotline.intake.documents import SheetReader

PATH = "/city-data"


class Previewing(Protocol):
    """Says what a document would change if it came into force now."""

    async def __call__(self, kind: DocumentKind, text: str) -> Preview:
        """Read what is kept; raises DocumentFaults."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDataSources:
    """`timezone` is the city's: its days are shown."""

    documents: Documents
    preview: Previewing
    read_sheets: SheetReader
    maps: CityMaps
    read_map: Callable[[bytes], Awaitable[CityMap]]
    """Reads a GeoJSON file apart from the service; raises Unreadable."""
    streets: Streets
    clock: Clock
    timezone: ZoneInfo


CITY_DATA: web.AppKey[CityDataSources] = web.AppKey("city_data")


def kind_of(request: web.Request) -> DocumentKind:
    """Give the kind of document that the address names; raises NotFound."""
    named = request.match_info["kind"]
    if named not in set(DocumentKind):
        raise NotFound("There is no such document.")
    return DocumentKind(named)


async def working_copy(request: web.Request) -> WorkingCopy:
    """Read the draft of the document, or the version in force: who changes nothing sees that one alone."""
    return await working_copy_of(request, kind_of(request))


async def working_copy_of(request: web.Request, kind: DocumentKind) -> WorkingCopy:
    documents = request.app[CITY_DATA].documents
    may_change = request[USER].may(Permission.MANAGE_CITY_DATA)
    draft = await documents.draft(kind) if may_change else None
    return WorkingCopy(present=await documents.present(kind), draft=draft)
