"""Terms of keeping, the deletion log, and legal holds, which the head places and lifts."""

from collections.abc import Mapping

from aiohttp import hdrs, web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import LONGEST_REASON, read_reason
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.retention.sources import RETENTION
from cti_server.retention.words import CAUSES, KINDS, ROOMS, THINGS
from cti_server.status.board import BOARD
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.retention.holds import HeldThing
from hotline.retention.terms import Kind

PATH = "/keeping"
HOLD = "/holds/{thing}/{subject}"
SHOWN = 200
NO_REASON = N_("Write why, in at most 300 characters: which paper, whose request.")
_PAGES: Mapping[HeldThing, str] = {
    HeldThing.APPEAL: "/appeals",
    HeldThing.CALL: "/calls",
    HeldThing.CITIZEN: "/citizens",
}
_MANAGE = allowed(Permission.MANAGE_RETENTION)


@_MANAGE
async def page(request: web.Request) -> web.Response:
    """Show terms, standing holds, and what was deleted."""
    sources, board = request.app[RETENTION], request.app[BOARD]
    return render(
        request,
        "retention/page.html.jinja2",
        terms=[(kind, sources.kept.of(kind).days) for kind in Kind],
        holds=await sources.holds.standing(),
        deletions=await sources.log.latest(SHOWN),
        users={user.id: user.name for user in await sources.users.all()},
        page_of=page_of,
        room=board.room(),
        free=board.free() // 2**20,
        ROOMS=ROOMS,
        KINDS=KINDS,
        CAUSES=CAUSES,
        THINGS=THINGS,
    )


@_MANAGE
async def hold(request: web.Request) -> web.Response:
    """Show whether it is held, since when and why."""
    return await _show(request)


@_MANAGE
async def place(request: web.Request) -> web.Response:
    """Hold it: nothing of it is deleted any more."""
    sources, (thing, subject) = request.app[RETENTION], _asked_for(request)
    why = read_reason(await request.post())
    if not why:
        return await _show(request, error=words_of(request).gettext(NO_REASON))
    await sources.holds.place(thing, subject, reason=why, by=request[USER].id, at=sources.clock.now())
    await audit(request, Action.ADD, f"hold:{thing}:{subject}", why)
    return _back(thing, subject, "held")


@_MANAGE
async def lift(request: web.Request) -> web.Response:
    """Let go of it; one that does not stand any more is lifted."""
    sources, (thing, subject) = request.app[RETENTION], _asked_for(request)
    if standing := await sources.holds.find(thing, subject):
        await sources.holds.lift(standing.id, by=request[USER].id, at=sources.clock.now())
        await audit(request, Action.REMOVE, f"hold:{thing}:{subject}")
    return _back(thing, subject, "lifted")


def page_of(thing: HeldThing, subject: str) -> str:
    """Give the address of what is held."""
    return str(URL(_PAGES[thing]) / subject)


def _asked_for(request: web.Request) -> tuple[HeldThing, str]:
    named, subject = request.match_info["thing"], request.match_info["subject"]
    if named not in set(HeldThing):
        raise NotFound("Nothing of that kind can be held.")
    thing = HeldThing(named)
    if thing is HeldThing.CITIZEN and not (subject.isascii() and subject.isdigit() and len(subject) < 10):  # noqa: PLR2004
        raise NotFound("There is no such citizen.")
    return thing, subject


async def _show(request: web.Request, error: str = "") -> web.Response:
    sources, (thing, subject) = request.app[RETENTION], _asked_for(request)
    return render(
        request,
        "retention/hold.html.jinja2",
        status=422 if error else 200,
        thing=thing,
        subject=subject,
        back=page_of(thing, subject),
        standing=await sources.holds.find(thing, subject),
        users={user.id: user.name for user in await sources.users.all()},
        THINGS=THINGS,
        longest=LONGEST_REASON,
        error=error,
    )


def _back(thing: HeldThing, subject: str, done: str) -> web.Response:
    where = URL(page_of(thing, subject))
    return web.Response(
        status=303,
        headers={hdrs.LOCATION: str(where.with_query(done=done) if thing is HeldThing.CITIZEN else where)},
    )
