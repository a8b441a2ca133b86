"""Meetings on the list of what waits: to be answered, to be minuted, to be signed."""

from collections.abc import Sequence

from aiohttp import web
from attrs import frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import MEETINGS_PART, TodoQuery
from cti_server.frame.language import N_
from cti_server.keys import USER
from cti_server.meetings.listing import text_of
from cti_server.meetings.sources import MEETINGS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.search_terms import saying
from hotline.meetings.meeting_states import AnswerState, MinutesState
from hotline.meetings.meetings import Meeting
from hotline.meetings.minutes import Minutes

ANSWER, WRITE, MEND, SIGN = (
    N_("Say whether you come"),
    N_("Write the minutes"),
    N_("Mend the minutes"),
    N_("Sign the minutes"),
)


@frozen(kw_only=True)
class MeetingWork:
    """One meeting, and what this user does with it next; `text` is to be translated."""

    meeting: Meeting
    text: str
    address: str


async def meeting_work(request: web.Request, query: TodoQuery) -> Sequence[MeetingWork]:
    """Read what waits for this user."""
    if not query.shows(MEETINGS_PART):
        return ()
    found = await _waiting(request)
    lemmas = request.app[CONTROL].lemmas
    return await saying(found, lambda one: text_of(one.meeting), query.typed, lemmas)


async def count_meetings(request: web.Request, _part: str, _most: int) -> int:
    """Count them; they are few."""
    return len(await _waiting(request))


async def _waiting(request: web.Request) -> Sequence[MeetingWork]:
    user: User = request[USER]
    if MEETINGS not in request.app or not user.may(Permission.SEE_MEETINGS):
        return ()
    sources = request.app[MEETINGS]
    now = sources.now()
    minuted = {one.meeting_id: one for one in await sources.minutes.open()}
    unfinished = await sources.meetings.unfinished()
    others = [await sources.meetings.get(key) for key in minuted if key not in {one.id for one in unfinished}]
    found = []
    for meeting in (*unfinished, *others):
        address = f"/meetings/{meeting.id}"
        own = meeting.invitee_of(user.id)
        if own is not None and own.answer is AnswerState.ASKED and meeting.open_for_answers(now):
            found.append(MeetingWork(meeting=meeting, text=ANSWER, address=address))
        if meeting.begins_at <= now and (text := _of_minutes(user, meeting, minuted.get(meeting.id))):
            found.append(MeetingWork(meeting=meeting, text=text, address=f"{address}/minutes"))
    return found


def _of_minutes(user: User, meeting: Meeting, minutes: Minutes | None) -> str:
    """Tell what the user does with the minutes of a meeting that has begun; empty for nothing."""
    if minutes is not None and minutes.state is MinutesState.PRESENTED:
        return SIGN if user.may(Permission.HOLD_MEETINGS) and minutes.presented_by != user.id else ""
    if meeting.secretary != user.id:
        return ""
    return MEND if minutes is not None and minutes.returned else WRITE
