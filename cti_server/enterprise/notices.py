"""Notices on the enterprise's page, until one of its users has read them."""

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.delivery.subjects import subjects_of
from cti_server.enterprise.sources import WORK, page_of
from cti_server.enterprise.tabs import asked_back
from cti_server.enterprises.own import enterprise_of
from cti_server.keys import USER
from hotline.access.permissions import Permission

MOST = 100
_LONGEST_ID = 18


@allowed(Permission.WORK_ON_APPEALS)
async def seen(request: web.Request) -> web.Response:
    """Put notices aside, for the whole enterprise, and go back to the list."""
    form, sources = await request.post(), request.app[WORK]
    ids = [str(one) for one in form.getall("notice", [])][:MOST]
    read = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= _LONGEST_ID]
    whose = page_of(enterprise_of(request))
    about = subjects_of(one for one in await sources.outbox.on_page(whose, MOST) if one.id in read)
    if await sources.outbox.seen(whose, read, sources.clock.now(), by=request[USER].id):
        await audit(request, Action.CHANGE, whose, f"notices-read {about}")
    return web.Response(status=303, headers={hdrs.LOCATION: asked_back(form).address()})
