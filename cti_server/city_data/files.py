"""Documents as files: taken away as a workbook or as TOML, and brought back into the draft."""

import tomllib
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_data.sources import CITY_DATA, PATH, working_copy
from cti_server.city_data.viewing import SEE, show
from cti_server.frame.export import Table, send_table, send_workbook
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.table_files import Row as FileRow
from cti_server.frame.table_files import WorkbookSheet
from cti_server.frame.uploads import read_upload
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.city_data.cells import choices, shown
from hotline.city_data.columns import DocumentTable, Rows
from hotline.city_data.rows import rows_of, text_of, unknown_in
from hotline.city_data.tables import TABLES
from hotline.city_data.working_copy import WorkingCopy
from hotline.documents.document import LONGEST_DOCUMENT
from hotline.errors import Outdated
from hotline.foreign_text import lined
from hotline.intake.documents import MOST_BYTES, TOO_LARGE, rows_brought, sheet_name
from hotline.intake.lines import Unreadable

CHOOSE = N_("Choose a file.")
NO_TOML = N_("This is no TOML:")
UNKNOWN_KEYS = N_("These fields are not known here: take them out. The fields:")
OVERTAKEN = N_(
    "While you were choosing the file, somebody else changed the draft: look at what they changed,"
    " then bring the file once more."
)


@SEE
async def take_away(request: web.Request) -> web.StreamResponse:
    """Send what the page shows, or the version of the address; of several tables CSV holds the first."""
    copy = await working_copy(request)
    text, name = copy.text, f"{copy.kind}-{(copy.draft or copy.present).version}"
    if (asked := request.query.get("version", "")).isdecimal():
        one = await request.app[CITY_DATA].documents.document(copy.kind, int(asked[:9]))
        text, name = one.text, f"{copy.kind}-{one.version}"
    if request.match_info["format"] == "toml":
        await audit(request, Action.EXPORT, f"city-data:{copy.kind}", name)
        named = content_disposition_header("attachment", filename=f"{name}.toml")
        return web.Response(
            text=text, content_type="application/toml", headers={"Content-Disposition": named}
        )
    tables, language = TABLES[copy.kind], language_of(request)
    rows = rows_of(tables, text)
    if request.match_info["format"] == "csv":
        first, *_ = tables
        headings = [one.name(language) for one in first.columns]
        of_file = Table(name=name, title=first.name(language), headings=headings)
        return await send_table(request, of_file, _rows(first, tables, rows, language))
    return await send_workbook(request, name, [_sheet(one, tables, rows, language) for one in tables])


@allowed(Permission.MANAGE_CITY_DATA, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Take a file into the draft, with its faults: they are shown, and mended on the page or in the file."""
    sources, copy = request.app[CITY_DATA], await working_copy(request)
    gettext = words_of(request).gettext
    upload = await read_upload(request, MOST_BYTES, "seen")
    name = upload.name
    try:
        text = await _text(request, copy, name, upload.content)
    except Unreadable as error:
        reason = " ".join([gettext(error.message), ", ".join(error.about)]).strip()
        return await _refused(request, copy, f"{name}: {reason}" if name else reason)
    try:
        await sources.documents.save_draft(
            copy.kind, text, by=request[USER].id, at=sources.clock.now(), seen=upload.fields.get("seen", "")
        )
    except Outdated:
        return await _refused(request, await working_copy(request), gettext(OVERTAKEN), HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"city-data:{copy.kind}", f"draft from {name}")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}/{copy.kind}/draft"})


async def _refused(
    request: web.Request, copy: WorkingCopy, why: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> web.Response:
    versions = await request.app[CITY_DATA].documents.versions(copy.kind)
    return await show(request, copy, versions, status=status, refused=why)


async def _text(request: web.Request, copy: WorkingCopy, name: str, content: bytes) -> str:
    """Make the draft's text of the file; raises Unreadable."""
    if not name:
        raise Unreadable(CHOOSE)
    if len(content) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    if name.casefold().endswith(".toml"):
        text = _toml(copy.tables, content)
    else:
        sheets = await request.app[CITY_DATA].read_sheets(content)
        text = text_of(copy.tables, rows_brought(copy.tables, copy.rows, sheets))
    if len(text) > LONGEST_DOCUMENT:
        raise Unreadable(TOO_LARGE)
    return text


def _toml(tables: Sequence[DocumentTable], content: bytes) -> str:
    text = lined(content.decode("utf-8-sig", "replace"))
    try:
        unknown = unknown_in(tables, text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(NO_TOML, [str(error)]) from error
    if unknown:
        raise Unreadable(UNKNOWN_KEYS, unknown)
    return text


def _sheet(table: DocumentTable, tables: Sequence[DocumentTable], rows: Rows, language: str) -> WorkbookSheet:
    async def batches() -> AsyncIterator[list[FileRow]]:
        yield [row async for row in _rows(table, tables, rows, language)]

    return WorkbookSheet(
        name=sheet_name(table.name(language)),
        headings=[one.name(language) for one in table.columns],
        batches=batches(),
        as_text=True,
    )


async def _rows(
    table: DocumentTable, tables: Sequence[DocumentTable], rows: Rows, language: str
) -> AsyncIterator[FileRow]:
    among = {one.key: choices(one, rows, tables) for one in table.columns}
    for row in rows[table.key]:
        yield [shown(one, row[one.key], language, among[one.key]) for one in table.columns]
