"""The dispatchers: the trend of each beside the team, the training record, and what is to be looked at."""

from datetime import timedelta

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.moments import read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.quality.listing import names_of
from cti_server.quality.picture import TrendPicture, picture
from cti_server.quality.sources import QUALITY
from cti_server.quality.trials import REFUSALS, begin, refusal, trials_of
from cti_server.quality.typed import read_reason
from cti_server.quality.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.foreign_text import tidied
from hotline.line.line import Dispatcher
from hotline.quality.assessments import AssessmentFilter
from hotline.quality.signs import Sign
from hotline.quality.training import LONGEST_NOTE
from hotline.quality.trend import by_week
from hotline.quality.trial_calls import scenarios

PATH = "/quality/people"
WEEKS = 26
_LATEST = 20
_NOTHING = N_("Write what was agreed.")
_TOO_LONG = N_("Write at most 4000 characters.")
_NO_DAY = N_("Write a day from today on, such as 24.12.2026, or leave it empty.")
_NO_OUTCOME = N_("Write what you found.")


@allowed(Permission.ASSESS_TALKS)
async def page(request: web.Request) -> web.Response:
    """All dispatchers with the scores of half a year, and what is to be looked at."""
    sources = request.app[QUALITY]
    now = sources.clock.now()
    scores = await sources.assessments.scores(now - timedelta(weeks=WEEKS), now)
    today = now.astimezone(sources.timezone).date()
    due = await sources.trainings.due(today, _LATEST)
    await audit(request, Action.VIEW, "assessments", "training")
    dispatchers = await sources.dispatchers.all()
    rows = []
    for one in sorted(dispatchers, key=lambda one: one.name):
        own = [score for score in scores if score.dispatcher_id == one.id]
        mean = sum(score.percent for score in own) / len(own) if own else None
        rows.append((one, len(own), mean, sum(score.passed for score in own)))
    return render(
        request,
        "quality/people.html.jinja2",
        status=200,
        **CONTEXT,
        rows=rows,
        due=due,
        dispatchers={one.id: one for one in dispatchers},
    )


@allowed(Permission.ASSESS_TALKS)
async def person(request: web.Request) -> web.Response:
    """One dispatcher: the trend, the latest talks, the training record."""
    one = await _dispatcher(request)
    await audit(request, Action.VIEW, f"training:{one.id}")
    return await _show(request, one)


@allowed(Permission.ASSESS_TALKS)
async def coach(request: web.Request) -> web.Response:
    """Enter a coaching into the record; one with a day comes back as work on it."""
    one, sources, given = await _dispatcher(request), request.app[QUALITY], await request.post()
    agreed, day = tidied(str(given.get("agreed", ""))), str(given.get("review_on", "")).strip()
    review_on, now = read_day(day), sources.clock.now()
    errors = {}
    if not agreed or len(agreed) > LONGEST_NOTE:
        errors["agreed"] = _TOO_LONG if agreed else _NOTHING
    if day and (review_on is None or review_on < now.astimezone(sources.timezone).date()):
        errors["review_on"] = _NO_DAY
    about = await _about(request, one, str(given.get("assessment", "")))
    if errors:
        typed = {"agreed": agreed, "review_on": day, "assessment": str(about or "")}
        return await _show(request, one, status=422, typed=typed, errors=errors)
    await sources.trainings.add(
        one.id, request[USER].id, now, agreed=agreed, review_on=review_on, assessment_id=about
    )
    await audit(request, Action.ADD, f"training:{one.id}", "coaching")
    return noted_at(f"{PATH}/{one.id}", Noted.COACHED)


@allowed(Permission.ASSESS_TALKS)
async def try_out(request: web.Request) -> web.Response:
    """Have the demo citizen call this dispatcher."""
    one = await _dispatcher(request)
    try:
        await begin(request, one.id)
    except REFUSALS as error:
        return await _show(request, one, status=409, not_begun=refusal(request, error))
    return noted_at(f"{PATH}/{one.id}", Noted.TRIAL_CALLS)


@allowed(Permission.ASSESS_TALKS)
async def review(request: web.Request) -> web.Response:
    """Close an entry with what was found."""
    one, sources = await _dispatcher(request), request.app[QUALITY]
    outcome, note = read_reason(await request.post(), "outcome"), int(request.match_info["note"])
    if all(known.id != note for known in await sources.trainings.of(one.id)):
        raise NotFound(f"Dispatcher {one.id} has no coaching note {note}.")
    if not outcome:
        errors = {f"outcome-{note}": _NO_OUTCOME}
        return await _show(request, one, status=422, errors=errors)
    await sources.trainings.review(note, request[USER].id, sources.clock.now(), outcome)
    await audit(request, Action.CHANGE, f"training:{one.id}", "reviewed")
    return noted_at(f"{PATH}/{one.id}", Noted.COACHING_REVIEWED)


async def trend_of(request: web.Request, dispatcher_id: int) -> TrendPicture:
    """Draw the last half-year of one dispatcher."""
    sources = request.app[QUALITY]
    now = sources.clock.now()
    scores = await sources.assessments.scores(now - timedelta(weeks=WEEKS), now)
    return picture(by_week(scores, dispatcher_id, sources.timezone))


async def _show(
    request: web.Request,
    one: Dispatcher,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    not_begun: str = "",
) -> web.Response:
    sources, gettext = request.app[QUALITY], words_of(request).gettext
    found = await sources.assessments.find(AssessmentFilter(dispatcher_id=one.id), limit=_LATEST)
    about = request.query.get("assessment", "")
    return render(
        request,
        "quality/person.html.jinja2",
        status=status,
        **CONTEXT,
        person=one,
        picture=await trend_of(request, one.id),
        latest=[each for each in found if each.percent is not None and Sign.TRIAL not in each.signs],
        trials=await trials_of(request, one.id),
        scenarios=scenarios().values(),
        not_begun=not_begun,
        notes=await sources.trainings.of(one.id),
        names=await names_of(request),
        today=sources.clock.now().astimezone(sources.timezone).date(),
        typed=typed or {"agreed": "", "review_on": "", "assessment": about},
        errors={name: gettext(text) for name, text in (errors or {}).items()},
        longest=LONGEST_NOTE,
    )


async def _dispatcher(request: web.Request) -> Dispatcher:
    wanted = int(request.match_info["dispatcher"])
    found = next((one for one in await request.app[QUALITY].dispatchers.all() if one.id == wanted), None)
    if found is None:
        raise NotFound(f"There is no dispatcher {wanted}.")
    return found


async def _about(request: web.Request, person_: Dispatcher, given: str) -> int | None:
    """Read which of the dispatcher's talks it is about."""
    if not given.isascii() or not given.isdecimal() or len(given) > 9:  # noqa: PLR2004 - as ids are read
        return None
    one = await request.app[QUALITY].assessments.get(int(given))
    return one.id if one.dispatcher_id == person_.id else None
