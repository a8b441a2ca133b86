"""One past call: its journey in words, its sound, its notes. Opening it is written down."""

from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.sources import PAST_CALLS, message_in_path, recording_in_path
from cti_server.calls.spoken import side_of, sought, spoken_in, unmasks
from cti_server.calls.words import CONTEXT, NOT_SHOWN, particulars
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.calls.call import CallRecord
from hotline.calls.history import CallNote
from hotline.errors import NotFound
from hotline.speech.hearing import Use
from hotline.speech.transcripts import LONGEST_CORRECTION, Side

LONGEST_NOTE = 4000
OTHER_CALLS = 5
"""Earlier and later calls of the number that the page shows; the list has them all."""
_EMPTY = N_("Write the note first.")
_TOO_LONG = N_("A note has at most 4000 characters.")
_NO_TEXT = N_("Write what was said first.")
_TEXT_TOO_LONG = N_("The text has at most 100,000 characters.")


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text of one side that was not taken, as it was typed."""

    side: Side
    text: str
    error: str


@allowed(Permission.SEE_CALLS)
async def page(request: web.Request) -> web.Response:
    call = await _call(request)
    await audit(request, Action.VIEW, f"call:{call.id}", "unmasked" if unmasks(request) else "")
    return await _page(request, call)


@allowed(Permission.SEE_CALLS)
async def add_note(request: web.Request) -> web.Response:
    """Add a note; an empty or overlong one comes back as typed."""
    call, text = await _call(request), str((await request.post()).get("text", "")).strip()
    if not text or len(text) > LONGEST_NOTE:
        error = words_of(request).gettext(_TOO_LONG if text else _EMPTY)
        return await _page(request, call, status=422, error=error, typed=text)
    note = CallNote(
        call_id=call.id, user_id=request[USER].id, at=request.app[ACCOUNTS].clock.now(), text=text
    )
    await request.app[PAST_CALLS].history.add_note(note)
    await audit(request, Action.ADD, f"call:{call.id}", "note")
    return _back(call)


@allowed(Permission.SEE_CALLS, Permission.HEAR_RECORDINGS)
async def message_heard(request: web.Request) -> web.Response:
    """Mark a message as heard; the first mark stays."""
    call, history = await _call(request), request.app[PAST_CALLS].history
    message = await message_in_path(request)
    await history.message_heard(message.id, request.app[ACCOUNTS].clock.now())
    await audit(request, Action.CHANGE, f"message:{message.id}", "heard")
    return _back(call)


@allowed(Permission.SEE_CALLS, Permission.HEAR_RECORDINGS)
async def correct_transcript(request: web.Request) -> web.Response:
    """Put a person's text in the place of what the machine heard; an empty or overlong one comes back."""
    call = await _call(request)
    which = side_of(request)
    is_message = which.of is Use.MESSAGES
    await (message_in_path if is_message else recording_in_path)(request)
    text = str((await request.post()).get("text", "")).strip()
    if not text or len(text) > LONGEST_CORRECTION:
        error = words_of(request).gettext(_TEXT_TOO_LONG if text else _NO_TEXT)
        return await _page(request, call, status=422, typed_text=TypedText(which, text, error))
    now = request.app[ACCOUNTS].clock.now()
    await request.app[PAST_CALLS].transcripts.correct(which, text, request[USER].id, now)
    subject = f"{'message' if is_message else 'recording'}:{which.sound}"
    await audit(request, Action.CHANGE, subject, f"transcript {which.speaker}")
    return _back(call)


async def _call(request: web.Request) -> CallRecord:
    call_id = request.match_info["call"]
    found = await request.app[PAST_CALLS].log.find(call_id)
    if found is None:
        raise NotFound(f"Call {call_id} is not on record.")
    return found


async def _page(
    request: web.Request,
    call: CallRecord,
    *,
    status: int = 200,
    error: str = "",
    typed: str = "",
    typed_text: TypedText | None = None,
) -> web.Response:
    past, gettext = request.app[PAST_CALLS], words_of(request).gettext
    earlier, later = await past.history.around(call, OTHER_CALLS)
    steps = sorted(await past.log.journey(call.id), key=lambda step: (step.at, step.number))
    dispatchers = {one.id: one for one in await past.dispatchers.all()}
    messages = await past.history.messages(call.id)
    recordings = await past.log.recordings(call.id)
    unmasked = unmasks(request)
    return render(
        request,
        "calls/call.html.jinja2",
        status=status,
        **CONTEXT,
        call=call,
        steps=[
            (step, particulars(step, dispatchers, gettext)) for step in steps if step.step not in NOT_SHOWN
        ],
        dispatchers=dispatchers,
        recordings=recordings,
        figures=await past.figures.of([one.id for one in recordings]),
        messages=messages,
        spoken=await spoken_in(request, recordings, messages, unmasked=unmasked),
        threat=await past.threats.of(call.id),
        unmasked=unmasked,
        sought=sought(request),
        longest_text=LONGEST_CORRECTION,
        typed_text=typed_text,
        notes=await past.history.notes(call.id),
        consultations=await past.history.consultations(call.id),
        appeals=await past.registry.of_call(call.id) if request[USER].may(Permission.SEE_APPEALS) else (),
        used=await past.uses.of_call(call.id),
        others=[*later, *earlier],
        tries=await past.callbacks.tries(call.number, OTHER_CALLS) if call.number else (),
        names={one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
        longest=LONGEST_NOTE,
        error=error,
        typed=typed,
    )


def _back(call: CallRecord) -> web.Response:
    return web.Response(status=303, headers={"Location": str(URL("/calls") / call.id)})
