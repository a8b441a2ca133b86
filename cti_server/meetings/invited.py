"""The page of an invitee's link: the meeting as it stands, and their answer. Opening it does nothing."""

from datetime import timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import public
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.frame.recipient_pages import recipient_number
from cti_server.meetings.answering import take
from cti_server.meetings.sources import MEETINGS
from cti_server.meetings.words import CONTEXT
from hotline.errors import NotFound
from hotline.meetings.meeting_states import AnswerState
from hotline.meetings.meetings import LONGEST_WORDS, Invitee, Meeting
from hotline.meetings.telling import INVITEE

LASTS = timedelta(days=30)
"""After the end of the meeting its links open nothing any more."""


@public
async def page(request: web.Request) -> web.Response:
    meeting, invitee = await _asked(request)
    return _show(request, meeting, invitee)


@public
async def answer(request: web.Request) -> web.Response:
    """Take the answer; given again, the last one counts."""
    meeting, invitee = await _asked(request)
    if fault := await take(request, invitee):
        meeting, invitee = await _asked(request)
        return _show(request, meeting, invitee, fault=fault)
    await audit(request, Action.CHANGE, f"meeting:{meeting.id}", f"answered-as invitee:{invitee.id}")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.path})


async def _asked(request: web.Request) -> tuple[Meeting, Invitee]:
    """Find whose link it is.

    Raises NotFound for one that we did not sign, of a closed account, or of a meeting that is long over.
    """
    sources = request.app[MEETINGS]
    number = recipient_number(request, sources, INVITEE)
    meeting = await sources.meetings.of_invitee(number)
    invitee = next(one for one in meeting.invitees if one.id == number)
    if invitee.gone or sources.now() > meeting.ends_at + LASTS:
        raise NotFound("This link opens nothing any more.")
    return meeting, invitee


def _show(request: web.Request, meeting: Meeting, invitee: Invitee, fault: str = "") -> web.Response:
    sources = request.app[MEETINGS]
    shown = render(
        request,
        "meetings/invited.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        **CONTEXT,
        meeting=meeting,
        invitee=invitee,
        struck=invitee.answer is AnswerState.STRUCK,
        answers=meeting.open_for_answers(sources.now()),
        fault=words_of(request).gettext(fault) % {"most": LONGEST_WORDS} if fault else "",
        longest=LONGEST_WORDS,
        number=sources.number,
    )
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown
