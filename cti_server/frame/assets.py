"""The scripts and styles that `setup/assets.sh` built, by name, and nothing else; browsers keep them.

Templates name one by `{{ asset('page.css') }}`: its address carries a digest of its content, so that
another build has another address, and what a browser has is asked for no more.
"""

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from aiohttp import web

from cti_server.auth.access import open_to_all

STATIC = Path(__file__).resolve().parents[1] / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "no-cache"
_DIGITS = 12


def address(name: str) -> str:
    """Give the address of a script or style for a page; without a digest where none was built."""
    version = _version(STATIC / name)
    return f"/static/{name}?v={version}" if version else f"/static/{name}"


@open_to_all
async def asset(request: web.Request) -> web.StreamResponse:
    """Send a script, style or font; a browser keeps it for good if it was asked for by its digest."""
    return built(request.match_info["name"], request.query.get("v", ""))


def built(name: str, version: str = "") -> web.StreamResponse:
    """Send what was built under this name; raises HTTPNotFound where nothing was.

    During an upgrade one process has the new build and another the old one: that is not kept as the new.
    """
    file = STATIC / Path(name).name
    if file.name.startswith(".") or not file.is_file():
        raise web.HTTPNotFound
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    the_same = file.suffix == ".woff2" or (version != "" and version == _version(file))
    keep = FOR_GOOD if the_same else ASKED_EACH_TIME
    return web.FileResponse(file, headers={"Cache-Control": keep, "Content-Type": kind})


def _version(file: Path) -> str:
    """Give the digest of what stands in the file now; empty where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return ""
    return _digest(file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=256)
def _digest(file: Path, _changed_ns: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:_DIGITS]
