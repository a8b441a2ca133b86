"""A list as a file: everything that its filters find, as CSV or XLSX, streamed, and written down.

    @allowed(Permission.SEE_CALLS)  # what the list itself needs
    async def export(request: web.Request) -> web.StreamResponse:
        table = Table(name="calls", title=N_("Calls"), headings=(N_("When"), N_("Number")))
        return await send_table(request, table, ([call.arrived_at, call.number] async for call in found))

    app.router.add_get(route("/calls"), export)  # /calls.csv and /calls.xlsx, the filters behind them

The page links to it by `forms.export_links()`.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from cti_server.audit import Action, audit
from cti_server.auth.revocation import cut_off_in_time
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import PAGES
from cti_server.frame.table_files import (
    Row,
    WorkbookSheet,
    batches_of,
    csv_file,
    pieces_of,
    workbook_file,
)
from cti_server.keys import ACCOUNTS, EXPORTS

CUT = N_("Not all of it: a file holds at most 300,000 rows. Choose fewer days or more conditions.")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table: `name` in Latin letters for the file and the audit log; texts in English, marked.

    `about` are lines above it in a workbook, in the reader's language: what it is, of which days.
    """

    name: str
    title: str
    headings: Sequence[str]
    about: Sequence[str] = ()


def route(path: str) -> str:
    """Return the address of the export of the list at `path`."""
    return path + ".{format:csv|xlsx}"


async def send_table(request: web.Request, table: Table, rows: AsyncIterator[Row]) -> web.StreamResponse:
    """Answer with the file. Beyond MOST_ROWS it is cut, and its last row says so.

    It breaks off when the user loses the right to it.
    """
    async with cut_off_in_time(request):
        return await _send(request, table, rows)


async def send_workbook(
    request: web.Request, name: str, sheets: Sequence[WorkbookSheet]
) -> web.StreamResponse:
    """Answer with a workbook of several sheets; it breaks off as a table does."""
    async with cut_off_in_time(request):
        await audit(request, Action.EXPORT, name, request.query_string)
        return await _send_workbook(request, name, sheets)


async def send_archive(request: web.Request, name: str, pieces: AsyncIterator[bytes]) -> web.StreamResponse:
    """Answer with a ZIP that is made while it is sent; it breaks off as a table does."""
    async with cut_off_in_time(request):
        return await _answer(request, name, pieces, "zip")


async def _send(request: web.Request, table: Table, rows: AsyncIterator[Row]) -> web.StreamResponse:
    await audit(request, Action.EXPORT, table.name, request.query_string)
    gettext = words_of(request).gettext
    headings = [gettext(heading) for heading in table.headings]
    batches = batches_of(rows, request.app[PAGES].timezone, gettext(CUT))
    kind = request.match_info["format"]
    if kind == "csv":
        return await _answer(request, table.name, csv_file(headings, batches), kind)
    sheet = WorkbookSheet(name=gettext(table.title), headings=headings, batches=batches, about=table.about)
    return await _send_workbook(request, table.name, [sheet])


async def _send_workbook(
    request: web.Request, name: str, sheets: Sequence[WorkbookSheet]
) -> web.StreamResponse:
    async with workbook_file(sheets, request.app[EXPORTS]) as file:
        return await _answer(request, name, pieces_of(file), "xlsx")


async def _answer(
    request: web.Request, name: str, pieces: AsyncIterator[bytes], kind: str
) -> web.StreamResponse:
    day = request.app[PAGES].local(request.app[ACCOUNTS].clock.now(), "%Y-%m-%d")
    named = content_disposition_header("attachment", filename=f"{name}-{day}.{kind}")
    response = web.StreamResponse(headers={"Content-Disposition": named, "Content-Type": _TYPES[kind]})
    await response.prepare(request)
    whole = False
    try:
        async for piece in pieces:
            await response.write(piece)
        await response.write_eof()
        whole = True
    finally:
        if not whole and request.transport:
            request.transport.abort()  # a file that broke off must not look like a whole one
    return response
