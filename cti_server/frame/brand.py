"""The city's brand on its pages: a name and a crest that the city has given."""

from pathlib import Path
from xml.etree import ElementTree as ET

from aiohttp import web
from attrs import frozen

from cti_server.auth.access import public
from hotline.errors import SettingsError

CREST_PATH = "/brand/crest"
MOST_BYTES = 200 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing that somebody opens by itself runs and fetches nothing."""


@frozen(kw_only=True)
class Crest:
    """A picture as it is sent."""

    content: bytes
    media_type: str


@frozen(kw_only=True)
class Brand:
    """The city's name and crest, which stand in the header before the menu."""

    city: str = ""
    crest: Crest | None = None


def read_crest(file: Path) -> Crest:
    """Read an SVG or PNG; raises SettingsError with the mend for anything else."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"HOTLINE_CREST: {file} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise SettingsError(f"HOTLINE_CREST: {file} is larger than {MOST_BYTES // 1024} kB: make it smaller.")
    if content.startswith(_PNG):
        return Crest(content=content, media_type="image/png")
    if _is_drawing(content):
        return Crest(content=content, media_type="image/svg+xml")
    raise SettingsError(f"HOTLINE_CREST: {file} is neither SVG nor PNG: give one of these.")


def add_brand(app: web.Application, brand: Brand) -> None:
    @public
    async def crest(_request: web.Request) -> web.Response:
        """Give the picture; a page that shows it names none where there is none."""
        if brand.crest is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "public, max-age=3600", "Content-Security-Policy": _ALONE}
        return web.Response(body=brand.crest.content, content_type=brand.crest.media_type, headers=headers)

    app.router.add_get(CREST_PATH, crest)


def _is_drawing(content: bytes) -> bool:
    try:
        return ET.fromstring(content).tag == _SVG_ROOT  # noqa: S314 - the administrator's own file
    except ET.ParseError:
        return False
