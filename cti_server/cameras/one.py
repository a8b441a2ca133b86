"""The page of a camera: a large picture, an incident reported with two keys, what is open at the place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.cameras.sources import CAMERAS, CameraSources
from cti_server.frame.language import language_of
from cti_server.frame.pages import render
from cti_server.frame.words import APPEAL_STATES, OUTAGE_KINDS, UTILITIES
from hotline.access.permissions import Permission
from hotline.appeals.appeal import ENDED, Appeal, AppealState
from hotline.appeals.lists import AppealFilter, ListedAppeal, Order
from hotline.cameras.camera import Camera
from hotline.cameras.incidents import Still, kinds
from hotline.outages.outage import Outage, concerning

MOST_NEAR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The appeal that an incident became, its enterprise, and how long `after` the picture it was registered.

    `before`: somebody had registered it already.
    """

    appeal: Appeal
    executor: str
    after: timedelta
    before: bool


@allowed(Permission.WATCH_CAMERAS)
async def page(request: web.Request) -> web.Response:
    """The camera, with nothing seen on it yet."""
    camera = await camera_of(request)
    await audit(request, Action.VIEW, f"camera:{camera.id}")
    return await part(request, camera)


async def camera_of(request: web.Request) -> Camera:
    """Find the camera of the address; raises NotFound."""
    return await request.app[CAMERAS].cameras.get(int(request.match_info["id"]))


async def part(
    request: web.Request,
    camera: Camera,
    *,
    still: Still | None = None,
    done: HandedOver | None = None,
    wrong: str = "",
) -> web.Response:
    """Answer with what leads through an incident: to a script with that part, else with the whole page."""
    whole = "HX-Request" not in request.headers
    language = language_of(request)
    return render(
        request,
        "cameras/camera.html.jinja2" if whole else "cameras/incident.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        **(await _near(request.app[CAMERAS], camera) if whole else {}),
        camera=camera,
        still=still,
        done=done,
        wrong=wrong,
        kinds=[(key, one.name(language)) for key, one in kinds().items()],
    )


async def _near(sources: CameraSources, camera: Camera) -> dict[str, Any]:
    """Read what is known of the place: appeals that have not ended, and outages."""
    return {
        "APPEAL_STATES": APPEAL_STATES,
        "OUTAGE_KINDS": OUTAGE_KINDS,
        "UTILITIES": UTILITIES,
        "appeals": await _appeals(sources, camera),
        "outages": await _outages(sources, camera),
    }


async def _appeals(sources: CameraSources, camera: Camera) -> Sequence[ListedAppeal]:
    there = (await sources.streets.gazetteer()).locate(camera.place)
    wanted = AppealFilter(
        states=frozenset(AppealState) - ENDED, addresses=[there.text if there else camera.place]
    )
    return await sources.lists.find(wanted, order=Order.NEWEST, limit=MOST_NEAR)


async def _outages(sources: CameraSources, camera: Camera) -> Sequence[Outage]:
    there = (await sources.streets.gazetteer()).locate(camera.place)
    now = await sources.outages.now(sources.clock.now())
    return [] if there is None else list(concerning([there], now))
