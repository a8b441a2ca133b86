"""The queue: the talks to be assessed on top, then what was assessed; the scores of a period as a file."""

from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.lists import MOST_COUNTED, chips, chosen_part, conditions, turned, without_part
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.views import views_of
from cti_server.keys import ACCOUNTS
from cti_server.quality.filters import LABELS, PARTS, VIEWS, kept_of, told, wanted_of
from cti_server.quality.sources import QUALITY
from cti_server.quality.words import CONTEXT, OUTCOMES, SIGNS, STATES
from hotline.access.permissions import Permission
from hotline.quality.assessments import Assessment
from hotline.quality.score_forms import score_form
from hotline.quality.scoring import score

PAGE_ROWS = 50
_EXPORT_ROWS = 500
TABLE = Table(
    name="assessments",
    title=N_("Assessments of talks"),
    headings=(
        *(N_("Talk"), N_("Dispatcher"), N_("Why"), N_("State"), N_("Score, %"), N_("Result")),
        *(N_("Critical mistakes"), N_("Assessed by"), N_("Assessed at"), N_("Version of the form")),
        *(N_("Read"), N_("Before the decision, %")),
    ),
)


@allowed(Permission.ASSESS_TALKS)
async def page(request: web.Request) -> web.Response:
    """The queue, page by page."""
    sources, kept = request.app[QUALITY], kept_of(request)
    wanted = wanted_of(request, kept)
    leaf = await leaf_of(
        request, lambda limit, skip: sources.assessments.find(wanted, limit=limit, skip=skip), PAGE_ROWS
    )
    await audit(request, Action.VIEW, "assessments", request.query_string)
    dispatchers = await sources.dispatchers.all()
    others = without_part(PARTS, kept)
    counts = [
        await sources.assessments.count(wanted_of(request, {**others, **one.query}), MOST_COUNTED)
        for one in PARTS
    ]
    part = chosen_part(PARTS, kept)
    return render(
        request,
        "quality/list.html.jinja2",
        status=200,
        **CONTEXT,
        leaf=leaf,
        kept=kept,
        chips=chips(PARTS, kept, VIEWS.address, counts),
        most_counted=MOST_COUNTED,
        conditions=conditions(
            told(kept, dispatchers),
            labels=LABELS,
            kept=kept,
            address=VIEWS.address,
            words=words_of(request),
            part=part,
        ),
        turned=turned(kept, VIEWS.address),
        dispatchers={one.id: one for one in dispatchers},
        names=await names_of(request),
        now=sources.clock.now(),
        **await views_of(request, VIEWS, kept),
    )


async def names_of(request: web.Request) -> Mapping[int, str]:
    """Give the names of all users, by id."""
    return {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}


@allowed(Permission.ASSESS_TALKS)
async def export(request: web.Request) -> web.StreamResponse:
    """What the filters find, as a file; it names no citizen."""
    return await send_table(request, TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext, language = words_of(request).gettext, language_of(request)
    dispatchers = {one.id: one.name for one in await request.app[QUALITY].dispatchers.all()}
    names, passed = await names_of(request), dict(OUTCOMES)
    async for one in _all(request):
        yield (
            one.talk_at,
            dispatchers.get(one.dispatcher_id, ""),
            "; ".join(gettext(SIGNS[sign]) for sign in one.signs),
            gettext(STATES[one.state]),
            one.percent,
            "" if one.passed is None else gettext(passed[one.passed]),
            "; ".join(failed_of(one, language)),
            names.get(one.assessed_by or 0, ""),
            one.assessed_at,
            one.form_version,
            one.read_at,
            one.first_percent,
        )


def failed_of(one: Assessment, language: str) -> list[str]:
    """Name the critical questions that the talk failed."""
    form = score_form(one.form_version)
    found = score(form, one.answers) if one.percent is not None else None
    return [form.questions[code].name(language) for code in found.failed] if found else []


async def _all(request: web.Request) -> AsyncIterator[Assessment]:
    wanted, skip = wanted_of(request, kept_of(request)), 0
    find = request.app[QUALITY].assessments.find
    while found := await find(wanted, limit=_EXPORT_ROWS, skip=skip):
        for one in found:
            yield one
        skip += _EXPORT_ROWS
