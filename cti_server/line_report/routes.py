"""Routes of the line's report."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.line_report import page, shifts
from cti_server.line_report.asked import PATH
from cti_server.line_report.sources import LINE_REPORT, LineReportSources


def add_line_report(app: web.Application, sources: LineReportSources) -> None:
    """Add the report, its files and paper, and the advice for shifts; the press is the appeals'."""
    app[LINE_REPORT] = sources
    app.router.add_get(PATH, page.page)
    app.router.add_get(route(PATH), page.export)
    app.router.add_get(f"{PATH}.pdf", page.pdf)
    app.router.add_get(shifts.PATH, shifts.page)
    app.router.add_get(route(shifts.PATH), shifts.export)
