"""The city's documents: the list of them, each as tables that are calm to read, and its earlier versions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_data.showing import Showing, faulty_rows, in_words, place_of
from cti_server.city_data.sources import CITY_DATA, PATH, working_copy
from cti_server.city_data.words import ABOUT, KINDS, WAYS, WEEKDAYS, sentence
from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city_data.cells import choices, shown
from hotline.city_data.columns import Row
from hotline.city_data.differences import differences
from hotline.city_data.kinds import read
from hotline.city_data.martial_law import SUSPENDED, suspension_at
from hotline.city_data.rows import rows_of
from hotline.city_data.tables import TABLES
from hotline.city_data.working_copy import WorkingCopy
from hotline.city_data.year_ahead import HolidayAhead, year_ahead
from hotline.documents.document import Document, DocumentKind

SEE = allowed(Permission.SEE_CITY_DATA)
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overview:
    present: Document
    draft: Document | None


@SEE
async def page(request: web.Request) -> web.Response:
    """List the documents: what is in force, since when and by whom, and whether a draft waits."""
    documents, may = request.app[CITY_DATA].documents, request[USER].may(Permission.MANAGE_CITY_DATA)
    found = [
        _Overview(present=await documents.present(kind), draft=await documents.draft(kind) if may else None)
        for kind in DocumentKind
    ]
    maps = request.app[CITY_DATA].maps
    drawn, drawn_draft = await maps.newest(), await maps.draft() if may else None
    await audit(request, Action.VIEW, "city-data")
    shown_ones = [one for each in found for one in (each.present, each.draft) if one]
    return render(
        request,
        "city_data/list.html.jinja2",
        found=found,
        drawn=drawn,
        drawn_draft=drawn_draft,
        **await context(request, shown_ones),
    )


@SEE
async def document(request: web.Request) -> web.Response:
    """Show the tables of a document as they are worked on, what changed in them, and its versions."""
    copy = await working_copy(request)
    versions = await request.app[CITY_DATA].documents.versions(copy.kind)
    await audit(request, Action.VIEW, f"city-data:{copy.kind}")
    return await show(request, copy, versions)


async def show(
    request: web.Request,
    copy: WorkingCopy,
    versions: Sequence[Document],
    *,
    status: int = 200,
    refused: str = "",
) -> web.Response:
    """Answer with the page of a document; `refused` says why a file could not be taken."""
    sought = request.query.get("q", "").strip()[:LONGEST_SEARCH]
    language = language_of(request)
    came = [one for one in versions if one.in_force_since]
    return render(
        request,
        "city_data/document.html.jinja2",
        status=status,
        copy=copy,
        tables=Showing(copy.tables, copy.rows, language, sought, faulty_rows(copy.faults)).all(),
        versions=came,
        newer=_newer(copy, versions),
        sought=sought,
        refused=refused,
        ahead=_ahead(request, copy),
        suspended=_suspended(request, copy),
        today=today_of(request),
        meanwhile=request.query.get("meanwhile", "") != "",
        done=request.query.get("done", "") != "",
        gone=request.query.get("gone", "") != "",
        searched=max(len(rows) for rows in copy.rows.values()) > 20,  # noqa: PLR2004 - what one screen holds
        **await context(request, [*came, *([copy.draft] if copy.draft else [])]),
    )


@SEE
async def version(request: web.Request) -> web.Response:
    """Show one version that came into force, or was delivered, and what it changed."""
    copy, documents = await working_copy(request), request.app[CITY_DATA].documents
    kind, number = copy.kind, int(request.match_info["version"])
    versions = await documents.versions(kind)
    one = await documents.document(kind, number)
    tables, language = TABLES[kind], language_of(request)
    rows = rows_of(tables, one.text)
    earlier = max((each for each in versions if each.version < number), key=_number, default=None)
    await audit(request, Action.VIEW, f"city-data:{kind}", f"version {number}")
    return render(
        request,
        "city_data/version.html.jinja2",
        one=one,
        present=copy.present,
        seen=copy.seen,
        all_tables=tables,
        earlier=earlier,
        changed=differences(tables, rows_of(tables, earlier.text), rows) if earlier else None,
        tables=Showing(tables, rows, language).all(),
        all_rows=rows,
        **await context(request, [one]),
    )


async def context(request: web.Request, documents: Sequence[Document]) -> dict[str, Any]:
    """Give the templates the words of documents, and the names of who made them."""
    gettext, language = words_of(request).gettext, language_of(request)
    colleague = request.query.get("meanwhile", "")[:9]
    makers = {one.made_by for one in documents if one.made_by}
    makers |= {int(colleague)} if colleague.isdecimal() else set()
    users = await request.app[ACCOUNTS].users.those(makers)
    return {
        "KINDS": KINDS,
        "ABOUT": ABOUT,
        "WAYS": WAYS,
        "WEEKDAYS": WEEKDAYS,
        "maker": _maker(users, gettext),
        "colleague": next((one.name for one in users.values() if str(one.id) == colleague), ""),
        "sentence": lambda fault, copy: sentence(in_words(fault, copy.tables, copy.rows, language), gettext),
        "cell": lambda column, text, rows, tables: shown(
            column, text, language, choices(column, rows, tables)
        ),
        "place_of": lambda fault, tables: place_of(fault, tables, language),
        "path": PATH,
    }


def _maker(users: Mapping[int, User], gettext: Callable[[str], str]) -> Callable[[Document], str]:
    def maker(one: Document) -> str:
        if one.delivered:
            return gettext("delivered with the product")
        user = users.get(one.made_by or 0)
        return user.name if user else gettext("by a command on the server")

    return maker


def _number(one: Document) -> int:
    return one.version


def _newer(copy: WorkingCopy, versions: Sequence[Document]) -> Document | None:
    """Find a delivered version that came after the city's own began, and never was in force."""
    if copy.present.delivered:
        return None
    left = (one for one in versions if one.delivered and one.in_force_since is None)
    return max((one for one in left if one.made_at > copy.present.made_at), key=_number, default=None)


def _ahead(request: web.Request, copy: WorkingCopy) -> Sequence[HolidayAhead]:
    """List the coming holidays, once the document can be read."""
    if copy.kind is not DocumentKind.DAYS_OFF or copy.faults:
        return ()
    return year_ahead(copy.rows, read(copy.kind, copy.text), today_of(request))


def today_of(request: web.Request) -> date:
    """Give the day that it is in the city."""
    sources = request.app[CITY_DATA]
    return sources.clock.now().astimezone(sources.timezone).date()


def _suspended(request: web.Request, copy: WorkingCopy) -> Row | None:
    """Find the row by which holidays are working days today."""
    if copy.kind is not DocumentKind.DAYS_OFF:
        return None
    at = suspension_at(copy.rows, today_of(request))
    return None if at is None else copy.rows[SUSPENDED][at]
