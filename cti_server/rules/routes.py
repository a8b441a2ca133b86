"""Routes of routing rules."""

from aiohttp import web

from cti_server.rules import changing, editing, listing
from cti_server.rules.listing import PATH
from cti_server.rules.sources import RULES, RuleSources


def add_rules(app: web.Application, sources: RuleSources) -> None:
    """Add the list of rules with its dry run, the form of one, and what the list changes."""
    app[RULES] = sources
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(PATH, listing.page)
    app.router.add_get(f"{PATH}/new", editing.new_page)
    app.router.add_post(f"{PATH}/new", editing.submit)
    app.router.add_get(one, editing.edit_page)
    app.router.add_post(one, editing.submit)
    app.router.add_post(f"{one}/move", changing.move)
    app.router.add_post(f"{one}/switch", changing.switch)
    app.router.add_get(f"{one}/remove", changing.removing_page)
    app.router.add_post(f"{one}/remove", changing.remove)
