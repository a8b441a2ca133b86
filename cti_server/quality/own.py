"""The dispatcher's side: one's own scores, their remarks and moments, disputes, trend and what was agreed."""

from datetime import timedelta

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.quality.filters import SCORED
from cti_server.quality.listing import names_of
from cti_server.quality.people import trend_of
from cti_server.quality.sources import QUALITY
from cti_server.quality.talk import assessment_id, context_of
from cti_server.quality.trials import REFUSALS, begin, refusal, trials_of
from cti_server.quality.typed import NO_REASON, read_reason
from cti_server.quality.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, NoDesk, NotFound
from hotline.quality.assessments import LONGEST_REASON, Assessment, AssessmentFilter
from hotline.quality.trial_calls import scenarios

PATH = "/quality/mine"
PAGE_ROWS = 50


@allowed(Permission.SEE_OWN_ASSESSMENTS)
async def page(request: web.Request) -> web.Response:
    """One's own scores, the latest talk first, with the trend and the training record."""
    return await _mine(request)


@allowed(Permission.SEE_OWN_ASSESSMENTS)
async def try_out(request: web.Request) -> web.Response:
    """Have the demo citizen call oneself."""
    try:
        await begin(request, _desk(request))
    except REFUSALS as error:
        return await _mine(request, status=409, not_begun=refusal(request, error))
    return noted_at(PATH, Noted.TRIAL_CALLS)


async def _mine(request: web.Request, *, status: int = 200, not_begun: str = "") -> web.Response:
    sources, desk = request.app[QUALITY], _desk(request)
    wanted = AssessmentFilter(states=SCORED, dispatcher_id=desk)
    leaf = await leaf_of(
        request, lambda limit, skip: sources.assessments.find(wanted, limit=limit, skip=skip), PAGE_ROWS
    )
    await audit(request, Action.VIEW, "assessments", "own")
    return render(
        request,
        "quality/mine.html.jinja2",
        status=status,
        **CONTEXT,
        leaf=leaf,
        picture=await trend_of(request, desk),
        notes=await sources.trainings.of(desk),
        trials=await trials_of(request, desk),
        scenarios=scenarios().values(),
        not_begun=not_begun,
        names=await names_of(request),
        now=sources.clock.now(),
    )


@allowed(Permission.SEE_OWN_ASSESSMENTS)
async def one_talk(request: web.Request) -> web.Response:
    """One score with its remarks; the moments can be heard."""
    one = await _own(request)
    await audit(request, Action.VIEW, f"assessment:{one.id}", "own")
    return await _show(request, one)


@allowed(Permission.SEE_OWN_ASSESSMENTS)
async def read(request: web.Request) -> web.Response:
    """Mark it as read."""
    one, sources = await _own(request), request.app[QUALITY]
    await sources.assessments.read(one.id, request[USER].id, sources.clock.now())
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "read")
    return noted_at(f"{PATH}/{one.id}", Noted.ASSESSMENT_READ)


@allowed(Permission.SEE_OWN_ASSESSMENTS)
async def dispute(request: web.Request) -> web.Response:
    """Say why one does not agree, within the days that the form gives."""
    one, sources = await _own(request), request.app[QUALITY]
    reason = read_reason(await request.post())
    if not reason:
        return await _show(request, one, status=422, error=words_of(request).gettext(NO_REASON))
    now = sources.clock.now()
    if not one.disputable(now):
        raise ForbiddenTransition(f"Assessment {one.id} can be disputed no more.")
    await sources.assessments.dispute(one.id, request[USER].id, now, reason)
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "dispute")
    return noted_at(f"{PATH}/{one.id}", Noted.DISPUTED)


async def _show(request: web.Request, one: Assessment, *, status: int = 200, error: str = "") -> web.Response:
    until = one.disputable_until
    return render(
        request,
        "quality/own.html.jinja2",
        status=status,
        **await context_of(request, one),
        names=await names_of(request),
        disputable=one.disputable(request.app[QUALITY].clock.now()),
        last_day=None if until is None else until - timedelta(minutes=1),
        error=error,
        longest=LONGEST_REASON,
    )


def _desk(request: web.Request) -> int:
    desk = request[USER].dispatcher_id
    if desk is None:
        raise NoDesk(f"User {request[USER].id} has no desk.")
    return desk


async def _own(request: web.Request) -> Assessment:
    """Find one's own score; another's, and one that is not finished, is not there."""
    one = await request.app[QUALITY].assessments.get(assessment_id(request))
    if one.dispatcher_id != _desk(request) or one.state not in SCORED:
        raise NotFound(f"Assessment {one.id} is not one of user {request[USER].id}.")
    return one
