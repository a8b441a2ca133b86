"""Meetings in a person's calendar (RFC 5545): those in which they take part; one called off says so."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.frame.icalendar import escaped, utc
from cti_server.frame.language import words
from cti_server.hosts import own_origin
from cti_server.meetings.sources import MEETINGS
from hotline.access.users import User
from hotline.meetings.meeting_states import AnswerState, MeetingState
from hotline.meetings.meetings import Meeting

MOST = 200
BACK = timedelta(weeks=4)
_LANGUAGE = "uk"


async def meetings_of(request: web.Request, user: User, now: datetime) -> Sequence[Meeting]:
    """Read the user's meetings that were called, but for those to which they do not come."""
    if MEETINGS not in request.app:
        return ()
    found = await request.app[MEETINGS].meetings.list(user.id, limit=MOST)
    return [one for one in found if one.ends_at > now - BACK and _stands(one, user)]


def _stands(meeting: Meeting, user: User) -> bool:
    if meeting.state is MeetingState.DRAFT:
        return False
    own = meeting.invitee_of(user.id)
    return own is None or own.answer not in {AnswerState.DECLINES, AnswerState.SENDS}


def meeting_event(request: web.Request, meeting: Meeting, now: datetime) -> Iterator[str]:
    """Write the lines of one meeting."""
    origin = own_origin(request)
    host = origin.partition("://")[2].partition(":")[0]
    off = meeting.state is MeetingState.CALLED_OFF
    yield "BEGIN:VEVENT"
    yield f"UID:meeting-{meeting.id}@{host}"
    yield f"DTSTAMP:{utc(now)}"
    yield f"SEQUENCE:{meeting.edition}"
    yield f"DTSTART:{utc(meeting.begins_at)}"
    yield f"DTEND:{utc(meeting.ends_at)}"
    yield f"SUMMARY:{escaped(words(_LANGUAGE).gettext('Meeting') + ': ' + meeting.topic)}"
    yield f"LOCATION:{escaped(meeting.place)}"
    yield f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}"
    yield f"URL:{origin}/meetings/{meeting.id}"
    yield "END:VEVENT"
