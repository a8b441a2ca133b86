"""An incident in two keys: the first keeps the picture of this moment, the second says what it is.

Registered it is an emergency appeal, handed over at once by the rules; of two who register the same within
two minutes the second adds their picture to the first one's.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, MutableMapping
from datetime import timedelta

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.revocation import LastingFile
from cti_server.cameras.one import HandedOver, camera_of, part
from cti_server.cameras.sources import CAMERAS, SEEN
from cti_server.frame.filters import whole
from cti_server.frame.language import N_, words
from cti_server.frame.pages import PAGES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.appeal import Appeal
from hotline.appeals.attachments import FileRefused
from hotline.cameras.camera import Camera, StreamKind
from hotline.cameras.incidents import SAME_MOMENT, Still, appeal_of, kinds
from hotline.cameras.streams import SILENT_AFTER, Picture
from hotline.city.classifier import Category
from hotline.errors import NotFound
from hotline.events import AppealRegistered

TURNS: web.AppKey[MutableMapping[int, asyncio.Lock]] = web.AppKey("incident_turns")
"""Locks by camera: while somebody registers an incident, the next person waits, and finds it registered."""
_TEXT = N_("Seen on the camera “%(camera)s” on %(at)s: %(kind)s. The picture is attached.")
NO_PICTURE = N_("There is no picture at this moment: nothing was kept.")
NOT_KEPT = N_("The picture could not be kept: there is no room on the disk, or it is damaged.")
OLD = N_("That picture is older than half an hour. Take another one.")
NO_KIND = N_("Choose what happened.")


@allowed(Permission.WATCH_CAMERAS, Permission.REGISTER_APPEALS)
async def take_still(request: web.Request) -> web.Response:
    """Keep the picture that the camera shows now; answers with the kinds to choose from."""
    sources, camera = request.app[CAMERAS], await camera_of(request)
    played = camera.kind is StreamKind.WEBRTC
    picture = await _drawn(request, camera) if played else sources.streams.newest(camera.id)
    if picture is None:
        return await part(request, camera, wrong=NO_PICTURE)
    try:
        file = await sources.store.take(_once(picture.jpeg))
    except FileRefused:
        return await part(request, camera, wrong=NOT_KEPT)
    still = await sources.incidents.keep(camera, file, by=request[USER].id, at=picture.at)
    whence = " drawn by the browser" if played else ""
    await audit(request, Action.ADD, f"camera-still:{still.id}", f"camera:{camera.id} {file.sha256}{whence}")
    return await part(request, camera, still=still)


@allowed(Permission.WATCH_CAMERAS, Permission.REGISTER_APPEALS)
async def hand_over(request: web.Request) -> web.Response:
    """Register `still` as an incident of the `kind` with this key, and hand it over."""
    sources, camera, form = request.app[CAMERAS], await camera_of(request), await request.post()
    given = whole(str(form.get("still", "")))
    if given is None:
        raise web.HTTPBadRequest
    still = await sources.incidents.get(given)
    if still.camera_id != camera.id:
        raise NotFound(f"Still {still.id} is of another camera.")
    kind = kinds().get(str(form.get("kind", "")))
    if kind is None:
        return await part(request, camera, still=still, wrong=NO_KIND)
    async with request.app[TURNS][camera.id]:
        still = await sources.incidents.get(still.id)  # the same key may have been pressed twice
        if still.number is None and still.old(sources.clock.now()):
            return await part(request, camera, wrong=OLD)
        done = await _registered(request, camera, still, kind)
    return await part(request, camera, still=still, done=done)


@allowed(Permission.WATCH_CAMERAS)
async def picture(request: web.Request) -> web.StreamResponse:
    """The still itself, before it belongs to an appeal and after."""
    sources = request.app[CAMERAS]
    still = await sources.incidents.get(int(request.match_info["still"]))
    await audit(request, Action.VIEW, f"camera-still:{still.id}")
    path = sources.store.path(still.file.key)
    if not path.is_file():
        raise NotFound(f"The picture of still {still.id} is deleted.")
    return LastingFile(path, headers={"Content-Type": still.file.media_type})


async def _drawn(request: web.Request, camera: Camera) -> Picture | None:
    """Take the `picture` that the browser drew of a camera that it plays itself, and plays at this moment."""
    now = request.app[CAMERAS].clock.now()
    seen = request.app[SEEN].get((request[USER].id, camera.id))
    given = (await request.post()).get("picture")
    if seen is None or now - seen > timedelta(seconds=SILENT_AFTER) or not isinstance(given, web.FileField):
        return None
    return Picture(at=now, jpeg=given.file.read())


async def _registered(request: web.Request, camera: Camera, still: Still, kind: Category) -> HandedOver:
    sources, user, now = request.app[CAMERAS], request[USER], request.app[CAMERAS].clock.now()
    number = still.number
    before = number is not None
    if number is None:
        same = await sources.incidents.lately(camera.id, kind.code, still.taken_at - SAME_MOMENT)
        number, before = (same.number, True) if same else (None, False)
    if number is None:
        new = appeal_of(still, kind, _text(request, still, kind), by=user.id, now=now, zone=sources.timezone)
        appeal = await sources.registry.enter(new)
        await sources.incidents.hand_over(still.id, appeal.number, kind.code)
        await audit(request, Action.ADD, f"appeal:{appeal.number}", f"camera:{camera.id} {kind.code}")
        sources.events.tell(AppealRegistered(appeal=appeal))
    else:
        if still.number is None:
            await sources.incidents.hand_over(still.id, number)
        appeal = await _found(request, number)
    await _attach(request, still, appeal)
    executor = "" if appeal.executor_id is None else (await sources.executors.get(appeal.executor_id)).name
    return HandedOver(appeal=appeal, executor=executor, after=now - still.taken_at, before=before)


async def _attach(request: web.Request, still: Still, appeal: Appeal) -> None:
    """Make the picture evidence of the appeal; what it has already it keeps once."""
    sources, at = request.app[CAMERAS], request.app[PAGES].local(still.taken_at, "%Y-%m-%d %H-%M-%S")
    name = f"{still.camera} {at}.jpg"
    file = await sources.files.add(
        number=appeal.number,
        name=name,
        kept=still.file,
        uploaded_by=still.taken_by,
        at=still.taken_at,
    )
    if file.key == still.file.key:
        await audit(request, Action.ADD, f"file:{file.id}", f"appeal:{appeal.number} {still.file.sha256}")


async def _found(request: web.Request, number: str) -> Appeal:
    appeal = await request.app[CAMERAS].registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    return appeal


def _text(request: web.Request, still: Still, kind: Category) -> str:
    """Write it in Ukrainian in any case: the duty contact of the enterprise hears it read out."""
    at = request.app[PAGES].local(still.taken_at, "%d.%m.%Y %H:%M:%S")
    return words("uk").gettext(_TEXT) % {"camera": still.camera, "at": at, "kind": kind.uk}


async def _once(octets: bytes) -> AsyncIterator[bytes]:
    yield octets


def turns() -> MutableMapping[int, asyncio.Lock]:
    return defaultdict(asyncio.Lock)
