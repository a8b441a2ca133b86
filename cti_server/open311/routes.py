"""Routes of Open311."""

from aiohttp import web

from cti_server.open311 import discovery, filing, listing, services, telling, tokens, updates
from cti_server.open311.discovery import PREFIX, V2
from cti_server.open311.formats import FORMATS
from cti_server.open311.sources import OPEN311, Open311Sources

_FORM = f"{{format:{FORMATS}}}"


def add_open311(app: web.Application, sources: Open311Sources) -> None:
    """Add discovery and the methods of GeoReport v2."""
    app[OPEN311] = sources
    app.router.add_get(f"{PREFIX}/discovery.{_FORM}", discovery.discovery)
    app.router.add_get(f"{V2}/services.{_FORM}", services.services)
    app.router.add_get(f"{V2}/services/{{code:[^/.]{{1,100}}}}.{_FORM}", services.definition)
    app.router.add_get(f"{V2}/requests.{_FORM}", listing.requests)
    app.router.add_post(f"{V2}/requests.{_FORM}", filing.file)
    app.router.add_get(f"{V2}/servicerequestupdates.{_FORM}", updates.updates)
    app.router.add_post(f"{V2}/servicerequestupdates.{_FORM}", telling.tell)
    app.router.add_get(f"{V2}/tokens/{{id:[^/.]{{1,100}}}}.{_FORM}", tokens.token)
    app.router.add_get(f"{V2}/requests/{{id:[^/.]{{1,100}}}}.{_FORM}", listing.one)
