"""An invitee's answer, from the page of a user or from the page of a link."""

from collections.abc import Mapping

from aiohttp import web

from cti_server.frame.filters import whole
from cti_server.frame.language import N_
from cti_server.meetings.sources import MEETINGS
from hotline.errors import ForbiddenTransition
from hotline.foreign_text import tidied
from hotline.meetings.meeting_states import AnswerEvent
from hotline.meetings.meetings import LONGEST_WORDS, Invitee, MovedMeanwhile

WHO_INSTEAD = N_("Write who comes instead of you.")
TOO_LONG = N_("This is too long: write %(most)s characters at most.")
MOVED = N_("The meeting was moved meanwhile: look at its time and place, then answer again.")
OVER = N_("Your answer was not taken: the meeting has begun, was called off, or you are invited no longer.")
_ACTS: Mapping[str, AnswerEvent] = {
    "come": AnswerEvent.COME,
    "decline": AnswerEvent.DECLINE,
    "send": AnswerEvent.SEND,
}


async def take(request: web.Request, invitee: Invitee) -> str:
    """Take the answer of the form; tells, to be translated, why it was not taken."""
    form, sources = await request.post(), request.app[MEETINGS]
    event, said = _ACTS.get(str(form.get("do", ""))), tidied(str(form.get("said", "")))
    seen = whole(str(form.get("round", "")))
    if event is None or seen is None:
        raise web.HTTPBadRequest
    if event is AnswerEvent.SEND and not said:
        return WHO_INSTEAD
    if len(said) > LONGEST_WORDS:
        return TOO_LONG
    try:
        await sources.meetings.answer(invitee.id, event, sources.now(), round_seen=seen, said=said)
    except MovedMeanwhile:
        return MOVED
    except ForbiddenTransition:
        return OVER
    return ""
