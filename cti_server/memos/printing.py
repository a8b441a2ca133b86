"""Memos as papers, in the State language."""

from aiohttp import web

from cti_server.appeals.papers.office import letterhead, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.moments import day_typed
from cti_server.keys import USER
from cti_server.memos.page import memo_id, offered_papers
from cti_server.memos.sources import MEMOS
from cti_server.memos.words import ADDRESSEES, KINDS
from hotline.access.permissions import Permission


@allowed(Permission.WRITE_MEMOS)
async def pdf(request: web.Request) -> web.Response:
    sources = request.app[MEMOS]
    memo = await sources.memos.get(memo_id(request))
    await audit(request, Action.EXPORT, f"memo:{memo.id}")
    papers = await offered_papers(request, memo)
    data = {
        **letterhead(request[USER], sources.clock.now(), sources.timezone),
        "title": said(KINDS[memo.kind]),
        "number": f"№ {memo.number} від {day_typed(memo.sent_on)}" if memo.sent_on else "Чернетка",
        "addressee": said(ADDRESSEES[memo.addressee]),
        "subject": memo.subject,
        "text": memo.text,
        "papers": [f"Звіт № {one} ({papers[one]})" for one in memo.papers],
    }
    return as_pdf(await request.app[PRESS].print("memo", data), f"memo-{memo.id}")
