"""The head answers a citizen who asks for all that is held on them, or to have it erased."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.citizens import card
from cti_server.citizens.archive import archive
from cti_server.citizens.sources import CITIZENS
from cti_server.frame.export import send_archive
from cti_server.frame.forms import read_reason
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.retention.holds import UnderLegalHold

NO_REASON = N_("Write why, in at most 300 characters: who asked for it, and by which paper.")
HELD = N_("Nothing is erased under a legal hold: lift it first.")
_HEAD = allowed(Permission.REGISTER_APPEALS, Permission.MANAGE_RETENTION)


@_HEAD
async def everything(request: web.Request) -> web.StreamResponse:
    """Answer with all that is held on the citizen. Nothing is left lying about: no link, no file of ours."""
    one, why = await card.asked_for(request), read_reason(await request.post())
    if not why:
        return await card.show(request, one, errors={"everything": words_of(request).gettext(NO_REASON)})
    await audit(request, Action.EXPORT, f"citizen:{one.id}", f"everything; {why}")
    return await send_archive(request, f"citizen-{one.id}", archive(request, one))


@_HEAD
async def erase(request: web.Request) -> web.Response:
    """Erase what nothing requires to be kept; what is left is told with its date."""
    one, sources = await card.asked_for(request), request.app[CITIZENS]
    gettext, why = words_of(request).gettext, read_reason(await request.post())
    if not why:
        return await card.show(request, one, errors={"erase": gettext(NO_REASON)})
    whole = (await sources.data.reasons(one.id, sources.kept)).whole
    try:
        await sources.data.erase(one.id, sources.kept, sources.clock.now())
    except UnderLegalHold:
        return await card.show(request, one, errors={"erase": gettext(HELD)})
    await audit(request, Action.ERASE, f"citizen:{one.id}", why)
    await sources.files.doomed()
    if whole:
        return render(request, "citizens/erased.html.jinja2")
    return card.to_card(one.id, "erased")
