"""A dispute is decided: the score is kept, or corrected on the form, with a reason either way."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.keys import USER
from cti_server.quality.assessing import show
from cti_server.quality.sources import QUALITY
from cti_server.quality.talk import assessment_id, form_of
from cti_server.quality.typed import NO_REASON, faults_of, read_draft, read_reason
from hotline.access.permissions import Permission
from hotline.quality.assessments import refuse_own
from hotline.quality.scoring import score


@allowed(Permission.ASSESS_TALKS, Permission.DECIDE_DISPUTES)
async def decide(request: web.Request) -> web.Response:
    """Take the decision: the answers as they stand in the form sent are the score."""
    sources, user, given = request.app[QUALITY], request[USER], await request.post()
    one = await sources.assessments.get(assessment_id(request))
    refuse_own(one, user)
    form, draft, reason = form_of(one), read_draft(form_of(one), one, given), read_reason(given)
    faults, found = faults_of(form, draft), score(form, draft.answers)
    if not reason or faults or found is None:
        error = "" if reason else words_of(request).gettext(NO_REASON)
        return await show(request, one, status=422, faults=faults, decision_error=error)
    await sources.assessments.decide(
        one.id, user.id, sources.clock.now(), reason=reason, answers=draft.answers, score=found
    )
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "decision")
    return noted_at(f"/quality/{one.id}", Noted.DISPUTE_DECIDED)
