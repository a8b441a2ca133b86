"""Entries of a dispatcher in a trial call of training: kept in their training record, and no appeals."""

from aiohttp import web

from cti_server.appeals.form.calling import Calling, on_the_line, read_calling
from cti_server.appeals.form.showing import answer
from cti_server.appeals.form.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.calls.trials import shown_trial
from cti_server.frame.language import language_of, words_of
from hotline.calls.call import is_trial
from hotline.quality.trial_calls import Entered


async def trial_of(request: web.Request, calling: Calling) -> str | None:
    """Name the trial call of this form; None for a citizen's.

    A form without a call is of the trial call that its user is in. One that was begun before it is not,
    where they say so (`?own=yes`): they are asked whose it is when they register it.
    """
    if calling.call_id:
        return calling.call_id if calling.trial else None
    if request.query.get("own"):
        return None
    return next((one for one in await on_the_line(request) if is_trial(one)), None)


async def practised(request: web.Request, call_id: str, entered: Entered) -> web.Response:
    """Keep it and show at once what the scenario has otherwise."""
    sources = request.app[APPEALS]
    trial = await sources.trials.enter(call_id, entered, sources.clock.now())
    await audit(request, Action.ADD, f"call:{call_id}", "trial call")
    shown = shown_trial(trial, language_of(request), words_of(request).gettext)
    return answer(request, "practised", whose=await read_calling(request, call_id), tried=shown)
