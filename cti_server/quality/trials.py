"""Trial calls: a head has the demo citizen call a dispatcher, or a dispatcher asks for it themselves."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.calls.trials import ShownTrial, shown_trial
from cti_server.desk.calling_words import ENGAGED, EXCHANGE_AWAY
from cti_server.frame.language import N_, language_of, words_of
from cti_server.keys import USER
from cti_server.quality.sources import QUALITY
from hotline.dialling.calling_out import CallOut, Trial
from hotline.errors import ForbiddenTransition, HotlineError, TelephonyError
from hotline.line.line import NobodyElse
from hotline.line.queue_entry_states import QueueEntryState
from hotline.quality.trial_calls import CitizensWait, Scenario, TrialCall, scenarios
from hotline.voice.speech import Language, NotSpoken

MOST_SHOWN = 20
_WAITED_FOR = frozenset({QueueEntryState.WAITING, QueueEntryState.OFFERED})
_WAIT = N_("Citizens wait in the line. Begin the trial call when nobody does.")
_NOBODY_ELSE = N_("Nobody else is on duty to answer citizens. Begin the trial call when somebody is.")
_NOT_SPOKEN = N_("What the demo citizen says could not be read aloud. Try again in a few seconds.")
REFUSALS = (ForbiddenTransition, TelephonyError, NotSpoken, CitizensWait, NobodyElse)
"""Errors with which a trial call is not begun; `refusal` puts them in words."""


async def begin(request: web.Request, dispatcher_id: int) -> None:
    """Ring the dispatcher's telephone and have the demo citizen speak; raises one of REFUSALS.

    HTTPBadRequest for a scenario that no page of ours offers.
    """
    sources, scenario = request.app[QUALITY], await _scenario(request)
    if any(one.state in _WAITED_FOR for one in await sources.line.entries()):
        raise CitizensWait("Citizens wait in the line: a trial call is begun when nobody does.")
    lines = [await sources.voice.media(one, Language.UKRAINIAN) for one in scenario.phrases]
    wanted = CallOut(
        dispatcher_id=dispatcher_id,
        user_id=request[USER].id,
        number="",
        trial=Trial(scenario=scenario.code, lines=lines),
    )
    talk = await sources.telephone.call_out(wanted)
    await sources.trials.add(
        TrialCall(
            call_id=talk.call_id,
            dispatcher_id=dispatcher_id,
            user_id=request[USER].id,
            scenario=scenario.code,
            asked_at=sources.clock.now(),
        )
    )
    await audit(request, Action.ADD, f"training:{dispatcher_id}", "trial call")


def refusal(request: web.Request, error: HotlineError) -> str:
    match error:
        case CitizensWait():
            text = _WAIT
        case NobodyElse():
            text = _NOBODY_ELSE
        case NotSpoken():
            text = _NOT_SPOKEN
        case ForbiddenTransition():
            text = ENGAGED
        case _:
            text = EXCHANGE_AWAY
    return words_of(request).gettext(text)


async def trials_of(request: web.Request, dispatcher_id: int) -> Sequence[ShownTrial]:
    """Give the latest trial calls of one dispatcher in words."""
    found = await request.app[QUALITY].trials.of(dispatcher_id, MOST_SHOWN)
    return [shown_trial(one, language_of(request), words_of(request).gettext) for one in found]


async def _scenario(request: web.Request) -> Scenario:
    found = scenarios().get(str((await request.post()).get("scenario", "")))
    if found is None:
        raise web.HTTPBadRequest
    return found
