"""The minutes: written by the secretary, signed by them and by the head, corrected by another version."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import read_reason
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.meetings.editing import all_users
from cti_server.meetings.minuted import lacking, read_minutes
from cti_server.meetings.page import seen_by
from cti_server.meetings.sources import MEETINGS
from cti_server.meetings.words import CONTEXT, PATH
from cti_server.tasks.people import people_of
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.meetings.decisions import tasks_of
from hotline.meetings.meeting_states import MeetingState, MinutesState
from hotline.meetings.meetings import Meeting
from hotline.meetings.minutes import (
    LONGEST_DECISION,
    LONGEST_SAID,
    Decision,
    Minutes,
    MinutesContent,
    begun,
)

OTHERS = N_(
    "%(name)s has saved the minutes meanwhile. Below stands what you typed, and behind it what they saved: "
    "put both together, then save."
)
READ_AGAIN = N_("They have been changed since you opened them: read them again, then sign.")
NO_REASON = N_("Say in a few words why.")


@allowed()
async def page(request: web.Request) -> web.Response:
    """Show the latest version, or `?version=`; a draft is shown to those who write it alone."""
    meeting = await seen_by(request, request[USER])
    if not await _versions(request, meeting):
        if not _writes(request, meeting):
            raise NotFound(f"Meeting {meeting.id} has no minutes yet.")
        return await _show(request, meeting, None)
    meeting, one = await asked_version(request)
    await audit(request, Action.VIEW, f"meeting:{meeting.id}", "minutes")
    return await _show(request, meeting, one)


async def asked_version(request: web.Request) -> tuple[Meeting, Minutes]:
    """Find the version asked for by `?version=`, or the latest that the user may read; raises NotFound."""
    meeting = await seen_by(request, request[USER])
    found = await _versions(request, meeting)
    asked = request.query.get("version") or str(found[0].version if found else 0)
    for one in found:
        if str(one.version) == asked:
            return meeting, one
    raise NotFound(f"Meeting {meeting.id} has no version {asked} of the minutes to be read.")


@allowed()
async def save(request: web.Request) -> web.Response:
    """Keep the draft; `do=present` signs it as the secretary as well."""
    meeting = await _to_write(request)
    sources, form, gettext = request.app[MEETINGS], await request.post(), words_of(request).gettext
    every = await sources.minutes.versions(meeting.id)
    known = {one.key: one for version in every for one in version.content.decisions}
    read = read_minutes(form, await _parties(request), known, gettext)
    faults = [*read.faults, *(lacking(read.content, gettext) if form.get("do") == "present" else ())]
    seen = str(form.get("edition", ""))
    edition = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0  # noqa: PLR2004
    if read.faults:
        return await _show(request, meeting, _latest(every), typed=read.content, seen=edition, faults=faults)
    now, by = sources.now(), request[USER].id
    try:
        one = await sources.minutes.save(meeting.id, read.content, seen=edition, by=by, at=now)
        await audit(request, Action.CHANGE, f"meeting:{meeting.id}", "minutes saved")
        if faults:
            return await _show(request, meeting, one, faults=faults)
        if form.get("do") == "present":
            await sources.minutes.present(one.id, one.edition, by, now)
            await audit(request, Action.CHANGE, f"meeting:{meeting.id}", "minutes presented")
            return noted_at(f"{PATH}/{meeting.id}/minutes", Noted.MINUTES_PRESENTED)
    except Outdated:
        latest = (await sources.minutes.versions(meeting.id))[0]
        name = (await all_users(request))[latest.saved_by].name
        return await _show(
            request, meeting, latest, typed=read.content, theirs=True, error=gettext(OTHERS) % {"name": name}
        )
    return noted_at(f"{PATH}/{meeting.id}/minutes", Noted.MINUTES_SAVED)


@allowed(Permission.HOLD_MEETINGS)
async def give_back(request: web.Request) -> web.Response:
    meeting, one = await _latest_of(request)
    why = read_reason(await request.post())
    if not why:
        return await _show(request, meeting, one, error=words_of(request).gettext(NO_REASON))
    await request.app[MEETINGS].minutes.give_back(one.id, why)
    await audit(request, Action.CHANGE, f"meeting:{meeting.id}", "minutes given back")
    return noted_at(f"{PATH}/{meeting.id}/minutes", Noted.MINUTES_RETURNED)


@allowed(Permission.HOLD_MEETINGS)
async def sign(request: web.Request) -> web.Response:
    """Sign as the head what was read: nothing of it changes any more, and each decision is a task."""
    meeting, one = await _latest_of(request)
    sources, form = request.app[MEETINGS], await request.post()
    seen = (whole(str(form.get("version", ""))), whole(str(form.get("edition", ""))))
    if one.state is MinutesState.PRESENTED and seen != (one.version, one.edition):
        return await _show(request, meeting, one, error=words_of(request).gettext(READ_AGAIN))
    born = tasks_of(meeting, one.content, request[USER].id, sources.timezone)
    await sources.minutes.sign(one.id, one.edition, request[USER].id, sources.now(), born)
    await audit(request, Action.CHANGE, f"meeting:{meeting.id}", "minutes signed")
    return noted_at(f"{PATH}/{meeting.id}/minutes", Noted.MINUTES_SIGNED)


@allowed()
async def correct(request: web.Request) -> web.Response:
    """Open another version beside the signed one."""
    meeting, sources = await _to_write(request), request.app[MEETINGS]
    why = read_reason(await request.post())
    if not why:
        _, one = await _latest_of(request)
        return await _show(request, meeting, one, error=words_of(request).gettext(NO_REASON))
    await sources.minutes.correct(meeting.id, why, request[USER].id, sources.now())
    await audit(request, Action.ADD, f"meeting:{meeting.id}", "minutes corrected")
    return noted_at(f"{PATH}/{meeting.id}/minutes", Noted.MINUTES_OPENED)


async def _latest_of(request: web.Request) -> tuple[Meeting, Minutes]:
    meeting = await seen_by(request, request[USER])
    found = await request.app[MEETINGS].minutes.versions(meeting.id)
    if not found:
        raise NotFound(f"Meeting {meeting.id} has no minutes yet.")
    return meeting, found[0]


def _latest(found: Sequence[Minutes]) -> Minutes | None:
    return found[0] if found else None


async def _versions(request: web.Request, meeting: Meeting) -> Sequence[Minutes]:
    """List the versions that the user may read: those who do not write them read signed ones."""
    found = await request.app[MEETINGS].minutes.versions(meeting.id)
    if _writes(request, meeting):
        return found
    return [one for one in found if one.state is MinutesState.SIGNED]


def _writes(request: web.Request, meeting: Meeting) -> bool:
    user: User = request[USER]
    return user.may(Permission.HOLD_MEETINGS) or meeting.secretary == user.id


async def _to_write(request: web.Request) -> Meeting:
    meeting = await seen_by(request, request[USER])
    if not _writes(request, meeting):
        raise ForbiddenTransition(f"Another writes the minutes of meeting {meeting.id}.")
    return meeting


async def _parties(request: web.Request) -> Mapping[str, str]:
    """Give all who can be charged with a decision, such as `user:7`, with their names."""
    return {one.value: one.name for one in (await people_of(request)).parties()}


async def _show(
    request: web.Request,
    meeting: Meeting,
    one: Minutes | None,
    *,
    typed: MinutesContent | None = None,
    seen: int | None = None,
    theirs: bool = False,
    faults: Sequence[str] = (),
    error: str = "",
) -> web.Response:
    writes, sources = _writes(request, meeting), request.app[MEETINGS]
    draft = one is None or one.state is MinutesState.DRAFT
    edition = (one.edition if one else 0) if seen is None else seen
    found = await _versions(request, meeting)
    content = typed or (one.content if one else begun(meeting))
    status = HTTPStatus.CONFLICT if theirs else HTTPStatus.OK
    return render(
        request,
        "meetings/minutes.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults or (error and not theirs) else status,
        **CONTEXT,
        meeting=meeting,
        one=one,
        content=content,
        edition=edition,
        form=draft and writes and meeting.state in {MeetingState.CALLED, MeetingState.HELD},
        writes=writes,
        signs=request[USER].may(Permission.HOLD_MEETINGS)
        and (one is None or one.presented_by != request[USER].id),
        theirs=theirs,
        faults=faults,
        error=error,
        versions=found,
        latest=one is None or one.id == found[0].id,
        began=meeting.begins_at <= sources.now(),
        users=await all_users(request),
        parties=await _parties(request),
        empty=Decision(key=0, text=""),
        longest={"said": LONGEST_SAID, "decision": LONGEST_DECISION},
    )
