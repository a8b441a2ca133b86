"""Results of surveys: ratings, confirmations and disputes, by enterprise, category and time."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.numbers import grouped
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.words import SURVEY_OUTCOMES
from cti_server.surveys.picture import Picture, picture
from cti_server.surveys.sources import SURVEYS
from cti_server.surveys.typed import whole
from cti_server.surveys.words import GROUPS
from hotline.access.permissions import Permission
from hotline.city.classifier import last_known
from hotline.surveys.results import ListedSurvey, ResultFilter, SurveyGroup, Tally, tallies

PATH = "/surveys/results"
PERIODS = (7, 30, 90, 365)
_USUAL = 30
_SPANS = 12
AT_ONCE = 1000
SHOWN = 100
NOBODYS = "none"
SEE = allowed(Permission.SEE_CONTROL)
_TABLE = Table(
    name="surveys",
    title=N_("Surveys"),
    headings=(
        *(N_("Appeal"), N_("Reported done"), N_("Executor"), N_("Category"), N_("What it came to")),
        *(N_("Rating"), N_("Calls"), N_("Ended")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One enterprise or category; `key` is what its surveys are asked for by."""

    key: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A span of time, whole and divided."""

    since: datetime
    until: datetime
    days: int
    total: Tally
    by_executor: Sequence[ResultLine]
    by_category: Sequence[ResultLine]
    picture: Picture


@SEE
async def page(request: web.Request) -> web.Response:
    """`?days=` says how far back."""
    await audit(request, Action.VIEW, "surveys", "results")
    context: dict[str, Any] = {
        "results": await _results(request),
        "periods": PERIODS,
        "GROUPS": GROUPS,
        "Group": SurveyGroup,
    }
    return render(request, "surveys/results.html.jinja2", **context)


@SEE
async def listed(request: web.Request) -> web.Response:
    """The surveys behind one of the numbers; `?before=` goes on behind a survey."""
    wanted, sources = _filter(request), request.app[SURVEYS]
    await audit(request, Action.VIEW, "surveys", request.query_string)
    found = await sources.results.find(wanted, limit=SHOWN + 1, before=whole(request.query.get("before", "")))
    return render(
        request,
        "surveys/list.html.jinja2",
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        wanted=wanted,
        days=_days(request),
        going_on={name: text for name, text in request.query.items() if name != "before"},
        category=partial(_category, language=language_of(request)),
        grouped=grouped,
        GROUPS=GROUPS,
        OUTCOMES=SURVEY_OUTCOMES,
    )


@SEE
async def export(request: web.Request) -> web.StreamResponse:
    """Export the surveys that the filters find, without numbers or names of people."""
    return await send_table(request, _TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext, language = words_of(request).gettext, language_of(request)
    async for one in _everything(request):
        came_to = SURVEY_OUTCOMES[one.outcome] if one.outcome else GROUPS[one.group]
        yield (
            *(one.appeal, one.owed_at, one.executor, _category(one.category, language), gettext(came_to)),
            *(one.rating, one.attempts, one.ended_at),
        )


async def _everything(request: web.Request) -> AsyncIterator[ListedSurvey]:
    results, wanted, before = request.app[SURVEYS].results, _filter(request), None
    while found := await results.find(wanted, limit=AT_ONCE, before=before):
        for one in found:
            yield one
        before = found[-1].id


async def _results(request: web.Request) -> Results:
    sources, days = request.app[SURVEYS], _days(request)
    bounds = _bounds(request, days)
    cells = await sources.results.cells(bounds)
    names = {one.id: one.short for one in await sources.executors.all()}
    nobody, language = words_of(request).gettext(N_("Nobody yet")), language_of(request)
    by_executor = tallies(cells, lambda cell: cell.executor_id)
    by_category = tallies(cells, lambda cell: cell.category)
    by_span = tallies(cells, lambda cell: cell.span)
    return Results(
        since=bounds[0],
        until=bounds[-1],
        days=days,
        total=tallies(cells, lambda _cell: True).get(True, Tally()),
        by_executor=_sorted(
            ResultLine(key=str(one or NOBODYS), name=names.get(one or 0, nobody), tally=tally)
            for one, tally in by_executor.items()
        ),
        by_category=_sorted(
            ResultLine(key=one, name=_category(one, language), tally=tally)
            for one, tally in by_category.items()
        ),
        picture=picture(
            [by_span.get(place, Tally()) for place in range(len(bounds) - 1)],
            [one.astimezone(sources.timezone) for one in bounds],
        ),
    )


def _sorted(lines: Any) -> Sequence[ResultLine]:
    return sorted(lines, key=lambda one: (-one.tally.asked, one.name.casefold()))


def _bounds(request: web.Request, days: int) -> Sequence[datetime]:
    """Divide the days up to now; a span is a whole number of days, the last one ends with today."""
    sources = request.app[SURVEYS]
    today = sources.clock.now().astimezone(sources.timezone).date()
    each = -(-days // min(days, _SPANS))
    spans = -(-days // each)
    ends = [today + timedelta(days=1 - each * back) for back in range(spans, -1, -1)]
    return [datetime.combine(day, time(), sources.timezone) for day in ends]


def _filter(request: web.Request) -> ResultFilter:
    bounds, query = _bounds(request, _days(request)), request.query
    group, executor, rating = query.get("group", ""), query.get("executor", ""), query.get("rating", "")
    return ResultFilter(
        since=bounds[0],
        until=bounds[-1],
        group=SurveyGroup(group) if group in set(SurveyGroup) else None,
        executor_id=whole(executor),
        nobodys=executor == NOBODYS,
        category=query.get("category"),
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
    )


def _days(request: web.Request) -> int:
    asked = request.query.get("days", "")
    return int(asked) if asked in {str(one) for one in PERIODS} else _USUAL


def _category(code: str, language: str) -> str:
    known = last_known(code)
    return known.name(language) if known else code
