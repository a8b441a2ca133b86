"""The register of cameras. The address of a stream is entered here and shown nowhere, not here either."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.cameras.sources import CAMERAS
from cti_server.cameras.wall import PATH as WALL
from cti_server.cameras.words import KINDS, WRONG
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.cameras.camera import (
    LONGEST_REASON,
    Camera,
    CameraFault,
    CameraIncomplete,
    CameraSource,
    NewCamera,
    StreamKind,
    checked,
    checked_source,
)

PATH = f"{WALL}/register"
_FIELDS = ("name", "place", "group", "kind")
_MANAGE = allowed(Permission.MANAGE_CAMERAS)


@_MANAGE
async def page(request: web.Request) -> web.Response:
    """All cameras: where, in which group, in service or not since when."""
    sources = request.app[CAMERAS]
    await audit(request, Action.VIEW, "cameras", "register")
    users = await request.app[ACCOUNTS].users.all()
    return render(
        request,
        "cameras/register.html.jinja2",
        cameras=await sources.cameras.all(),
        names={one.id: one.name for one in users},
    )


@_MANAGE
async def new(request: web.Request) -> web.Response:
    """The empty form of a camera."""
    return _form(request, None, dict.fromkeys(_FIELDS, ""))


@_MANAGE
async def add(request: web.Request) -> web.Response:
    """Enter a camera: `name`, `place`, `group`, `kind`, `url`, `user`, `password`."""
    sources, typed = request.app[CAMERAS], await _typed(request)
    try:
        entered, source = await _read(request, typed, needed=True)
    except CameraIncomplete as error:
        return _form(request, None, typed, error.faults)
    assert source is not None  # noqa: S101 - it was needed
    camera = await sources.cameras.add(entered, source, by=request[USER].id, at=sources.clock.now())
    await audit(request, Action.ADD, f"camera:{camera.id}", f"{camera.name}; {camera.kind}")
    return noted_at(PATH, Noted.CAMERA_SAVED)


@_MANAGE
async def edit(request: web.Request) -> web.Response:
    """The form of one camera, with everything but its address."""
    camera = await _camera(request)
    typed = {"name": camera.name, "place": camera.place, "group": camera.group, "kind": camera.kind.value}
    return _form(request, camera, typed)


@_MANAGE
async def change(request: web.Request) -> web.Response:
    """Change it; with no `url` its stream stays what it was. Those who watch it see the new one at once."""
    sources, camera, typed = request.app[CAMERAS], await _camera(request), await _typed(request)
    try:
        entered, source = await _read(request, typed, needed=typed["kind"] != camera.kind.value)
    except CameraIncomplete as error:
        return _form(request, camera, typed, error.faults)
    await sources.cameras.change(camera.id, entered, source, by=request[USER].id, at=sources.clock.now())
    sources.streams.renew(camera.id)
    await audit(request, Action.CHANGE, f"camera:{camera.id}", entered.name + ("; address" if source else ""))
    return noted_at(PATH, Noted.CAMERA_SAVED)


@_MANAGE
async def set_out(request: web.Request) -> web.Response:
    """Take it out of service with `because`; without one put it into service again."""
    sources, camera, form = request.app[CAMERAS], await _camera(request), await request.post()
    because = " ".join(str(form.get("because", "")).split())[:LONGEST_REASON]
    await sources.cameras.set_out(camera.id, because or None, by=request[USER].id, at=sources.clock.now())
    sources.streams.renew(camera.id)
    await audit(request, Action.CHANGE, f"camera:{camera.id}", because or "in service")
    return noted_at(PATH, Noted.CAMERA_OUT if because else Noted.CAMERA_BACK)


@_MANAGE
async def remove(request: web.Request) -> web.Response:
    """Take it off the register: its address and password are forgotten."""
    sources, camera = request.app[CAMERAS], await _camera(request)
    await sources.cameras.remove(camera.id, by=request[USER].id, at=sources.clock.now())
    sources.streams.renew(camera.id)
    await audit(request, Action.REMOVE, f"camera:{camera.id}", camera.name)
    return noted_at(PATH, Noted.CAMERA_REMOVED)


async def _camera(request: web.Request) -> Camera:
    return await request.app[CAMERAS].cameras.get(int(request.match_info["id"]))


async def _typed(request: web.Request) -> dict[str, str]:
    form = await request.post()
    return {name: str(form.get(name, "")) for name in _FIELDS}


async def _read(
    request: web.Request, typed: dict[str, str], *, needed: bool
) -> tuple[NewCamera, CameraSource | None]:
    """Read the form; raises CameraIncomplete with all that is wrong."""
    form, faults = await request.post(), set[CameraFault]()
    url, source = str(form.get("url", "")).strip(), None
    place = await request.app[CAMERAS].streets.present(typed["place"].strip())
    entered = NewCamera(name=typed["name"], place=place, group=typed["group"])
    try:
        entered = checked(entered)
    except CameraIncomplete as error:
        faults |= error.faults
    user, password = str(form.get("user", "")), str(form.get("password", ""))
    needed = needed or bool(user or password)  # they belong to an address, and are entered with it
    if typed["kind"] not in {one.value for one in StreamKind} or (needed and not url):
        faults.add(CameraFault.URL)
    elif url:
        given = CameraSource(kind=StreamKind(typed["kind"]), url=url, user=user, password=password)
        try:
            source = checked_source(given)
        except CameraIncomplete as error:
            faults |= error.faults
    if faults:
        raise CameraIncomplete(frozenset(faults))
    return entered, source


def _form(
    request: web.Request,
    camera: Camera | None,
    typed: dict[str, str],
    faults: frozenset[CameraFault] = frozenset(),
) -> web.Response:
    return render(
        request,
        "cameras/form.html.jinja2",
        status=422 if faults else 200,
        camera=camera,
        typed=typed,
        wrong={one.value: WRONG[one] for one in faults},
        KINDS=KINDS,
        reason_limit=LONGEST_REASON,
    )
