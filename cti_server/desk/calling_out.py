"""Calls that a dispatcher places from a page: asked for here and nowhere else, each in the audit log.

Answers are JSON for the softphone's panel, with the words it shows in the reader's language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.desk.calling_words import (
    BEING_CALLED,
    CALLED_ALREADY,
    ENGAGED,
    EXCHANGE_AWAY,
    IN_TRIAL,
    OUTCOMES,
    PHASES,
    REFUSALS,
    THIRD,
    TOO_MANY,
    TRIAL,
)
from cti_server.desk.softphone import dispatcher_of
from cti_server.frame.language import N_, words_of
from cti_server.frame.numbers import phone
from cti_server.frame.pages import PAGES
from cti_server.frame.words import without_number
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.calls.call import is_trial
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.clock import Clock
from hotline.dialling.calling_out import (
    BeingCalled,
    CallingRules,
    CallOut,
    DeskTalk,
    InTrial,
    NotDialled,
    Pace,
    Phase,
    Telephone,
    TooManyCalls,
)
from hotline.errors import ForbiddenTransition, NotFound, TelephonyError
from hotline.line.callbacks import Claim
from hotline.line.extensions import is_extension
from hotline.line.progressive import LEFT_OUT_FOR, ProgressiveDesks
from hotline.line.scheduled_callbacks import CallClaims

_CLICKED = re.compile(r"[0-9A-Za-z-]{1,64}")
_LONGEST_ID = 100
_IN_THE_NAME = N_("In the name of: %(city)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingOutSources:
    """Ports of calling out."""

    telephone: Telephone
    rules: CallingRules
    pace: Pace
    claims: CallClaims
    progressive: ProgressiveDesks
    clock: Clock


CALLING: web.AppKey[CallingOutSources] = web.AppKey("calling")


def add_calling_out(app: web.Application, calling: CallingOutSources) -> None:
    """Add `/desk/call-out` and `/desk/third`."""
    app[CALLING] = calling
    app.router.add_post("/desk/call-out", call_out)
    app.router.add_get("/desk/call-out", state)
    app.router.add_post("/desk/third", third)


@allowed(Permission.CALL_OUT)
async def call_out(request: web.Request) -> web.Response:
    """Call a `number`; `missed` names the missed call, `clicked` is the page's own word.

    `about` names the call on whose card it was dialled, if that was answered in another city's name.
    The number is claimed first, so that two do not call the same person: 409 names the user who calls it now.
    """
    dispatcher, calling, form = await dispatcher_of(request), request.app[CALLING], await request.post()
    clicked, missed = str(form.get("clicked", "")), str(form.get("missed", ""))[:_LONGEST_ID]
    try:
        number = calling.rules.dialable(str(form.get("number", "")))
        calling.pace.take(dispatcher.id, calling.clock.now())
    except (NotDialled, TooManyCalls) as error:
        return _refused(request, error)
    if missed and (standing := await _claimed_by_another(request, missed)):
        return await _called_already(request, standing)
    await audit(request, Action.CALL_OUT, f"number:{number}", f"for:{missed}" if missed else "")
    wanted = CallOut(
        dispatcher_id=dispatcher.id,
        user_id=request[USER].id,
        number=number,
        answers_missed=missed,
        for_call=str(form.get("about", ""))[:_LONGEST_ID],
        clicked=clicked if _CLICKED.fullmatch(clicked) else "",
    )
    if missed:  # the shown entry is being called, and this desk does not show it again soon
        await calling.progressive.put_aside(dispatcher.id, missed, calling.clock.now() + LEFT_OUT_FOR)
    try:
        talk = await calling.telephone.call_out(wanted)
    except (ForbiddenTransition, TelephonyError) as error:
        if missed and not await _calls_already(calling.telephone, wanted):
            await calling.claims.release(missed, wanted.user_id)
        if isinstance(error, TelephonyError):
            await calling.progressive.turn_off(dispatcher.id)
        return _refused(request, error)
    return web.json_response(_shown(request, talk), status=202)


async def _calls_already(telephone: Telephone, wanted: CallOut) -> bool:
    """Whether this very call is under way: after a double click the claim stays."""
    try:
        talk = await telephone.desk_talk(wanted.dispatcher_id)
    except TelephonyError:
        return False
    return talk is not None and talk.phase is not Phase.OVER and talk.number == wanted.number


async def _claimed_by_another(request: web.Request, missed: str) -> Claim | None:
    """Claim the call-back; returns another user's claim, if there is one."""
    calling, user_id = request.app[CALLING], request[USER].id
    try:
        standing = await calling.claims.claim(missed, user_id, calling.clock.now())
    except NotFound:
        return None  # the page named an entry that is unknown or settled: there is nothing to claim
    return standing if standing.user_id != user_id else None


