"""Those to be called back: a list that empties only when somebody reached them."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.sources import PAST_CALLS
from cti_server.calls.words import CONTEXT
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.history import Callback, Result
from hotline.users import Permission

MOST_ROWS = 100
LONGEST_NOTE = 500
_SAY_HOW = N_("Say how it was settled.")
_TOO_LONG = N_("At most 500 characters, please.")
_CHOOSE = N_("Choose how it went.")


@allowed(Permission.SEE_CALLS)
async def page(request: web.Request) -> web.Response:
    """Numbers in full, since they are there to be dialled; the longest waiting first."""
    await audit(request, Action.VIEW, "calls:missed")
    return await _page(request)


@allowed(Permission.SEE_CALLS)
async def tried(request: web.Request) -> web.Response:
    """Write down how calling back went: `result`, and a `note`, which SETTLED cannot do without."""
    call_id, form = request.match_info["call"], await request.post()
    given, note = str(form.get("result", "")), str(form.get("note", "")).strip()
    if error := _error(given, note):
        typed = {"call": call_id, "result": given, "note": note, "error": words_of(request).gettext(error)}
        return await _page(request, status=422, typed=typed)
    callback = Callback(
        call_id=call_id,
        user_id=request[USER].id,
        at=request.app[ACCOUNTS].clock.now(),
        result=Result(given),
        note=note,
    )
    await request.app[PAST_CALLS].history.add_callback(callback)
    await audit(request, Action.CHANGE, f"call:{call_id}", f"callback {given}")
    return web.Response(status=303, headers={"Location": "/calls/missed"})


def _error(given: str, note: str) -> str:
    if given not in set(Result):
        return _CHOOSE
    if len(note) > LONGEST_NOTE:
        return _TOO_LONG
    return _SAY_HOW if given == Result.SETTLED and not note else ""


async def _page(
    request: web.Request, *, status: int = 200, typed: dict[str, str] | None = None
) -> web.Response:
    owed = await request.app[PAST_CALLS].history.owed(MOST_ROWS + 1)
    return render(
        request,
        "calls/missed.html.jinja2",
        status=status,
        **CONTEXT,
        owed=owed[:MOST_ROWS],
        more=len(owed) > MOST_ROWS,
        typed=typed or {"call": "", "result": "", "note": "", "error": ""},
        longest=LONGEST_NOTE,
    )
