"""The list of meetings, in which one searches, and the same as a file."""

from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.leafing import Read, leaf_of, sifted
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.keys import ACCOUNTS, USER
from cti_server.meetings.sources import MEETINGS
from cti_server.meetings.words import CONTEXT, STATES
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.meetings.meeting_states import AnswerState
from hotline.meetings.meetings import Meeting

PAGE_ROWS = 50
_AT_ONCE = 200
_LONGEST = 200
_TABLE = Table(
    name="meetings",
    title=N_("Meetings"),
    headings=(
        N_("Number"),
        N_("When"),
        N_("Topic"),
        N_("Where"),
        N_("Who holds it"),
        N_("State"),
        N_("Invited"),
        N_("Come"),
    ),
)


@allowed(Permission.SEE_MEETINGS)
async def page(request: web.Request) -> web.Response:
    """`?q=` searches topic, agenda, place and people; the head sees all, others their own."""
    typed = _typed(request)
    await audit(request, Action.SEARCH if typed else Action.VIEW, "meetings", typed)
    return render(
        request,
        "meetings/list.html.jinja2",
        **CONTEXT,
        q=typed,
        leaf=await leaf_of(request, _found(request), PAGE_ROWS),
        users={one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
        comes=AnswerState.COMES,
    )


@allowed(Permission.SEE_MEETINGS)
async def export(request: web.Request) -> web.StreamResponse:
    return await send_table(request, _TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    read, gettext, skipped = _found(request), words_of(request).gettext, 0
    users = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    while some := await read(_AT_ONCE, skipped):
        for one in some:
            comes = sum(each.answer is AnswerState.COMES for each in one.invited)
            yield [
                one.id,
                one.begins_at,
                one.topic,
                one.place,
                one.host or users[one.caller],
                gettext(STATES[one.state]),
                len(one.invited),
                comes,
            ]
        skipped += len(some)


def _typed(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:_LONGEST]


def _found(request: web.Request) -> Read[Meeting]:
    """Read the meetings that the user sees and that say what is typed."""
    sources, user, typed = request.app[MEETINGS], request[USER], _typed(request)
    whose = None if user.may(Permission.HOLD_MEETINGS) else user.id

    async def read(most: int, skipped: int) -> Sequence[Meeting]:
        return await sources.meetings.list(whose, limit=most, skipped=skipped)

    async def sift(some: Sequence[Meeting]) -> Sequence[Meeting]:
        return await saying(some, text_of, typed, sources.lemmas)

    return sifted(read, sift) if typed else read


def text_of(meeting: Meeting) -> str:
    """Write what the search looks through of a meeting."""
    points = (f"{one.text} {one.speaker}" for one in meeting.agenda)
    names = (one.name for one in meeting.invited)
    return " ".join([f"{meeting.id}", meeting.topic, meeting.place, meeting.host, *points, *names])
