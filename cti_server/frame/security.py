"""Headers that make browsers keep others out of our pages."""

from aiohttp import web

from cti_server.keys import HTTPS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer` browsers would send forms with the origin `null`, which the gate refuses.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), speaker-selection=(self), camera=(), geolocation=()",
    "Cache-Control": "no-store",
}
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that a handler has not set itself; connected to `on_response_prepare`."""
    response.headers["Server"] = "hotline"  # not which version of what: that only helps intruders
    for name, value in (_HEADERS | (_HTTPS_ONLY if request.app[HTTPS] else {})).items():
        response.headers.setdefault(name, value)


HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""Opened in a browser after all, it runs nothing, loads nothing, and is of no site."""
