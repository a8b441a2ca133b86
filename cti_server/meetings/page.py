"""One meeting: who comes, what is done with it next, and one's own answer."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_reason
from cti_server.frame.homes import is_there
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.meetings.answering import take
from cti_server.meetings.editing import all_users, meeting_id
from cti_server.meetings.sources import MEETINGS
from cti_server.meetings.words import CONTEXT, PATH
from cti_server.tasks.words import MARKS_OF
from cti_server.tasks.words import STATES as TASK_STATES
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.errors import NotFound
from hotline.meetings.decisions import record_of
from hotline.meetings.meeting_states import MeetingState
from hotline.meetings.meetings import LONGEST_WORDS, Meeting
from hotline.tasks.rights import may_see
from hotline.tasks.task import TaskFilter

MOST_TASKS = 100
NOBODY = N_("Nobody is invited yet.")
PASSED = N_("Its time has passed: change it first.")
NO_REASON = N_("Say why it is called off: those who were invited read it.")


async def seen_by(request: web.Request, user: User) -> Meeting:
    """Find the meeting asked for; raises NotFound for one that does not concern the user."""
    meeting = await request.app[MEETINGS].meetings.get(meeting_id(request))
    if not user.may(Permission.HOLD_MEETINGS) and not meeting.concerns(user.id):
        raise NotFound(f"Meeting {meeting.id} does not concern user {user.id}.")
    return meeting


@allowed()
async def page(request: web.Request) -> web.Response:
    meeting = await seen_by(request, request[USER])
    await audit(request, Action.VIEW, f"meeting:{meeting.id}")
    return await _show(request, meeting)


@allowed(Permission.HOLD_MEETINGS)
async def call(request: web.Request) -> web.Response:
    """Invite them all."""
    sources, meeting = request.app[MEETINGS], await seen_by(request, request[USER])
    if not meeting.invited:
        return await _show(request, meeting, fault=NOBODY)
    if meeting.begins_at <= sources.now() and not meeting.host:
        return await _show(request, meeting, fault=PASSED)
    await sources.meetings.call(meeting.id, sources.now())
    await audit(request, Action.CHANGE, f"meeting:{meeting.id}", "invitations sent")
    return noted_at(f"{PATH}/{meeting.id}", Noted.MEETING_CALLED)


@allowed(Permission.HOLD_MEETINGS)
async def call_off(request: web.Request) -> web.Response:
    sources, meeting = request.app[MEETINGS], await seen_by(request, request[USER])
    why = read_reason(await request.post())
    if not why:
        return await _show(request, meeting, fault=NO_REASON)
    await sources.meetings.call_off(meeting.id, sources.now(), why)
    await audit(request, Action.CHANGE, f"meeting:{meeting.id}", "meeting called off")
    return noted_at(f"{PATH}/{meeting.id}", Noted.MEETING_CALLED_OFF)


@allowed()
async def answer(request: web.Request) -> web.Response:
    """Take one's own answer."""
    meeting = await seen_by(request, request[USER])
    own = meeting.invitee_of(request[USER].id)
    if own is None:
        raise NotFound(f"User {request[USER].id} is not invited to meeting {meeting.id}.")
    if fault := await take(request, own):
        return await _show(request, await seen_by(request, request[USER]), fault=fault)
    await audit(request, Action.CHANGE, f"meeting:{meeting.id}", f"answered-as invitee:{own.id}")
    return noted_at(f"{PATH}/{meeting.id}", Noted.MEETING_ANSWERED)


async def _show(request: web.Request, meeting: Meeting, fault: str = "") -> web.Response:
    sources, user = request.app[MEETINGS], request[USER]
    holds = user.may(Permission.HOLD_MEETINGS)
    versions = await sources.minutes.versions(meeting.id)
    tasks = await sources.tasks.find(TaskFilter(record=record_of(meeting.id)), limit=MOST_TASKS)
    return render(
        request,
        "meetings/page.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        **CONTEXT,
        meeting=meeting,
        own=meeting.invitee_of(user.id) if meeting.state is not MeetingState.DRAFT else None,
        holds=holds,
        writes=holds or meeting.secretary == user.id,
        answers=meeting.open_for_answers(sources.now()),
        minutes=versions[0] if versions else None,
        users=await all_users(request),
        tasks=[one for one in tasks if may_see(user, one)],
        TASK_STATES=TASK_STATES,
        MARKS_OF=MARKS_OF,
        fault=words_of(request).gettext(fault) % {"most": LONGEST_WORDS} if fault else "",
        longest=LONGEST_WORDS,
        draws_in=is_there(request.app, "/specialists/new"),
    )
