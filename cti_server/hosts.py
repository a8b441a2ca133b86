"""The names under which the pages are reached, and the origin that their forms come from."""

from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import web

from cti_server.keys import HTTPS
from hotline.access.networks import THIS_MACHINE, within

HOSTS: web.AppKey[Collection[str]] = web.AppKey("hosts")
"""Names without ports, in lower case; none: any name will do."""


def own_origin(request: web.Request) -> str:
    """Return the origin of the page that was asked for (RFC 6454)."""
    return f"{'https' if request.app[HTTPS] else 'http'}://{request.host}"


def is_ours(request: web.Request) -> bool:
    """Tell whether the request names a host of ours. This machine may always ask by its own name."""
    hosts = request.app[HOSTS]
    try:
        asked = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    return not hosts or asked in hosts or asked == "localhost" or within(asked, THIS_MACHINE)
