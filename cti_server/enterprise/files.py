"""Attachments added before the report of work, and removed again when they were wrong."""

from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.appeals.files.receiving import Received, receive
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprise.acting import gone
from cti_server.enterprise.card import read_card, show_card
from cti_server.enterprise.sources import WORK
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.appeals.acts.work import ReportDone
from hotline.errors import ForbiddenTransition, NotFound

PART_ONLY = "X-Part"
"""Sent by our page's script, which shows the progress and wants the files alone."""
_ENDED = N_("The appeal has ended: no files can be added any more.")
_STAYS = N_("This file belongs to what was reported: it stays.")


@allowed(Permission.WORK_ON_APPEALS, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Store the form's files with the appeal; the other typed fields are shown again."""
    sources, number, enterprise = request.app[WORK], request.match_info["number"], enterprise_of(request)
    try:
        appeal = await sources.work.find(enterprise, number)
    except NotFound:
        return gone(request, await receive(request, number, None))
    if appeal.ended:
        return await _answer(request, await receive(request, number, None), _ENDED)
    return await _answer(request, await receive(request, number, enterprise))


@allowed(Permission.WORK_ON_APPEALS, streams=True)
async def take_away(request: web.Request) -> web.Response:
    """Take one file away that no report names."""
    evidence, number, enterprise = (
        request.app[EVIDENCE],
        request.match_info["number"],
        enterprise_of(request),
    )
    form = await receive(request, number, None)
    try:
        one = await evidence.files.get(int(request.match_info["id"]), executor_id=enterprise)
        if one.number != number:
            return gone(request, form)
        await evidence.files.remove(one.id, executor_id=enterprise)
    except NotFound:
        return gone(request, form)
    except ForbiddenTransition:
        return await _answer(request, form, _STAYS)
    await evidence.store.drop(one.key)
    await audit(request, Action.CHANGE, f"file:{one.id}", f"appeal:{number} taken away {one.sha256[:16]}")
    return await _answer(request, form)


async def _answer(request: web.Request, form: Received, fault: str = "") -> web.Response:
    """Answer the script with the files alone, a browser with the whole card, its form as it was typed."""
    card = await read_card(request)
    wrong = bool(form.refused or fault)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    reporting = ReportDone.name in card.offered
    template = "files" if PART_ONLY in request.headers else "card"
    if template == "card" and not wrong and not reporting:
        return web.Response(
            status=HTTPStatus.SEE_OTHER,
            headers={hdrs.LOCATION: f"/enterprise/{card.appeal.number}#work-files"},
        )
    name = ReportDone.name if reporting else ""
    faults = {"file": fault} if wrong else {}
    return show_card(request, card, name, form, faults, template=template, status=status)