async def _called_already(request: web.Request, standing: Claim) -> web.Response:
    user = await request.app[ACCOUNTS].users.get(standing.user_id)
    since = request.app[PAGES].local(standing.at, "%H:%M")
    text = words_of(request).gettext(CALLED_ALREADY) % {"name": user.name, "time": since}
    return web.json_response({"message": text}, status=409)


@allowed(Permission.CALL_OUT)
async def state(request: web.Request) -> web.Response:
    """Return this dispatcher's call beyond a plain talk."""
    dispatcher, telephone = await dispatcher_of(request), request.app[CALLING].telephone
    try:
        talk = await telephone.desk_talk(dispatcher.id)
        citizen = await telephone.talks_with(dispatcher.id)
    except TelephonyError as error:
        return _refused(request, error)
    with_whom = None if citizen is None else words_of(request).gettext(phone(citizen) or N_("Hidden number"))
    return web.json_response({**_shown(request, talk), "with": with_whom})


@allowed(Permission.CALL_OUT)
async def third(request: web.Request) -> web.Response:
    """A third in the talk; `act`: consult, pass (with a `number`), join, drop-third, drop-citizen, leave."""
    dispatcher, form = await dispatcher_of(request), await request.post()
    telephone, typed = request.app[CALLING].telephone, str(form.get("number", "")).strip()
    try:
        match str(form.get("act", "")):
            case "consult":
                await telephone.consult(dispatcher.id, await _third_number(request, dispatcher.id, typed))
            case "pass":
                await telephone.pass_to(dispatcher.id, await _third_number(request, dispatcher.id, typed))
            case "join":
                await telephone.join(dispatcher.id)
            case "drop-third":
                await telephone.drop_third(dispatcher.id)
            case "drop-citizen":
                await telephone.drop_citizen(dispatcher.id)
            case "leave":
                await telephone.leave(dispatcher.id)
            case _:
                raise web.HTTPBadRequest
    except (NotDialled, TooManyCalls, ForbiddenTransition, TelephonyError) as error:
        return _refused(request, error)
    return web.json_response(_shown(request, await telephone.desk_talk(dispatcher.id)))


async def _third_number(request: web.Request, dispatcher_id: int, typed: str) -> str:
    """Three digits are a colleague's here, but for emergency services; everything else is outside."""
    calling = request.app[CALLING]
    number = typed if is_extension(typed) else calling.rules.dialable(typed)
    calling.pace.take(dispatcher_id, calling.clock.now())
    await audit(request, Action.CALL_OUT, f"number:{number}", "third")
    return number


def _refused(request: web.Request, error: Exception) -> web.Response:
    match error:
        case NotDialled():
            status, text = 422, REFUSALS[error.why]
        case TooManyCalls():
            status, text = 429, TOO_MANY
        case InTrial():
            status, text = 409, IN_TRIAL
        case BeingCalled():
            status, text = 409, BEING_CALLED
        case ForbiddenTransition():
            status, text = 409, ENGAGED
        case _:
            status, text = 503, EXCHANGE_AWAY
    return web.json_response({"message": words_of(request).gettext(text)}, status=status)


def _shown(request: web.Request, talk: DeskTalk | None) -> Mapping[str, object]:
    """The content of the panel; without a call all nulls."""
    if talk is None:
        return {"call": None, "third": None}
    gettext = words_of(request).gettext
    over = talk.phase is Phase.OVER and talk.outcome is not None
    text = OUTCOMES[talk.outcome] if over and talk.outcome is not None else PHASES[talk.phase]
    call = {
        "id": talk.call_id,
        "number": gettext(TRIAL) if is_trial(talk.call_id) else _whose(request, talk.number),
        "phase": talk.phase.value,
        "outcome": talk.outcome.value if talk.outcome else None,
        "words": _in_the_name(gettext(_IN_THE_NAME), gettext(text), talk),
    }
    return {"call": call, "third": _third(request, talk)}


def _in_the_name(sentence: str, words: str, talk: DeskTalk) -> str:
    """Say in which other city's name it is made, for as long as they may not have heard it."""
    before = talk.city and talk.phase not in {Phase.TALKING, Phase.OVER}
    return f"{words} · {sentence % {'city': talk.city}}" if before else words


def _whose(request: web.Request, number: str) -> str:
    """Write the number, or whose it is where that says more."""
    theirs = request.app[PAGES].interpreters.theirs(number) or number == FROM_INTERPRETER
    return words_of(request).gettext(without_number(FROM_INTERPRETER)) if theirs else phone(number)


def _third(request: web.Request, talk: DeskTalk) -> Mapping[str, object] | None:
    gettext = words_of(request).gettext
    if talk.third is not None:
        words = gettext(THIRD[talk.third.phase])
        return {
            "name": talk.third.name or _whose(request, talk.third.number),
            "phase": talk.third.phase,
            "words": words,
        }
    if talk.third_missed is not None:
        return {"name": "", "phase": "missed", "words": gettext(OUTCOMES[talk.third_missed])}
    return None
