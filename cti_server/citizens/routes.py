"""Routes of a citizen's page."""

from aiohttp import web

from cti_server.citizens import card, rights
from cti_server.citizens.sources import CITIZENS, CitizenSources


def add_citizens(app: web.Application, sources: CitizenSources) -> None:
    """Add the card with its correction, the archive of all that is held, and erasure."""
    app[CITIZENS] = sources
    app.router.add_get(card.PATH, card.page)
    app.router.add_post(card.PATH, card.correct)
    app.router.add_post(f"{card.PATH}/everything.zip", rights.everything)
    app.router.add_post(f"{card.PATH}/erase", rights.erase)
