"""Journals of what the system keeps: on the page by days, as a table, on paper."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from yarl import URL

from cti_server.appeals.papers.office import letterhead, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.filters import day, midnight
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.keys import USER
from cti_server.office.plans import context
from cti_server.office.sources import OFFICE
from cti_server.office.words import HEADINGS, JOURNALS, cells
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.office.journals import MOST_ROWS, Cell, Journal

MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    journal: Journal
    first: date
    last: date

    @property
    def query(self) -> str:
        return URL().with_query({"from": self.first.isoformat(), "to": self.last.isoformat()}).query_string


@allowed(Permission.SEE_OFFICE)
async def page(request: web.Request) -> web.Response:
    """A journal from the first day to the last: this year at first. That of appeals has its own page."""
    asked = _asked(request)
    rows = await _rows(request, asked, MOST_ROWS + 1)
    await audit(request, Action.VIEW, f"office-journal:{asked.journal}", request.query_string)
    gettext, zone = words_of(request).gettext, request.app[OFFICE].timezone
    return render(
        request,
        "office/journal.html.jinja2",
        journal=asked.journal,
        asked=asked,
        headings=HEADINGS[asked.journal],
        rows=[cells(asked.journal, row, zone, gettext) for row in rows[:MOST_ROWS]],
        cut=len(rows) > MOST_ROWS,
        most=MOST_ROWS,
        **context(request),
    )


@allowed(Permission.SEE_OFFICE)
async def table(request: web.Request) -> web.StreamResponse:
    """The journal as a table."""
    asked, zone, gettext = _asked(request), request.app[OFFICE].timezone, words_of(request).gettext
    found = await _rows(request, asked, MOST_EXPORTED)

    async def rows() -> AsyncIterator[Row]:
        for row in found:
            yield list(cells(asked.journal, row, zone, gettext))

    kind = Table(
        name=f"journal-{asked.journal}", title=JOURNALS[asked.journal], headings=HEADINGS[asked.journal]
    )
    return await send_table(request, kind, rows())


@allowed(Permission.SEE_OFFICE)
async def pdf(request: web.Request) -> web.Response:
    """The journal as a paper; of a long one the first MOST_ROWS, and the paper says so."""
    asked, sources = _asked(request), request.app[OFFICE]
    rows = await _rows(request, asked, MOST_ROWS + 1)
    await audit(request, Action.EXPORT, f"office-journal:{asked.journal}", asked.query)
    shown = [list(cells(asked.journal, row, sources.timezone, said)) for row in rows[:MOST_ROWS]]
    cut = f"Надруковано перші {MOST_ROWS} записів: для решти виберіть коротший період."
    headings = [said(one) for one in HEADINGS[asked.journal]]
    section = {
        "title": "",
        "headings": headings,
        "rows": shown,
        "note": cut if len(rows) > MOST_ROWS else "" if rows else "Записів немає.",
        "wide": len(headings) - 1,
        "texts": len(headings),
    }
    data = {
        "title": said(JOURNALS[asked.journal]),
        "period": f"з {asked.first:%d.%m.%Y} до {asked.last:%d.%m.%Y}",
        "about": [],
        "sections": [section],
        "signed": "",
        "digest": "",
        "flipped": True,
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    made = await request.app[PRESS].print("report", {**head, **data})
    return as_pdf(made, f"journal-{asked.journal}-{asked.first}-{asked.last}")


def _asked(request: web.Request) -> _Asked:
    named, today = request.match_info["journal"], request.app[OFFICE].today()
    if named == Journal.APPEALS:
        raise web.HTTPSeeOther("/appeals/journal")
    if named not in set(Journal):
        raise NotFound("There is no such journal.")
    first = day(request.query.get("from", "")) or today.replace(month=1, day=1)
    last = day(request.query.get("to", "")) or today
    return _Asked(journal=Journal(named), first=min(first, last), last=max(first, last))


async def _rows(request: web.Request, asked: _Asked, most: int) -> Sequence[Sequence[Cell]]:
    since, until = midnight(request, asked.first), midnight(request, asked.last + timedelta(days=1))
    return await request.app[OFFICE].journals.rows(asked.journal, since, until, most)
