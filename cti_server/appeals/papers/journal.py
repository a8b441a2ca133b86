"""The journal of registration for a period: a page to choose it on, the paper, and the same as a table."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from yarl import URL

from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.appeals.list.words import answer_by, category_name
from cti_server.appeals.papers.office import LANGUAGE, letterhead, moment, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.appeals.papers.words import RESULTS
from cti_server.appeals.words import KINDS, SIGNS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.filters import day, midnight
from cti_server.frame.language import N_
from cti_server.frame.lists import misordered
from cti_server.frame.numbers import grouped
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.words import APPEAL_STATES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.lists import AppealFilter, ListedAppeal, Order, position

MOST_ROWS = 2000
"""On paper; a table holds more."""
AT_ONCE = 1000
PATH = "/appeals/journal"
_LONGEST_TEXT = 300
_CUT = f"Надруковано перші {MOST_ROWS} записів: для решти виберіть коротший період."
_TABLE = Table(
    name="journal",
    title=N_("Journal of registration"),
    headings=(
        *(
            N_("Index"),
            N_("Number"),
            N_("Registered"),
            N_("Applicant"),
            N_("Address"),
            N_("Kind"),
            N_("Sign"),
        ),
        *(N_("Category"), N_("What it is about"), N_("Executor"), N_("Answer by"), N_("State"), N_("Result")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first day to the last one, both included."""

    first: date
    last: date

    @property
    def query(self) -> str:
        return URL().with_query({"from": self.first.isoformat(), "to": self.last.isoformat()}).query_string


@allowed(Permission.SEE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Show the choice of the period: this month at first."""
    period, days = read_period(request), request.query
    turned = f"{PATH}?{period.query}" if misordered(days) else ""
    shown = {"from": days["from"], "to": days["to"]} if turned else {"from": period.first, "to": period.last}
    return render(request, "appeals/papers/journal.html.jinja2", shown=shown, turned=turned, most=MOST_ROWS)


@allowed(Permission.SEE_APPEALS)
async def pdf(request: web.Request) -> web.Response:
    """The journal as a paper to be signed; the first MOST_ROWS of a long period, and the paper says so."""
    _in_order(request)
    period, sources = read_period(request), request.app[APPEAL_LISTS]
    await audit(request, Action.EXPORT, "journal", period.query)
    rows = []
    async for one in _registered(request, period):
        rows.append(_line(request, one))
        if len(rows) > MOST_ROWS:
            break
    data = {
        "rows": rows[:MOST_ROWS],
        "cut": _CUT if len(rows) > MOST_ROWS else "",
        "period": f"з {period.first:%d.%m.%Y} до {period.last:%d.%m.%Y}",
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    made = await request.app[PRESS].print("journal", {**head, **data})
    return as_pdf(made, f"journal-{period.first}-{period.last}")


@allowed(Permission.SEE_APPEALS)
async def table(request: web.Request) -> web.StreamResponse:
    """The journal for spreadsheets."""
    _in_order(request)
    return await send_table(request, _TABLE, _rows(request, read_period(request)))


def _in_order(request: web.Request) -> None:
    """Lead back to the choice where the days are in the wrong order: nobody meant the other period."""
    if misordered(request.query):
        days = {name: request.query[name] for name in ("from", "to")}
        raise web.HTTPSeeOther(str(URL(PATH).with_query(days)))


def read_period(request: web.Request) -> Period:
    """Read the days from the address; this month instead of what cannot be read."""
    sources = request.app[APPEAL_LISTS]
    today = sources.clock.now().astimezone(sources.timezone).date()
    first = day(request.query.get("from", "")) or today.replace(day=1)
    last = day(request.query.get("to", "")) or today
    return Period(first=min(first, last), last=max(first, last))


async def _registered(request: web.Request, period: Period) -> AsyncIterator[ListedAppeal]:
    sources, behind = request.app[APPEAL_LISTS], None
    wanted = AppealFilter(
        since=midnight(request, period.first), until=midnight(request, period.last + timedelta(days=1))
    )
    while found := await sources.lists.find(wanted, order=Order.OLDEST, limit=AT_ONCE, behind=behind):
        for one in found:
            yield one
        behind = position(found[-1], Order.OLDEST)


def _line(request: web.Request, one: ListedAppeal) -> list[str]:
    """Give the cells of one line of the paper, after its running number."""
    appeal, zone = one.appeal, request.app[APPEAL_LISTS].timezone
    text = appeal.text
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT].rstrip() + "…"
    state = said(APPEAL_STATES[appeal.state])
    return [
        f"{appeal.registration_index}\n{grouped(appeal.number)}".strip(),
        moment(appeal.registered_at, zone, "%d.%m.%Y"),
        "\n".join(filter(None, (one.applicant or said("not named"), appeal.address))),
        f"{said(KINDS[appeal.kind])}, {said(SIGNS[appeal.sign]).lower()}",
        f"{category_name(appeal, LANGUAGE)}. {text}".lstrip(". "),
        one.executor,
        appeal.due_on.strftime("%d.%m.%Y"),
        f"{state}, {said(RESULTS[appeal.result]).lower()}" if appeal.result else state,
    ]


async def _rows(request: web.Request, period: Period) -> AsyncIterator[Row]:
    async for one in _registered(request, period):
        appeal = one.appeal
        yield (
            *(appeal.registration_index, appeal.number, appeal.registered_at, one.applicant, appeal.address),
            *(said(KINDS[appeal.kind]), said(SIGNS[appeal.sign]), category_name(appeal, LANGUAGE)),
            *(appeal.text, one.executor, answer_by(appeal), said(APPEAL_STATES[appeal.state])),
            said(RESULTS[appeal.result]) if appeal.result else "",
        )
