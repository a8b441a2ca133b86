"""Routes of lists of appeals, kept filters and papers."""

from aiohttp import web

from cti_server.appeals.list import export as list_export
from cti_server.appeals.list import page as list_page
from cti_server.appeals.list import state_file
from cti_server.appeals.list.filters import PATH, VIEWS
from cti_server.appeals.list.sources import APPEAL_LISTS, ListSources
from cti_server.appeals.papers import card_page, journal, sev_page
from cti_server.appeals.papers.press import PRESS, Press
from cti_server.frame.export import route
from cti_server.frame.views import add_views


def add_appeal_lists(app: web.Application, sources: ListSources) -> None:
    """Add the list of appeals, its export, kept filters, the journal, and the card as a paper."""
    app[APPEAL_LISTS] = sources
    app[PRESS] = Press()
    app.router.add_get(PATH, list_page.page)
    app.router.add_get(route(PATH), list_export.export)
    app.router.add_get(route(state_file.PATH), state_file.export)
    add_views(app, VIEWS)
    app.router.add_get(journal.PATH, journal.page)
    app.router.add_get(f"{journal.PATH}.pdf", journal.pdf)
    app.router.add_get(route(journal.PATH), journal.table)
    app.router.add_get(r"/appeals/{number:\d{1,12}}/card.pdf", card_page.pdf)
    app.router.add_get(r"/appeals/{number:\d{1,12}}/sev.xml", sev_page.message)
