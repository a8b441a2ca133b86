"""Minutes as a paper, in the State language."""

from aiohttp import web

from cti_server.appeals.papers.office import letterhead, moment
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.keys import USER
from cti_server.meetings.editing import all_users
from cti_server.meetings.minuting import asked_version
from cti_server.meetings.sources import MEETINGS
from hotline.meetings.meeting_states import AnswerState


@allowed()
async def pdf(request: web.Request) -> web.Response:
    """Print the version asked for; one that is not signed by both says so."""
    meeting, one = await asked_version(request)
    sources = request.app[MEETINGS]
    users, zone, now = await all_users(request), sources.timezone, sources.now()
    await audit(request, Action.EXPORT, f"meeting:{meeting.id}", "minutes")
    present = [each.name for each in meeting.invitees if each.id in one.content.present]
    absent = [
        each.name
        for each in meeting.invitees
        if each.answer is not AnswerState.STRUCK and each.id not in one.content.present
    ]
    data = {
        **letterhead(request[USER], now, zone),
        "title": "Протокол наради",
        "number": str(meeting.id),
        "version": f"Версія {one.version}: {one.reason}" if one.version > 1 else "",
        "topic": meeting.topic,
        "when": moment(meeting.begins_at, zone),
        "place": meeting.place,
        "host": meeting.host,
        "present": ", ".join([*present, *([one.content.others] if one.content.others else [])]),
        "absent": ", ".join(absent),
        "points": [
            {
                "text": point.text,
                "speaker": point.speaker,
                "said": point.said,
                "decisions": [
                    [each.text, each.who, f"{each.due_on:%d.%m.%Y}" if each.due_on else ""]
                    for each in point.decisions
                ],
            }
            for point in one.content.points
        ],
        "secretary": _signed("Секретар", users[one.presented_by].name, moment(one.presented_at, zone))
        if one.presented_by
        else "",
        "signed": _signed("Начальник", users[one.signed_by].name, moment(one.signed_at, zone))
        if one.signed_by
        else "",
        "digest": one.digest,
    }
    made = await request.app[PRESS].print("minutes", data)
    return as_pdf(made, f"minutes-{meeting.id}-v{one.version}")


def _signed(part: str, name: str, at: str) -> str:
    return f"{part}: {name}, підписано в системі {at}"
