"""Notices on the head's page: read and put aside, put back, and the list of those that were read."""

from collections.abc import Sequence
from functools import partial

from aiohttp import web

from cti_server.appeals.acts.words import ACTS, STEPS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.sources import CONTROL
from cti_server.delivery.notices import line
from cti_server.delivery.subjects import subjects_of
from cti_server.frame.numbers import grouped
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission

READ = "/control/read"
WHOSE = ("department", "head")
_LONGEST_ID = 18


@allowed(Permission.CONTROL_APPEALS)
async def seen(request: web.Request) -> web.Response:
    """Put aside the notices named by `notice` of the page `whom`, and go back, where it can be undone."""
    whom, ids = await _named(request)
    sources = request.app[CONTROL]
    about = subjects_of(one for one in await sources.outbox.on_page(whom) if one.id in ids)
    if await sources.outbox.seen(whom, ids, sources.clock.now(), by=request[USER].id):
        await audit(request, Action.CHANGE, f"notices:{whom}", f"notices-read {about}")
    raise web.HTTPSeeOther(f"/control?whom={whom}&read={','.join(map(str, ids))}#told")


@allowed(Permission.CONTROL_APPEALS)
async def unseen(request: web.Request) -> web.Response:
    """Put them back on the page."""
    whom, ids = await _named(request)
    sources = request.app[CONTROL]
    about = subjects_of(one for one in await sources.outbox.seen_on_page(whom) if one.id in ids)
    if await sources.outbox.unseen(whom, ids, sources.clock.now()):
        await audit(request, Action.CHANGE, f"notices:{whom}", f"notices-back {about}")
    raise web.HTTPSeeOther("/control#told")


@allowed(Permission.SEE_CONTROL)
async def listing(request: web.Request) -> web.Response:
    """List those that were read, with who and when."""
    outbox = request.app[CONTROL].outbox
    await audit(request, Action.VIEW, "notices", "read")
    return render(
        request,
        "control/read.html.jinja2",
        read={whom: await outbox.seen_on_page(whom) for whom in WHOSE},
        users={one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
        line=partial(line, request),
        grouped=grouped,
        ACTS=ACTS,
        STEPS=STEPS,
    )


def numbers(texts: Sequence[str]) -> Sequence[int]:
    """Take the ids; what is none is left out."""
    return [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) <= _LONGEST_ID]


async def _named(request: web.Request) -> tuple[str, Sequence[int]]:
    form = await request.post()
    whom = str(form.get("whom", ""))
    if whom not in WHOSE:
        raise web.HTTPBadRequest
    return whom, numbers([str(one) for one in form.getall("notice", [])])
