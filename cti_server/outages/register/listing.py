"""The list of outages: present, coming, over, and how each was entered."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from yarl import URL

from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.table_files import Row
from cti_server.frame.words import OUTAGE_KINDS, UTILITIES
from cti_server.outages.register.audience import Audience
from cti_server.outages.register.showing import place_text, show, state_text
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.words import FLAWS, SOURCES
from hotline.city.classifier import Utility
from hotline.outages.outage import EntryFlaw, Outage, Outages, Position

PAGE_ROWS = 30
AT_ONCE = 500
LATELY = timedelta(days=30)
_LAST_PAGE = 1000
TABS: Mapping[str, str] = {
    "": N_("Off now"),
    "coming": N_("Coming"),
    "past": N_("Over"),
    "lately": N_("Entered within 30 days"),
}
_TABLE = Table(
    name="outages",
    title=N_("Outages"),
    headings=(
        *(N_("What is off"), N_("Kind"), N_("Where"), N_("Begins"), N_("Expected end"), N_("Ended")),
        *(N_("How it stands"), N_("Enterprise"), N_("Reason"), N_("Order of works")),
        *(N_("Entered"), N_("Entered by"), N_("Remarks on the entry")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """The query of the list; pages count from 1."""

    tab: str = ""
    utility: Utility | None = None
    executor: int | None = None
    flaw: EntryFlaw | None = None
    page: int = 1

    def address(self, path: str, **changed: object) -> str:
        """Write the address of the same query with these changes."""
        now: Mapping[str, object] = {
            "tab": self.tab,
            "utility": self.utility,
            "executor": self.executor,
            "flaw": self.flaw,
            "page": self.page if self.page > 1 else "",
            **changed,
        }
        return str(URL(path).with_query({name: str(value) for name, value in now.items() if value}))


def asked(query: Mapping[str, str]) -> ListQuery:
    """Read the address; what cannot be read is not asked for."""
    utility, flaw, tab = query.get("utility", ""), query.get("flaw", ""), query.get("tab", "")
    page = _number(query.get("page", "")) or 1
    return ListQuery(
        tab=tab if tab in TABS else "",
        utility=Utility(utility) if utility in set(Utility) else None,
        executor=_number(query.get("executor", "")),
        flaw=EntryFlaw(flaw) if flaw in set(EntryFlaw) else None,
        page=min(page, _LAST_PAGE),
    )


async def page(request: web.Request, audience: Audience) -> web.Response:
    """Show one page of the list."""
    wanted, sources = asked(request.query), request.app[OUTAGES]
    first, found, more = PAGE_ROWS * (wanted.page - 1), 0, False
    shown: list[Outage] = []
    async for one in _found(request, audience, wanted):
        if more := len(shown) == PAGE_ROWS:
            break
        if found >= first:
            shown.append(one)
        found += 1
    now = sources.clock.now()
    context: dict[str, object] = {
        "asked": wanted,
        "TABS": TABS,
        "found": shown,
        "more": more,
        "flaws": {one.id: one.flaws(now) for one in shown},
    }
    return await show(request, audience, "list", context)


async def export(request: web.Request, audience: Audience) -> web.StreamResponse:
    """The list as a file, with the filters of its address."""
    return await send_table(request, _TABLE, _rows(request, audience))


async def _found(request: web.Request, audience: Audience, wanted: ListQuery) -> AsyncIterator[Outage]:
    sources, own = request.app[OUTAGES], audience.executor_of(request)
    executor, now = wanted.executor if own is None else own, sources.clock.now()
    async for one in _of_tab(sources.outages, wanted, executor, now):
        if executor not in {None, one.executor_id} or wanted.utility not in {None, one.utility}:
            continue
        if wanted.flaw is None or wanted.flaw in one.flaws(now):
            yield one


async def _of_tab(
    outages: Outages, wanted: ListQuery, executor: int | None, now: datetime
) -> AsyncIterator[Outage]:
    if wanted.tab in {"", "coming"}:
        for one in await (outages.coming(now) if wanted.tab else outages.now(now)):
            yield one
        return
    behind: Position | None = None
    over, since = (True, None) if wanted.tab == "past" else (None, now - LATELY)
    while found := await outages.find(
        limit=AT_ONCE,
        executor_id=executor,
        utility=wanted.utility,
        over=over,
        since=since,
        behind=behind,
    ):
        for one in found:
            yield one
        behind = Position(found[-1].starts_at, found[-1].id)


async def _rows(request: web.Request, audience: Audience) -> AsyncIterator[Row]:
    gettext, sources = words_of(request).gettext, request.app[OUTAGES]
    now = sources.clock.now()
    names = {one.id: one.short for one in await sources.executors.all()}
    async for one in _found(request, audience, asked(request.query)):
        yield (
            *(gettext(UTILITIES[one.utility]), gettext(OUTAGE_KINDS[one.kind]), place_text(one, request)),
            *(one.starts_at, one.expected_end, one.ended_at, gettext(state_text(one, now))),
            *(names.get(one.executor_id or 0, ""), one.reason, one.order, one.entered_at),
            *(gettext(SOURCES[one.source]), ", ".join(gettext(FLAWS[flaw]) for flaw in one.flaws(now))),
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004
