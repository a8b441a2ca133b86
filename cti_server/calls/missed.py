"""Call-backs: a list that empties only when somebody reached the callers, and renews itself."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.owed import PARTS, VIEWS, ListPage, ListPart, read_asked, read_part, tag_of, wanted_by
from cti_server.calls.sources import PAST_CALLS
from cti_server.calls.words import CONTEXT, RESULTS
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.lists import Chip, chips, without_part
from cti_server.frame.moments import moment_typed
from cti_server.frame.pages import PAGES, render
from cti_server.frame.table_files import MOST_ROWS, Row
from cti_server.frame.views import views_of
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.line.callbacks import Callback, CallbackResult, Claim
from hotline.line.scheduled_callbacks import TRIED_AGAIN_AFTER

LONGEST_NOTE = 500
MOST_COUNTED = 100
"""Beyond, a part of the list says only that there are that many and more."""
_SAY_HOW = N_("Say how it was settled.")
_TOO_LONG = N_("At most 500 characters, please.")
_CHOOSE = N_("Choose how it went.")
TABLE = Table(
    name="calls-missed",
    title=N_("To call back"),
    headings=(
        *(N_("Number"), N_("Called first"), N_("Called last"), N_("Times"), N_("Tries in vain")),
        *(N_("Last try"), N_("How it went"), N_("Who"), N_("For which other city")),
    ),
)


@allowed(Permission.SEE_CALLS)
async def page(request: web.Request) -> web.Response:
    """Show numbers in full, since they are there to be dialled; the longest wait first.

    The page polls for changes (`If-None-Match`); an unchanged page is not sent again.
    """
    asked = read_asked(request)
    part = await _read(request, asked)
    tag = tag_of(part, _now(request))
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    await audit(request, Action.VIEW, "calls:missed")
    return await show_list(request, asked=asked, part=part)


@allowed(Permission.SEE_CALLS)
async def export(request: web.Request) -> web.StreamResponse:
    """All that the filters find as a file, hidden numbers at its end."""
    return await send_table(request, TABLE, _rows(request))


@allowed(Permission.SEE_CALLS)
async def claim(request: web.Request) -> web.Response:
    """Say that one calls this number now; if another does, the list comes back and says who."""
    call_id, user = request.match_info["call"], request[USER]
    standing = await request.app[PAST_CALLS].callbacks.claim(call_id, user.id, _now(request))
    if standing.user_id != user.id:
        return await show_list(request, status=409, taken=standing)
    await audit(request, Action.CHANGE, f"call:{call_id}", "callback claimed")
    return _back(request)


@allowed(Permission.SEE_CALLS)
async def release(request: web.Request) -> web.Response:
    """Leave the number to others, without a result."""
    call_id = request.match_info["call"]
    await request.app[PAST_CALLS].callbacks.release(call_id, request[USER].id)
    await audit(request, Action.CHANGE, f"call:{call_id}", "callback left")
    return _back(request)


@allowed(Permission.SEE_CALLS)
async def tried(request: web.Request) -> web.Response:
    """Write down how calling back went: `result`, and a `note`, which SETTLED cannot do without."""
    call_id, form = request.match_info["call"], await request.post()
    given, note = str(form.get("result", "")), str(form.get("note", "")).strip()
    if error := _error(given, note):
        typed = {"call": call_id, "result": given, "note": note, "error": words_of(request).gettext(error)}
        return await show_list(request, status=422, typed=typed)
    callback = Callback(
        call_id=call_id, user_id=request[USER].id, at=_now(request), result=CallbackResult(given), note=note
    )
    await request.app[PAST_CALLS].callbacks.add(callback)
    await audit(request, Action.CHANGE, f"call:{call_id}", f"callback {given}")
    return web.Response(status=303, headers={"Location": read_asked(request).address()})


def _error(given: str, note: str) -> str:
    if given not in set(CallbackResult):
        return _CHOOSE
    if len(note) > LONGEST_NOTE:
        return _TOO_LONG
    return _SAY_HOW if given == CallbackResult.SETTLED and not note else ""


async def show_list(
    request: web.Request,
    *,
    status: int = 200,
    asked: ListPage | None = None,
    part: ListPart | None = None,
    typed: Mapping[str, str] | None = None,
    moved: Mapping[str, object] | None = None,
    taken: Claim | None = None,
) -> web.Response:
    """Answer with the list; `typed` and `moved` are forms that came back with an error."""
    asked = asked or read_asked(request)
    part = part or await _read(request, asked)
    tag = tag_of(part, _now(request))
    answer = render(
        request,
        "calls/missed.html.jinja2",
        status=status,
        **CONTEXT,
        asked=asked,
        chips=await _chips(request, asked),
        most_counted=MOST_COUNTED,
        other_days=VIEWS.address({**asked.kept, "ever": "" if asked.ever else "1"}),
        **await views_of(request, VIEWS, asked.kept),
        part=part,
        tag=tag,
        taken=taken,
        now=_now(request),
        names=await _names(request),
        typed=typed or {"call": "", "result": "", "note": "", "error": ""},
        moved=moved or {"id": 0},
        again_at=moment_typed(_now(request) + TRIED_AGAIN_AFTER, request.app[PAGES].timezone),
        longest=LONGEST_NOTE,
    )
    answer.headers["ETag"] = tag
    return answer


async def _chips(request: web.Request, asked: ListPage) -> Sequence[Chip]:
    """Draw the parts; they are counted of the same days, while nothing else narrows the list."""
    counts = None
    if not VIEWS.narrowed({**without_part(PARTS, asked.kept), "ever": ""}):
        since, callbacks = asked.since(_now(request)), request.app[PAST_CALLS].callbacks
        wanted = [wanted_by({**asked.kept, **one.query}) for one in PARTS]
        counts = [await callbacks.count(one, MOST_COUNTED, since) for one in wanted]
    return chips(PARTS, asked.kept, VIEWS.address, counts)


async def _read(request: web.Request, asked: ListPage) -> ListPart:
    past = request.app[PAST_CALLS]
    return await read_part(past.callbacks, past.scheduled, asked, _now(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext, names = words_of(request).gettext, await _names(request)
    callbacks, wanted = request.app[PAST_CALLS].callbacks, read_asked(request).wanted
    for one in await callbacks.owed(MOST_ROWS + 1, wanted=wanted):
        yield (
            one.number,
            one.first_at,
            one.last_at,
            one.calls,
            len(one.past),
            *_last(one.past, names, gettext),
            one.city or None,
        )
    for miss in await callbacks.hidden(MOST_ROWS + 1, wanted=wanted):
        yield gettext(N_("Hidden number")), miss.at, miss.at, 1, 0, None, None, None, miss.city or None


def _last(past: Sequence[Callback], names: Mapping[int, str], gettext: Callable[[str], str]) -> Row:
    """Return the moment of the last attempt, its result, and its user."""
    return (past[0].at, gettext(RESULTS[past[0].result]), names.get(past[0].user_id)) if past else (None,) * 3


async def _names(request: web.Request) -> Mapping[int, str]:
    return {user.id: user.name for user in await request.app[ACCOUNTS].users.all()}


def _now(request: web.Request) -> datetime:
    return request.app[ACCOUNTS].clock.now()


def _back(request: web.Request) -> web.Response:
    place = URL(read_asked(request).address()).with_fragment(f"call-{request.match_info['call']}")
    return web.Response(status=303, headers={"Location": str(place)})
