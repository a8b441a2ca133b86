"""The head answers a citizen who asks for all that is held on them, or to have it erased."""

from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.lasting import cut_off_in_time
from cti_server.citizens import card
from cti_server.citizens.archive import archive
from cti_server.citizens.sources import CITIZENS
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import PAGES, render
from hotline.access.permissions import Permission
from hotline.retention.holds import UnderLegalHold

LONGEST_REASON = 300
NO_REASON = N_("Write why, in at most 300 characters: who asked for it, and by which paper.")
HELD = N_("Nothing is erased under a legal hold: lift it first.")
_HEAD = allowed(Permission.REGISTER_APPEALS, Permission.MANAGE_RETENTION)


@_HEAD
async def everything(request: web.Request) -> web.StreamResponse:
    """Answer with all that is held on the citizen. Nothing is left lying about: no link, no file of ours."""
    one, sources = await card.asked_for(request), request.app[CITIZENS]
    why = await _reason(request)
    if not why:
        return await card.show(request, one, errors={"everything": words_of(request).gettext(NO_REASON)})
    await audit(request, Action.EXPORT, f"citizen:{one.id}", f"everything; {why}")
    day = request.app[PAGES].local(sources.clock.now(), "%Y-%m-%d")
    named = content_disposition_header("attachment", filename=f"citizen-{one.id}-{day}.zip")
    response = web.StreamResponse(
        headers={hdrs.CONTENT_DISPOSITION: named, hdrs.CONTENT_TYPE: "application/zip"}
    )
    async with cut_off_in_time(request):
        await response.prepare(request)
        whole = False
        try:
            async for piece in archive(request, one):
                await response.write(piece)
            await response.write_eof()
            whole = True
        finally:
            if not whole and request.transport:
                request.transport.abort()  # an archive that broke off must not look like a whole one
    return response


@_HEAD
async def erase(request: web.Request) -> web.Response:
    """Erase what nothing requires to be kept; what is left is told with its date."""
    one, sources = await card.asked_for(request), request.app[CITIZENS]
    gettext, why = words_of(request).gettext, await _reason(request)
    if not why:
        return await card.show(request, one, errors={"erase": gettext(NO_REASON)})
    whole = (await sources.data.reasons(one.id, sources.kept)).whole
    await audit(request, Action.ERASE, f"citizen:{one.id}", why)
    try:
        await sources.data.erase(one.id, sources.kept, sources.clock.now())
    except UnderLegalHold:
        return await card.show(request, one, errors={"erase": gettext(HELD)})
    await sources.files.doomed()
    if whole:
        return render(request, "citizens/erased.html.jinja2", id=one.id)
    return card.to_card(one.id, "erased")


async def _reason(request: web.Request) -> str:
    """Read the reason; an empty or overlong one is none."""
    why = " ".join(str((await request.post()).get("reason", "")).split())
    return why if len(why) <= LONGEST_REASON else ""
