"""The city's own map: brought in as a file, looked at beside the register of addresses, put into force."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_data.sources import CITY_DATA
from cti_server.city_data.sources import PATH as CITY_DATA_PATH
from cti_server.frame.filters import whole
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.frame.uploads import read_upload
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city.addresses import Gazetteer
from hotline.city.city_map import WIDTH, CityMap, KeptMap, Shape
from hotline.city.map_match import MapMatch, match
from hotline.errors import Outdated
from hotline.intake.lines import Unreadable

PATH = f"{CITY_DATA_PATH}/map"
MOST_BYTES = 64 * 2**20
MOST_NAMED = 30
"""Names that the register does not know, or the map does not have; further ones are counted."""
CHOOSE = N_("Choose a file.")
NOTHING_KNOWN = N_(
    "The register of addresses knows no street, quarter or house of this file: is it of another city, "
    "or do its names stand in other properties?"
)
OVERTAKEN = N_("Somebody else has brought another map, or this one is dealt with: this is how it stands now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A map as it is drawn: what the register knows as paths of SVG, and apart what it does not."""

    kept: KeptMap
    match: MapMatch
    areas: str
    lines: str
    houses: str
    unknown_areas: str
    unknown_lines: str
    width: int = WIDTH


@allowed(Permission.SEE_CITY_DATA)
async def page(request: web.Request) -> web.Response:
    """Show the map in force; the draft instead, to those who may put it into force."""
    await audit(request, Action.VIEW, "city-data:map")
    return await _show(request)


@allowed(Permission.MANAGE_CITY_DATA, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Read a file into the draft; a file that cannot be shown comes back with the reason."""
    sources, gettext = request.app[CITY_DATA], words_of(request).gettext
    upload = await read_upload(request, MOST_BYTES)
    name = upload.name
    try:
        made = await _read(request, name, upload.content)
    except Unreadable as error:
        reason = gettext(error.message)
        return await _show(
            request, refused=f"{name}: {reason}" if name else reason, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    draft = await sources.maps.bring(made, source=name, at=sources.clock.now())
    await audit(request, Action.CHANGE, "city-data:map", f"draft {draft.id} from {name}")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": PATH})


@allowed(Permission.MANAGE_CITY_DATA)
async def put(request: web.Request) -> web.Response:
    """Show the draft on the city's page from now on, if it is the one that was seen."""
    sources, draft_id = request.app[CITY_DATA], await _seen(request)
    try:
        kept = await sources.maps.put_draft(draft_id, sources.clock.now())
    except Outdated:
        return await _overtaken(request)
    await audit(request, Action.CHANGE, "city-data:map", f"version {kept.id} from {kept.source}")
    return noted_at(PATH, Noted.MAP_PUT)


@allowed(Permission.MANAGE_CITY_DATA)
async def drop(request: web.Request) -> web.Response:
    """Forget the draft, if it is the one that was seen."""
    draft_id = await _seen(request)
    try:
        await request.app[CITY_DATA].maps.drop_draft(draft_id)
    except Outdated:
        return await _overtaken(request)
    await audit(request, Action.CHANGE, "city-data:map", f"draft {draft_id} dropped")
    return noted_at(PATH, Noted.MAP_DROPPED)


async def _overtaken(request: web.Request) -> web.Response:
    return await _show(request, refused=words_of(request).gettext(OVERTAKEN), status=HTTPStatus.CONFLICT)


async def _show(
    request: web.Request, *, refused: str = "", status: HTTPStatus = HTTPStatus.OK
) -> web.Response:
    sources = request.app[CITY_DATA]
    manages = request[USER].may(Permission.MANAGE_CITY_DATA)
    draft = await sources.maps.draft() if manages else None
    present = await sources.maps.newest()
    shown = draft or present
    gazetteer = await sources.streets.gazetteer()
    return render(
        request,
        "city_data/map.html.jinja2",
        status=status,
        draft=draft,
        present=present,
        preview=None if shown is None else await asyncio.to_thread(_drawn, shown, gazetteer),
        manages=manages,
        refused=refused,
        most=MOST_NAMED,
        map_path=PATH,
        city_data_path=CITY_DATA_PATH,
    )


def _drawn(kept: KeptMap, gazetteer: Gazetteer) -> Preview:
    found = match(kept.map, gazetteer)
    apart = {id(one) for one in found.strangers}
    known = [one for one in kept.map.shapes if id(one) not in apart]
    return Preview(
        kept=kept,
        match=found,
        areas=_path([one for one in known if not one.house and one.closed]),
        lines=_path([one for one in known if not one.house and not one.closed]),
        houses=_path([one for one in known if one.house]),
        unknown_areas=_path([one for one in found.strangers if one.closed]),
        unknown_lines=_path([one for one in found.strangers if not one.closed]),
    )


def _path(shapes: Sequence[Shape]) -> str:
    return "".join(one.path for one in shapes)


async def _read(request: web.Request, name: str, content: bytes) -> CityMap:
    """Have the file read apart from the service; raises Unreadable."""
    if not name:
        raise Unreadable(CHOOSE)
    sources = request.app[CITY_DATA]
    made, gazetteer = await sources.read_map(content), await sources.streets.gazetteer()
    found = await asyncio.to_thread(match, made, gazetteer)
    if gazetteer.streets() and found.nothing_known:
        raise Unreadable(NOTHING_KNOWN)
    return made


async def _seen(request: web.Request) -> int:
    return whole(str((await request.post()).get("seen", ""))) or 0
