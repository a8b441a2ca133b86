"""Notices on the head's page, put aside once seen."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.sources import CONTROL
from hotline.access.permissions import Permission

_PAGES = frozenset({"head", "department"})
_LONGEST_ID = 18


@allowed(Permission.CONTROL_APPEALS)
async def seen(request: web.Request) -> web.Response:
    """Put aside the notices named by `notice` of the page `whom`, and go back."""
    form = await request.post()
    whom = str(form.get("whom", ""))
    if whom not in _PAGES:
        raise web.HTTPBadRequest
    texts = [str(one) for one in form.getall("notice", [])]
    ids = [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) <= _LONGEST_ID]
    sources = request.app[CONTROL]
    put_aside = await sources.outbox.seen(whom, ids, sources.clock.now())
    await audit(request, Action.CHANGE, f"notices:{whom}", f"{put_aside} put aside")
    raise web.HTTPSeeOther("/control#told")
