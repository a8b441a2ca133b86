"""The scripts and styles that `setup/assets.sh` built, by name, and nothing else."""

import mimetypes
from pathlib import Path

from aiohttp import web

from cti_server.auth.access import open_to_all

STATIC = Path(__file__).resolve().parents[1] / "static"


@open_to_all
async def asset(request: web.Request) -> web.StreamResponse:
    """Send a script, style or font. Browsers ask whether it has changed; a changed font has a new name."""
    return built(request.match_info["name"])


def built(name: str) -> web.StreamResponse:
    """Send what was built under this name; raises HTTPNotFound where nothing was."""
    file = STATIC / Path(name).name
    if file.name.startswith(".") or not file.is_file():
        raise web.HTTPNotFound
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    keep = "public, max-age=31536000, immutable" if file.suffix == ".woff2" else "no-cache"
    headers = {"Cache-Control": keep, "Content-Type": kind}
    return web.FileResponse(file, headers=headers)
