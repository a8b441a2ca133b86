"""Work of quality on the list of what waits: disputes, trainings to be looked at, own scores to be read."""

from collections.abc import Mapping, Sequence
from functools import partial

from aiohttp import web
from attrs import field, frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import DISPUTES, OWN_TALKS, REVIEWS, TodoQuery
from cti_server.keys import USER
from cti_server.quality.sources import QUALITY, QualitySources
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.search_terms import saying
from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import Assessment, AssessmentFilter
from hotline.quality.training import CoachingNote

QUALITY_PARTS = frozenset({DISPUTES, REVIEWS, OWN_TALKS})
MOST_ROWS = 50
_DISPUTED = AssessmentFilter(states=frozenset({AssessmentState.DISPUTED}))


@frozen(kw_only=True)
class QualityWork:
    """Scores and coaching of this user that wait, as far as they are shown; `names` are dispatchers by id."""

    disputes: Sequence[Assessment] = ()
    reviews: Sequence[CoachingNote] = ()
    own: Sequence[Assessment] = ()
    names: Mapping[int, str] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.disputes or self.reviews or self.own)


async def quality_work(request: web.Request, query: TodoQuery) -> QualityWork:
    """Read what waits for this user."""
    if QUALITY not in request.app:
        return QualityWork()
    sources, user = request.app[QUALITY], request[USER]
    names = {one.id: one.name for one in await sources.dispatchers.all()}
    disputes = await _disputes(sources, user) if query.shows(DISPUTES) else ()
    reviews = await _reviews(sources, user) if query.shows(REVIEWS) else ()
    own = await _own(sources, user) if query.shows(OWN_TALKS) else ()
    said = partial(saying, typed=query.typed, lemmas=request.app[CONTROL].lemmas)
    return QualityWork(
        disputes=await said(disputes, lambda one: f"{names.get(one.dispatcher_id, '')} {one.dispute}"),
        reviews=await said(reviews, lambda one: f"{names.get(one.dispatcher_id, '')} {one.agreed}"),
        own=await said(own, lambda one: names.get(one.dispatcher_id, "")),
        names=names,
    )


async def count_quality(request: web.Request, part: str, most: int) -> int:
    """Count one part, up to `most`."""
    if QUALITY not in request.app:
        return 0
    sources, user = request.app[QUALITY], request[USER]
    read = {DISPUTES: _disputes, REVIEWS: _reviews, OWN_TALKS: _own}[part]
    return len(await read(sources, user, most))


async def _disputes(sources: QualitySources, user: User, most: int = MOST_ROWS) -> Sequence[Assessment]:
    if not user.may(Permission.DECIDE_DISPUTES):
        return ()
    return await sources.assessments.find(_DISPUTED, limit=most)


async def _reviews(sources: QualitySources, user: User, most: int = MOST_ROWS) -> Sequence[CoachingNote]:
    if not user.may(Permission.ASSESS_TALKS):
        return ()
    today = sources.clock.now().astimezone(sources.timezone).date()
    return await sources.trainings.due(today, most)


async def _own(sources: QualitySources, user: User, most: int = MOST_ROWS) -> Sequence[Assessment]:
    if user.dispatcher_id is None or not user.may(Permission.SEE_OWN_ASSESSMENTS):
        return ()
    scored = frozenset({AssessmentState.ASSESSED, AssessmentState.DECIDED})
    unread = AssessmentFilter(states=scored, dispatcher_id=user.dispatcher_id, unread=True)
    return await sources.assessments.find(unread, limit=most)
