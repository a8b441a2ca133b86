"""The wall of cameras: those of a group, one, four or nine at a time."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.cameras.sources import CAMERAS
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.cameras.camera import Camera

PATH = "/cameras"
GRIDS = (1, 4, 9)
_USUAL = 4


@allowed(Permission.WATCH_CAMERAS)
async def page(request: web.Request) -> web.Response:
    """`?group=` (all for none), `?grid=` how many at a time, `?page=` from 1 on."""
    every = await request.app[CAMERAS].cameras.all()
    groups = list(dict.fromkeys(one.group for one in every))
    group = request.query.get("group", "")
    shown = [one for one in every if one.group == group] if group in groups else list(every)
    grid = next((one for one in GRIDS if request.query.get("grid") == str(one)), _USUAL)
    pages = max(1, -(-len(shown) // grid))
    asked = request.query.get("page", "")
    at = min(int(asked), pages) if asked.isascii() and asked.isdigit() and len(asked) < len("10000") else 1
    at = max(at, 1)
    await audit(request, Action.VIEW, "cameras", group if group in groups else "")
    return render(
        request,
        "cameras/wall.html.jinja2",
        cameras=_of_page(shown, grid, at),
        groups=groups,
        group=group if group in groups else "",
        grid=grid,
        grids=GRIDS,
        at=at,
        pages=pages,
    )


def _of_page(shown: Sequence[Camera], grid: int, at: int) -> Sequence[Camera]:
    return shown[(at - 1) * grid : at * grid]
