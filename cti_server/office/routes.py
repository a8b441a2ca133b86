"""Routes of the office."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.office import acts, files, journals, plans
from cti_server.office.sources import OFFICE, PATH, OfficeSources


def add_office(app: web.Application, sources: OfficeSources) -> None:
    """Add plans of files by year, one file, journals, and acts."""
    app[OFFICE] = sources
    year = PATH + r"/{year:\d{1,4}}"
    app.router.add_get(PATH, plans.office)
    app.router.add_post(f"{PATH}/begin", plans.begin)
    app.router.add_get(year, plans.page)
    app.router.add_get(route(year), plans.table)
    app.router.add_get(f"{year}.pdf", plans.pdf)
    app.router.add_post(f"{year}/files", plans.add)
    app.router.add_post(f"{year}/approve", plans.approve)
    app.router.add_post(f"{year}/close", plans.close)
    file = PATH + r"/files/{id:\d{1,9}}"
    app.router.add_get(file, files.page)
    app.router.add_post(file, files.change)
    app.router.add_post(f"{file}/remove", files.remove)
    app.router.add_post(f"{file}/count", files.count)
    app.router.add_post(f"{file}/entries", files.enter)
    app.router.add_post(file + r"/entries/{entry:\d{1,9}}/strike", files.strike)
    journal = PATH + "/journals/{journal:[a-z0-9-]{1,20}}"
    app.router.add_get(journal, journals.page)
    app.router.add_get(route(journal), journals.table)
    app.router.add_get(f"{journal}.pdf", journals.pdf)
    app.router.add_get(f"{PATH}/acts/new", acts.new)
    app.router.add_post(f"{PATH}/acts/new", acts.compose)
    act = PATH + r"/acts/{id:\d{1,9}}"
    app.router.add_get(act, acts.page)
    app.router.add_post(f"{act}/move", acts.move)
    app.router.add_get(f"{act}.pdf", acts.pdf)
