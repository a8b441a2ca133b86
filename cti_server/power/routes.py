"""Routes of power by schedule."""

from aiohttp import web

from cti_server.outages.public.widget import script
from cti_server.power import accounts, keeping, public
from cti_server.power.sources import POWER, PowerSources


def add_power(app: web.Application, sources: PowerSources) -> None:
    """Add the public page with its feeds, and the page of the source."""
    app[POWER] = sources
    app.router.add_get(public.PATH, public.page)
    app.router.add_get(f"{public.PATH}.json", public.as_json)
    app.router.add_get(f"{public.PATH}.ics", public.as_calendar)
    app.router.add_post(f"{public.PATH}/account", accounts.ask)
    app.router.add_post(f"{keeping.PATH}/accounts", accounts.bring)
    app.router.add_get(f"{public.PATH}/widget", public.widget)
    app.router.add_get(f"{public.PATH}/widget.js", script)
    app.router.add_get(keeping.PATH, keeping.page)
    app.router.add_post(f"{keeping.PATH}/file", keeping.bring)
    app.router.add_post(f"{public.PATH}/emergency", keeping.emergency_begins)
    app.router.add_post(f"{public.PATH}/emergency/end", keeping.emergency_ends)
