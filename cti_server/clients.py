"""The client behind a request: the address that is audited, the network that is throttled, page or JSON."""

from aiohttp import hdrs, web

from hotline.access.networks import THIS_MACHINE, Networks, client_address, network_of, within

TRUSTED: web.AppKey[Networks] = web.AppKey("trusted")
"""Networks of the proxies whose `X-Forwarded-For` is believed."""


def address_of(request: web.Request) -> str:
    """Return the client's address."""
    said = request.headers.getall(hdrs.X_FORWARDED_FOR, ())
    return client_address(request.remote or "", said, request.app[TRUSTED])


def counted_as(request: web.Request) -> str:
    """Return the network that the client's attempts are counted by."""
    return network_of(address_of(request))


def from_elsewhere(request: web.Request) -> bool:
    """Tell whether the client sits neither at this machine nor at a proxy of ours."""
    return not within(address_of(request), (*THIS_MACHINE, *request.app[TRUSTED]))


def wants_json(request: web.Request) -> bool:
    """Programs ask below /api/, or say that they accept JSON and not pages."""
    accepted = request.headers.get(hdrs.ACCEPT, "")
    return request.path.startswith("/api/") or ("json" in accepted and "html" not in accepted)
