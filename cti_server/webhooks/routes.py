"""Routes of webhooks."""

from aiohttp import web

from cti_server.webhooks import pages
from cti_server.webhooks.sources import WEBHOOKS, WebhookSources


def add_webhooks(app: web.Application, sources: WebhookSources) -> None:
    """Add the pages; programs have theirs by the API."""
    app[WEBHOOKS] = sources
    app.router.add_get(pages.PATH, pages.listing)
    app.router.add_post(pages.PATH, pages.add)
    app.router.add_get(pages.ONE, pages.card)
    app.router.add_post(f"{pages.ONE}/turn-off", pages.turn_off)
    app.router.add_post(f"{pages.ONE}/resume", pages.resume)
    app.router.add_post(f"{pages.ONE}/end", pages.end)
    app.router.add_post(f"{pages.ONE}/test", pages.ping)
    app.router.add_post(f"{pages.ONE}/renew", pages.renew)
    app.router.add_post(f"{pages.ONE}/replay", pages.replay)
    app.router.add_post(rf"{pages.ONE}/again/{{notice:\d{{1,12}}}}", pages.again)
