"""A meeting is drafted and changed: its topic, time, place, agenda and invitees in one form."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.session import standing_users
from cti_server.frame.forms import new_key, read_form
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.meetings.sources import MEETINGS
from cti_server.meetings.typed import MORE_ROWS, Reading, TypedMeeting, as_typed, contacts_of
from cti_server.meetings.words import CONTEXT, PATH
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.errors import Outdated
from hotline.meetings.meetings import LONGEST_LINE, LONGEST_TOPIC, Meeting

OTHERS = N_(
    "Somebody else has changed this meeting meanwhile. Below stands what you typed: "
    "saving it now replaces theirs."
)
_HOLDS = allowed(Permission.HOLD_MEETINGS)


@_HOLDS
async def new(request: web.Request) -> web.Response:
    return await _show(request, None, TypedMeeting(secretary=request[USER].id, key=new_key()))


@_HOLDS
async def edit(request: web.Request) -> web.Response:
    meeting = await request.app[MEETINGS].meetings.get(meeting_id(request))
    return await _show(request, meeting, as_typed(meeting, request.app[MEETINGS].timezone))


@_HOLDS
async def add(request: web.Request) -> web.Response:
    typed, sources = read_form(TypedMeeting, await request.post()), request.app[MEETINGS]
    read, faults = (await _reading(request, None)).meeting(typed)
    if read is None:
        return await _show(request, None, typed, faults=faults)
    made = await sources.meetings.draft(read, request[USER].id, sources.now())
    await audit(request, Action.ADD, f"meeting:{made.id}")
    return noted_at(f"{PATH}/{made.id}", Noted.MEETING_SAVED)


@_HOLDS
async def change(request: web.Request) -> web.Response:
    """Write it anew; invitees of one that is called are told of what concerns them."""
    typed, sources = read_form(TypedMeeting, await request.post()), request.app[MEETINGS]
    before = await sources.meetings.get(meeting_id(request))
    read, faults = (await _reading(request, before)).meeting(typed)
    if read is None:
        return await _show(request, before, typed, faults=faults)
    try:
        await sources.meetings.change(before.id, read, typed.edition, sources.now())
    except Outdated:
        return await _show(request, before, typed, error=words_of(request).gettext(OTHERS))
    await audit(request, Action.CHANGE, f"meeting:{before.id}", "moved" if before.moved_from(read) else "")
    return noted_at(f"{PATH}/{before.id}", Noted.MEETING_SAVED)


def meeting_id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def all_users(request: web.Request) -> Mapping[int, User]:
    """Give all accounts, with the rights of this moment."""
    return await standing_users(request.app, [one.id for one in await request.app[ACCOUNTS].users.all()])


async def _reading(request: web.Request, stood: Meeting | None) -> Reading:
    users, sources = await all_users(request), request.app[MEETINGS]
    invited = {one.user_id for one in stood.invited} if stood else set()
    return Reading(
        users={key: one for key, one in users.items() if one.active or key in invited},
        secretaries=frozenset(one.id for one in _secretaries(users)),
        contacts=contacts_of(await sources.executors.all()),
        zone=sources.timezone,
        now=sources.now(),
        gettext=words_of(request).gettext,
        stood=stood,
    )


def _secretaries(users: Mapping[int, User]) -> Sequence[User]:
    return [one for one in users.values() if one.active and one.may(Permission.SEE_MEETINGS)]


async def _show(
    request: web.Request,
    meeting: Meeting | None,
    typed: TypedMeeting,
    *,
    faults: Mapping[str, str] | None = None,
    error: str = "",
) -> web.Response:
    reading = await _reading(request, meeting)
    users = sorted(reading.users.values(), key=lambda one: one.name)
    status = HTTPStatus.CONFLICT if error else HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return render(
        request,
        "meetings/edit.html.jinja2",
        status=status,
        **CONTEXT,
        meeting=meeting,
        edition=meeting.edition if meeting else 0,
        typed=typed,
        faults=defaultdict(str, faults or {}),
        error=error,
        people=users,
        secretaries=[one for one in users if one.id in reading.secretaries or one.id == typed.secretary],
        contacts=sorted(reading.contacts),
        more=range(MORE_ROWS),
        longest={"topic": LONGEST_TOPIC, "line": LONGEST_LINE},
    )
