"""The list of slower places: who waits behind all others, why, until when."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.moments import read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.supervision.board import PATH as BOARD
from cti_server.supervision.sources import SUPERVISION
from hotline.access.permissions import Permission
from hotline.supervision.slower_places import LONGEST, SlowerPlaceIncomplete, checked

PATH = f"{BOARD}/slower"
_FIELDS = ("number", "reason", "until", "review_on")


@allowed(Permission.SUPERVISE)
async def page(request: web.Request) -> web.Response:
    """Show those that hold, the next to be reviewed first, and the form of a new one."""
    await audit(request, Action.VIEW, "slower-places")
    return await _page(request)


@allowed(Permission.SUPERVISE)
async def place(request: web.Request) -> web.Response:
    """Have a `number` wait behind all others, with `reason`, `until` and `review_on`."""
    sources, form = request.app[SUPERVISION], await request.post()
    typed = {name: str(form.get(name, "")) for name in _FIELDS}
    until, review_on = read_day(typed["until"]), read_day(typed["review_on"])
    try:
        new = checked(typed["number"], typed["reason"], until, review_on, sources.today())
    except SlowerPlaceIncomplete:
        return await _page(request, wrong=True, typed=typed)
    made = await sources.slower.place(new, by=request[USER].id, at=sources.clock.now())
    await audit(request, Action.ADD, f"slower-place:{made.id}", f"{new.number} {new.until}: {new.reason}")
    return noted_at(PATH, Noted.SLOWER_PLACED)


@allowed(Permission.SUPERVISE)
async def review(request: web.Request) -> web.Response:
    """Leave it standing until it is reviewed on `review_on`, or end it (`act` end)."""
    sources, form, place_id = request.app[SUPERVISION], await request.post(), int(request.match_info["id"])
    if form.get("act") == "end":
        await sources.slower.end(place_id, by=request[USER].id, at=sources.clock.now())
        await audit(request, Action.REMOVE, f"slower-place:{place_id}")
        return noted_at(PATH, Noted.SLOWER_ENDED)
    standing = {one.id: one for one in await sources.slower.standing(sources.today())}
    one, next_on = standing.get(place_id), read_day(str(form.get("review_on", "")))
    if one is None or next_on is None or not sources.today() < next_on <= one.until:
        return await _page(request, wrong=True)
    await sources.slower.review(place_id, next_on)
    await audit(request, Action.CHANGE, f"slower-place:{place_id}", "reviewed")
    return noted_at(PATH, Noted.SLOWER_REVIEWED)


async def _page(
    request: web.Request, *, wrong: bool = False, typed: dict[str, str] | None = None
) -> web.Response:
    sources = request.app[SUPERVISION]
    today = sources.today()
    return render(
        request,
        "supervision/slower.html.jinja2",
        status=422 if wrong else 200,
        places=await sources.slower.standing(today),
        names={one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
        typed=typed or dict.fromkeys(_FIELDS, ""),
        wrong=wrong,
        today=today,
        latest=today + LONGEST,
    )
