"""The list of calls, with filters, paging and export; numbers are masked until a call is opened."""

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.counted import NAMES, said
from cti_server.calls.excerpts import Excerpt, excerpts_of
from cti_server.calls.filters import VIEWS, Asked, address, parts, read_filters
from cti_server.calls.shown import PATH, conditions_of
from cti_server.calls.sources import PAST_CALLS
from cti_server.calls.words import CONTEXT, DIRECTIONS, clock_length
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.lists import chips, chosen_part, turned
from cti_server.frame.pages import PAGES, render
from cti_server.frame.table_files import Row
from cti_server.frame.views import views_of
from cti_server.frame.words import OUTCOMES
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.calls.history import CallFilter, PastCall, Position
from hotline.contact.numbers import masked
from hotline.line.line import Dispatcher

PAGE_ROWS = 50
MOST_EXCERPTS = 4 * PAGE_ROWS
_EXPORT_ROWS = 500
TABLE = Table(
    name="calls",
    title=N_("Calls"),
    headings=(
        *(N_("When"), N_("Direction"), N_("Number"), N_("Outcome")),
        *(N_("Dispatcher"), N_("Talk"), N_("Articles that were told"), N_("Call id")),
    ),
)


@allowed(Permission.SEE_CALLS)
async def page(request: web.Request) -> web.Response:
    """One page of calls, the newest first."""
    past, asked = request.app[PAST_CALLS], read_filters(request)
    found: Sequence[PastCall] = ()
    if asked.wanted is not None:
        found = await past.history.find(asked.wanted, limit=PAGE_ROWS + 1, behind=asked.behind)
    await audit(
        request,
        Action.SEARCH if asked.kept["number"] or asked.kept["said"] else Action.VIEW,
        "calls",
        request.query_string,
    )
    names = await _names(request, found[:PAGE_ROWS])
    dispatchers = {one.id: one for one in await past.dispatchers.all()}
    now, zone = request.app[ACCOUNTS].clock.now(), request.app[PAGES].timezone
    above = parts(now.astimezone(zone).date())
    to_list = partial(address, PATH)
    more = address("/calls", asked.kept, _last(found[:PAGE_ROWS])) if len(found) > PAGE_ROWS else ""
    return render(
        request,
        "calls/list.html.jinja2",
        status=200,
        **CONTEXT,
        found=found[:PAGE_ROWS],
        names=names,
        excerpts=await _excerpts(request, asked.kept["said"], found[:PAGE_ROWS]),
        kept=asked.kept,
        misread=asked.wanted is None,
        chips=chips(above, asked.kept, to_list, None),
        conditions=conditions_of(asked.kept, chosen_part(above, asked.kept), dispatchers, words_of(request)),
        turned=turned(asked.kept, to_list),
        dispatchers=dispatchers,
        counted=_counted(request, asked, dispatchers),
        uncounted=address(
            "/calls", {name: "" if name in NAMES else kept for name, kept in asked.kept.items()}
        ),
        COUNTED=NAMES,
        newest=address("/calls", asked.kept) if asked.behind else "",
        older=more,
        **await views_of(request, VIEWS, asked.kept),
    )


async def _names(request: web.Request, found: Sequence[PastCall]) -> Mapping[str, str]:
    """Name the people who may have called, by number, for users who may see their cards; it is audited."""
    if not request[USER].may(Permission.REGISTER_APPEALS):
        return {}
    numbers = {one.call.number for one in found if one.call.number}
    people = await request.app[PAST_CALLS].citizens.calling_from_any(numbers)
    shown = sorted({person.id for several in people.values() for person in several})
    if shown:
        await audit(request, Action.VIEW, "calls", " ".join(f"citizen:{one}" for one in shown))
    return {number: " / ".join(one.name for one in several) for number, several in people.items()}


async def _excerpts(
    request: web.Request, said: str, found: Sequence[PastCall]
) -> Mapping[str, Sequence[Excerpt]]:
    """Give, by the call, where the words were said that were asked for."""
    if not said or not found:
        return {}
    past, ids = request.app[PAST_CALLS], [one.call.id for one in found]
    terms, spoken = await past.transcripts.find(said, MOST_EXCERPTS, ids)
    by_call: dict[str, list[Excerpt]] = {}
    for one in await excerpts_of(spoken, terms, past.lemmas, words_of(request).gettext):
        by_call.setdefault(one.call_id, []).append(one)
    return by_call


def _counted(request: web.Request, asked: Asked, dispatchers: Mapping[int, Dispatcher]) -> str:
    """Say which figure of the line's report is listed; empty for none."""
    if asked.wanted is None or asked.wanted.counted is None:
        return ""
    return said(asked.wanted.counted, dispatchers, words_of(request).gettext, language_of(request))


@allowed(Permission.SEE_CALLS)
async def export(request: web.Request) -> web.StreamResponse:
    """Everything that the filters find, as a file; numbers stay masked in it."""
    return await send_table(request, TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext = words_of(request).gettext
    names = {one.id: one.name for one in await request.app[PAST_CALLS].dispatchers.all()}
    async for some in _all(request, read_filters(request).wanted):
        told = await request.app[PAST_CALLS].uses.questions([past.call.id for past in some])
        for past in some:
            yield (
                past.call.arrived_at,
                gettext(DIRECTIONS[past.call.direction]),
                masked(past.call.number),
                gettext(OUTCOMES[past.call.outcome]),
                ", ".join(names.get(one, "") for one in past.dispatchers),
                clock_length(past.talk_seconds) if past.dispatchers else "",
                "; ".join(told.get(past.call.id, ())),
                past.call.id,
            )


async def _all(request: web.Request, wanted: CallFilter | None) -> AsyncIterator[Sequence[PastCall]]:
    behind: Position | None = None
    history = request.app[PAST_CALLS].history
    while wanted and (found := await history.find(wanted, limit=_EXPORT_ROWS, behind=behind)):
        yield found
        behind = _last(found)


def _last(found: Sequence[PastCall]) -> Position:
    return Position(arrived_at=found[-1].call.arrived_at, call_id=found[-1].call.id)
