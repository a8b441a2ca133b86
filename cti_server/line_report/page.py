"""The line's report: a page whose figures lead to their calls, the same as a file, and as a paper."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from cti_server.appeals.papers.office import LANGUAGE, letterhead, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, language_of, words
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.keys import USER
from cti_server.line_report.asked import Asked, periods, read, today_of
from cti_server.line_report.columns import COLUMNS, Shown, cell, groups, text
from cti_server.line_report.sources import LINE_REPORT
from cti_server.line_report.words import BY, FIRST, row_name
from hotline.access.permissions import Permission
from hotline.line.report import By, Key, LineSum, in_all
from hotline.line.service_level import TARGET

TITLE = N_("Report on the line")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRow:
    """One row with its name; `key` None: all rows together."""

    key: Key | None
    name: str
    figures: LineSum


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """`?from=&to=&by=`: days and rows."""
    asked = read(request)
    rows, total = await _read(request, asked, language_of(request))
    await audit(request, Action.VIEW, "line-report", asked.query())
    context: dict[str, Any] = {
        "asked": asked,
        "rows": rows,
        "total": total,
        "periods": periods(today_of(request)),
        "at": request.app[LINE_REPORT].clock.now(),
        "COLUMNS": COLUMNS,
        "groups": groups(),
        "BY": BY,
        "FIRST": FIRST,
        "text": text,
        "Shown": Shown,
        "TARGET": TARGET,
    }
    return render(request, "line_report/report.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def export(request: web.Request) -> web.StreamResponse:
    """The rows and their sum for spreadsheets."""
    asked = read(request)
    headings = (FIRST[asked.by], *(column.name for column in COLUMNS))
    table = Table(name="line-report", title=TITLE, headings=headings)
    return await send_table(request, table, _cells(request, asked))


@allowed(Permission.SEE_CONTROL)
async def pdf(request: web.Request) -> web.Response:
    """The rows and their sum as a paper."""
    asked, sources = read(request), request.app[LINE_REPORT]
    rows, total = await _read(request, asked, LANGUAGE)
    await audit(request, Action.EXPORT, "line-report", asked.query())
    data = {
        "title": said(TITLE),
        "period": f"з {asked.first:%d.%m.%Y} до {asked.last:%d.%m.%Y}",
        "by": said(BY[asked.by]).lower(),
        "first": said(FIRST[asked.by]),
        "groups": [[said(name), number] for name, number in groups()],
        "headings": [said(column.heading) for column in COLUMNS],
        "rows": [_line(row) for row in (*rows, total)],
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    made = await request.app[PRESS].print("line_report", {**head, **data})
    return as_pdf(made, f"line-report-{asked.first}-{asked.last}")


async def _read(request: web.Request, asked: Asked, language: str) -> tuple[Sequence[NamedRow], NamedRow]:
    sources, gettext = request.app[LINE_REPORT], words(language).gettext
    found = await sources.report.by(asked.by, asked.days)
    names = {one.id: one.name for one in await sources.dispatchers.all()}
    rows = [
        NamedRow(key=key, name=row_name(asked.by, key, names, gettext, language), figures=figures)
        for key, figures in found.items()
    ]
    if asked.by in {By.DISPATCHER, By.TOPIC}:
        rows.sort(key=lambda row: (not row.key, -row.figures.incoming, row.name))
    return rows, NamedRow(key=None, name=gettext(N_("In all")), figures=in_all(found.values()))


async def _cells(request: web.Request, asked: Asked) -> AsyncIterator[Row]:
    rows, total = await _read(request, asked, language_of(request))
    for row in (*rows, total):
        yield (row.name, *(cell(column.value(row.figures), column.shown) for column in COLUMNS))


def _line(row: NamedRow) -> list[str]:
    return [row.name, *(text(column.value(row.figures), column.shown) for column in COLUMNS)]
