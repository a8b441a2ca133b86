"""The rating of enterprises for some days: places, marks, and every share with its count."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.filters import day
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.reports.sections import Section, rating_section
from cti_server.reports.sources import REPORTS, today_of
from cti_server.reports.words import Speech
from hotline.access.permissions import Permission
from hotline.reports.figures import Asked, Span
from hotline.reports.making import read_rating
from hotline.reports.measures import Rows
from hotline.reports.rating import Rated

PATH = "/reports/rating"
SHOWN = timedelta(days=90)


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """`?from=&to=`: the days on which the appeals were closed."""
    span = _span(request)
    found = await _read(request, span)
    await audit(request, Action.VIEW, "rating", f"{span.first}..{span.last}")
    context: dict[str, Any] = {
        "span": span,
        "found": found,
        "section": _section(request, found),
    }
    return render(request, "reports/rating.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def export(request: web.Request) -> web.StreamResponse:
    span = _span(request)
    section = _section(request, await _read(request, span))

    async def rows() -> AsyncIterator[Row]:
        for row in section.rows:
            yield [cell.cell for cell in row]

    table = Table(
        name="rating",
        title=N_("Rating of enterprises"),
        headings=section.headings,
        about=(f"{span.first:%d.%m.%Y}–{span.last:%d.%m.%Y}", section.note),
    )
    return await send_table(request, table, rows())


def _section(request: web.Request, found: Sequence[Rated]) -> Section:
    zone = request.app[REPORTS].timezone
    return rating_section(
        found, Speech(gettext=words_of(request).gettext, language=language_of(request), zone=zone)
    )


def _span(request: web.Request) -> Span:
    today = today_of(request)
    last = day(request.query.get("to", "")) or today
    first = day(request.query.get("from", "")) or last - SHOWN
    return Span(first=min(first, last), last=max(first, last)).within(Rows.CLOSED)


async def _read(request: web.Request, span: Span) -> Sequence[Rated]:
    sources = request.app[REPORTS]
    asked = Asked(span=span, now=sources.clock.now(), zone=sources.timezone)
    return await read_rating(sources.registers, asked)
