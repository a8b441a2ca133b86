"""The manager's answer and the specialist's conclusion, from a page of an account or of a link."""

from collections.abc import Mapping

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.frame.filters import whole
from cti_server.frame.language import N_
from cti_server.specialists.matters import matter_of
from cti_server.specialists.sources import SPECIALISTS
from hotline.errors import ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.specialists.involvement_states import InvolvementAct
from hotline.specialists.involvements import LONGEST_WORDS, By, Involvement

WHY_NOT = N_("Write why you refuse: the contact centre reads it.")
NO_CONCLUSION = N_("Write your conclusion.")
TOO_LONG = N_("Write at most 2000 characters.")
OVERTAKEN = N_("Your answer was not taken: it was answered or ended meanwhile. Look at how it stands now.")
_ASKS: Mapping[InvolvementAct, str] = {
    InvolvementAct.REFUSE: WHY_NOT,
    InvolvementAct.REPORT: NO_CONCLUSION,
}
_AUDITED: Mapping[InvolvementAct, str] = {
    InvolvementAct.AGREE: "approved",
    InvolvementAct.REFUSE: "refused",
    InvolvementAct.REPORT: "answered",
}
"""Acts in the audit log, by the details for which it has words."""
CONSENT: Mapping[str, InvolvementAct] = {
    "agree": InvolvementAct.AGREE,
    "refuse": InvolvementAct.REFUSE,
}
CONCLUSION: Mapping[str, InvolvementAct] = {"report": InvolvementAct.REPORT}


async def take(
    request: web.Request, one: Involvement, acts: Mapping[str, InvolvementAct], by: By
) -> tuple[str, str]:
    """Take one of the acts from the form; tells why not, to be translated, and what was typed."""
    form, sources = await request.post(), request.app[SPECIALISTS]
    act, said = acts.get(str(form.get("do", ""))), tidied(str(form.get("said", "")))
    if act is None:
        raise web.HTTPBadRequest
    if act in _ASKS and not said:
        return _ASKS[act], said
    if len(said) > LONGEST_WORDS:
        return TOO_LONG, said
    over = (await matter_of(request, one.kind, one.matter)).over
    if over or whole(str(form.get("version", ""))) != one.version:
        return OVERTAKEN, said
    try:
        await sources.involvements.act(one, act, by, sources.now(), said=said)
    except (Outdated, ForbiddenTransition):
        return OVERTAKEN, said
    await audit(request, Action.CHANGE, f"specialist:{one.id}", _AUDITED[act])
    return "", ""
