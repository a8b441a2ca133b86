"""Sends rendered pages: compressed for browsers that accept it, and nothing to those that have it."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.outages.public.published import Rendered

HTML = "text/html; charset=utf-8"
PAGE = {"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Encoding"}
"""Browsers keep a page, and ask each time whether it is still so."""
FEED = {
    "Cache-Control": "public, max-age=60",
    "Vary": "Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Programs of anybody may read a feed, and pages of other sites as well."""


def send(request: web.Request, rendered: Rendered, headers: Mapping[str, str]) -> web.Response:
    """Answer with it, or with 304 where the other side has just that (RFC 9110, 13)."""
    told = {
        **headers,
        "ETag": f'W/"{rendered.etag}"',  # weak: packed and plain are the same
        "Last-Modified": format_datetime(rendered.since.astimezone(UTC), usegmt=True),
    }
    if rendered.status == HTTPStatus.OK and _has_it(request, rendered):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=told)
    body = rendered.body
    if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        body = rendered.packed
        told[hdrs.CONTENT_ENCODING] = "gzip"
    told[hdrs.CONTENT_TYPE] = rendered.content_type
    return web.Response(body=body, status=rendered.status, headers=told)


def _has_it(request: web.Request, rendered: Rendered) -> bool:
    if (known := request.if_none_match) is not None:
        return any(one.value in {"*", rendered.etag} for one in known)
    since = request.if_modified_since
    return since is not None and rendered.since < since + timedelta(seconds=1)
