"""Routes of reports."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.frame.views import add_views
from cti_server.reports import builder, papers, plans, rating, references, sending
from cti_server.reports.sources import REPORTS, ReportSources


def add_report_pages(app: web.Application, sources: ReportSources) -> None:
    """Add papers, their plans, the rating, the builder and reference papers; the press is the appeals'."""
    app[REPORTS] = sources
    app.router.add_get(papers.PATH, papers.listing)
    app.router.add_post(f"{papers.PATH}/make", papers.make)
    paper = papers.PATH + r"/papers/{id:\d{1,9}}"
    app.router.add_get(paper, papers.one)
    app.router.add_get(f"{paper}.pdf", papers.pdf)
    app.router.add_get(f"{paper}.xlsx", papers.workbook)
    app.router.add_post(f"{paper}/sign", papers.sign)
    app.router.add_post(f"{paper}/correct", papers.correct)
    app.router.add_get(plans.PATH, plans.page)
    app.router.add_post(plans.PATH, plans.save)
    app.router.add_get(rating.PATH, rating.page)
    app.router.add_get(route(rating.PATH), rating.export)
    app.router.add_get(builder.PATH, builder.page)
    app.router.add_get(route(builder.PATH), builder.export)
    app.router.add_get(builder.ROWS_PATH, builder.rows_page)
    add_views(app, builder.VIEWS)
    app.router.add_post(f"{builder.PATH}/sent", sending.add)
    app.router.add_post(builder.PATH + r"/sent/{id:\d{1,9}}/drop", sending.drop)
    app.router.add_get(references.PATH, references.page)
    app.router.add_get(f"{references.PATH}/appeal.pdf", references.of_appeal)
    app.router.add_get(f"{references.PATH}/address.pdf", references.of_address)
    app.router.add_get(f"{references.PATH}/enterprise.pdf", references.of_enterprise)
