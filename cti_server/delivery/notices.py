"""The part of an appeal's card that lists its notices, and lets a person decide on a failed one.

A page takes it in by `{% include "delivery/part.html.jinja2" %}`, with `told` (see `told_of`) in its context;
or has it loaded by `hx-get="/appeals/NUMBER/notices"`. It is an element with the id `notices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.delivery.sources import NOTICES
from cti_server.delivery.subjects import subject_of
from cti_server.delivery.words import CHANNELS, recipient, state
from cti_server.frame.language import language_of
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.delivery.notice_states import UNDECIDED, NoticeEvent
from hotline.delivery.outbox import Notice
from hotline.errors import NotFound
from hotline.voice.speech import Language

_DECISIONS = {"again": NoticeEvent.SEND_AGAIN, "sent": NoticeEvent.DECIDE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNotice:
    """One notice as it is shown; `recipient`, `channel` and `state` are to be translated."""

    notice: Notice
    line: str
    recipient: str
    channel: str
    state: str
    undecided: bool


async def told_of(request: web.Request, number: str) -> Sequence[ShownNotice]:
    """Word all notices of an appeal, the latest first."""
    return told(request, await request.app[NOTICES].outbox.of_appeal(number))


def line(request: web.Request, notice: Notice) -> str:
    """Word one in the reader's language."""
    return request.app[NOTICES].wording.line(notice, Language(language_of(request)))


def told(request: web.Request, notices: Sequence[Notice]) -> Sequence[ShownNotice]:
    """Word them for a list, such as that of what a person has to decide (`Outbox.undecided`)."""
    return [
        ShownNotice(
            notice=one,
            line=line(request, one),
            recipient=recipient(one),
            channel=CHANNELS[one.channel],
            state=state(one),
            undecided=one.state in UNDECIDED,
        )
        for one in notices
    ]


@allowed(Permission.SEE_APPEALS)
async def part(request: web.Request) -> web.Response:
    number = request.match_info["number"]
    await audit(request, Action.VIEW, f"appeal:{number}", "notices")
    return await _part(request, number)


@allowed(Permission.HANDLE_APPEALS)
async def decide(request: web.Request) -> web.Response:
    """Take a person's decision on what failed or is unsure: `do=again` or `do=sent`.

    Raises NotFound, or ForbiddenTransition when somebody was faster.
    """
    sources = request.app[NOTICES]
    notice = await sources.outbox.find(int(request.match_info["id"]))
    if notice is None:
        raise NotFound(f"There is no notice {request.match_info['id']}.")
    decision = _DECISIONS.get(str((await request.post()).get("do", "")))
    if decision is None:
        raise web.HTTPBadRequest
    await sources.outbox.decide(notice.id, decision, sources.clock.now())
    detail = f"notice-{decision} {notice.to} {notice.channel}"
    await audit(request, Action.CHANGE, subject_of(notice), detail)
    if request.headers.get("HX-Request") and notice.number:
        return await _part(request, notice.number)
    shown_at = f"/appeals/{notice.number}#notices" if notice.number else "/todo#wait-notices"
    return web.Response(status=303, headers={"Location": shown_at})


async def _part(request: web.Request, number: str) -> web.Response:
    return render(request, "delivery/part.html.jinja2", told=await told_of(request, number))
