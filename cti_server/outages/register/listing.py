"""The list of outages: present, coming, over, and how each was entered."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from aiohttp import web

from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.lists import MOST_COUNTED, columns_of
from cti_server.frame.table_files import Row
from cti_server.frame.views import views_of
from cti_server.frame.words import OUTAGE_KINDS, UTILITIES
from cti_server.outages.register.audience import Audience
from cti_server.outages.register.filters import VIEWS, ListQuery, asked, chips_of, conditions_of, found_of
from cti_server.outages.register.showing import place_text, show, state_text
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.words import FLAWS, SOURCES
from hotline.outages.outage import Outage, Outages, Position

PAGE_ROWS = 30
AT_ONCE = 500
LATELY = timedelta(days=30)
COLUMNS: Mapping[str, str] = {
    "state": N_("How it stands"),
    "where": N_("Where"),
    "times": N_("From – to"),
    "reason": N_("Reason"),
    "whose": N_("Enterprise"),
    "entered": N_("Entered"),
}
"""Columns behind what is off, which always stands first."""
USUAL = ("state", "where", "times", "reason", "whose")
_TABLE = Table(
    name="outages",
    title=N_("Outages"),
    headings=(
        *(N_("What is off"), N_("Kind"), N_("Where"), N_("Begins"), N_("Expected end"), N_("Ended")),
        *(N_("How it stands"), N_("Enterprise"), N_("Reason"), N_("Order of works")),
        *(N_("Entered"), N_("Entered by"), N_("Remarks on the entry")),
    ),
)


async def page(request: web.Request, audience: Audience) -> web.Response:
    """Show one page of the list."""
    query, now = await asked(request), request.app[OUTAGES].clock.now()
    first, found, more = PAGE_ROWS * (query.page - 1), 0, False
    shown: list[Outage] = []
    async for one in _found(request, audience, query):
        if more := len(shown) == PAGE_ROWS:
            break
        if found >= first:
            shown.append(one)
        found += 1
    context: dict[str, object] = {
        **await _above(request, audience, query),
        "asked": query,
        "found": shown,
        "turn": partial(VIEWS[audience.path].page, query.kept),
        "more": more,
        "flaws": {one.id: one.flaws(now) for one in shown},
    }
    return await show(request, audience, "list", context)


async def _above(request: web.Request, audience: Audience, query: ListQuery) -> Mapping[str, object]:
    """Read what stands above the list: chips, what is set, the views and the columns."""
    sources, own = request.app[OUTAGES], audience.executor_of(request)
    now, views = sources.clock.now(), VIEWS[audience.path]
    on, coming = await sources.outages.now(now), await sources.outages.coming(now)
    names = {one.id: one.short for one in await sources.executors.all()}
    known = {name: text for name, text in COLUMNS.items() if name != "whose" or not audience.own}
    columns = columns_of(request, "outages", known, [one for one in USUAL if one in known])
    return {
        "chips": chips_of(query, audience, _of(own, on), _of(own, coming), now),
        "most_counted": MOST_COUNTED,
        "conditions": conditions_of(query, audience, names, words_of(request)),
        **await views_of(request, views, query.kept, columns),
        "columns": columns,
        "COLUMNS": known,
    }


def _of(executor: int | None, outages: Sequence[Outage]) -> Sequence[Outage]:
    return [one for one in outages if executor in {None, one.executor_id}]


async def export(request: web.Request, audience: Audience) -> web.StreamResponse:
    """The list as a file, with the filters of its address."""
    return await send_table(request, _TABLE, _rows(request, audience))


async def _found(request: web.Request, audience: Audience, query: ListQuery) -> AsyncIterator[Outage]:
    sources, own = request.app[OUTAGES], audience.executor_of(request)
    executor, now = query.executor if own is None else own, sources.clock.now()
    async for some in _of_tab(sources.outages, query, executor, now):
        for one in await found_of(request, query, _of(executor, some), now):
            yield one


async def _of_tab(
    outages: Outages, query: ListQuery, executor: int | None, now: datetime
) -> AsyncIterator[Sequence[Outage]]:
    """Read the part of the list that is asked for, some at a time."""
    if query.tab in {"", "coming"}:
        yield await (outages.coming(now) if query.tab else outages.now(now))
        return
    behind: Position | None = None
    over, since = (True, None) if query.tab == "past" else (None, now - LATELY)
    while found := await outages.find(
        limit=AT_ONCE,
        executor_id=executor,
        utility=query.utility,
        over=over,
        since=since,
        behind=behind,
    ):
        yield found
        behind = Position(found[-1].starts_at, found[-1].id)


async def _rows(request: web.Request, audience: Audience) -> AsyncIterator[Row]:
    gettext, sources = words_of(request).gettext, request.app[OUTAGES]
    now = sources.clock.now()
    names = {one.id: one.short for one in await sources.executors.all()}
    async for one in _found(request, audience, await asked(request)):
        yield (
            *(gettext(UTILITIES[one.utility]), gettext(OUTAGE_KINDS[one.kind]), place_text(one, request)),
            *(one.starts_at, one.expected_end, one.ended_at, gettext(state_text(one, now))),
            *(names.get(one.executor_id or 0, ""), one.reason, one.order, one.entered_at),
            *(gettext(SOURCES[one.source]), ", ".join(gettext(FLAWS[flaw]) for flaw in one.flaws(now))),
        )
