"""The list of tasks: mine, controlled by me, ours; with one box, and as a file."""

from collections.abc import AsyncIterator

from aiohttp import web

from cti_server.appeals.list.words import left_until
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.lists import MOST_COUNTED, chips, chosen_part, conditions, turned, without_part
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.views import views_of
from cti_server.keys import USER
from cti_server.tasks.filters import LABELS, VIEWS, kept_of, parts_of, told, wanted_of
from cti_server.tasks.people import people_of
from cti_server.tasks.sources import TASKS
from cti_server.tasks.words import CONTEXT, KINDS, STATES
from hotline.access.permissions import Permission
from hotline.appeals.lists import class_of
from hotline.city.search_terms import asked_terms
from hotline.tasks.task import Task

PAGE_ROWS = 50
_EXPORT_ROWS = 500
TABLE = Table(
    name="tasks",
    title=N_("Tasks"),
    headings=(
        *(N_("Number"), N_("What is to be done"), N_("Source"), N_("Title of the source")),
        *(N_("Responsible"), N_("Co-executors"), N_("Controls"), N_("Term"), N_("State")),
        *(N_("Given"), N_("Result"), N_("Ended")),
    ),
)
SEES = allowed(Permission.SEE_TASKS, Permission.DO_TASKS, one_is_enough=True)


@SEES
async def page(request: web.Request) -> web.Response:
    """The tasks that are asked for, by their terms."""
    sources, kept, parts = request.app[TASKS], kept_of(request), parts_of(request[USER])
    people, terms = await people_of(request), await asked_terms(kept["q"], sources.lemmas)
    wanted = wanted_of(request, kept, terms, people)
    leaf = await leaf_of(
        request, lambda limit, skip: sources.tasks.find(wanted, limit=limit, skip=skip), PAGE_ROWS
    )
    others = without_part(parts, kept)
    counts = [
        await sources.tasks.count(wanted_of(request, {**others, **one.query}, terms, people), MOST_COUNTED)
        for one in parts
    ]
    await audit(request, Action.SEARCH if kept["q"] else Action.VIEW, "tasks", request.query_string)
    now = sources.clock.now()
    owed = [one for one in leaf.rows if one.owed]
    return render(
        request,
        "tasks/list.html.jinja2",
        status=200,
        **CONTEXT,
        leaf=leaf,
        kept=kept,
        people=people,
        chips=chips(parts, kept, VIEWS.address, counts),
        most_counted=MOST_COUNTED,
        conditions=conditions(
            told(kept, people),
            labels=LABELS,
            kept=kept,
            address=VIEWS.address,
            words=words_of(request),
            part=chosen_part(parts, kept),
        ),
        turned=turned(kept, VIEWS.address),
        due={one.id: class_of(one.due_at, now, sources.timezone) for one in owed},
        left={one.id: left_until(one.due_at, now, words_of(request)) for one in owed},
        **await views_of(request, VIEWS, kept),
    )


@SEES
async def export(request: web.Request) -> web.StreamResponse:
    """Send what the filters find as a file; results, which may name citizens, to those who do tasks."""
    return await send_table(request, TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext, people = words_of(request).gettext, await people_of(request)
    knows = request[USER].may(Permission.DO_TASKS)
    async for one in _all(request):
        yield (
            one.id,
            one.text,
            gettext(KINDS[one.source.kind]),
            one.source.title,
            people.name(one.responsible),
            "; ".join(map(people.name, one.helpers)),
            people.user(one.controller),
            one.due_at,
            gettext(STATES[one.state]),
            one.given_at,
            one.result if knows else "",
            one.ended_at,
        )


async def _all(request: web.Request) -> AsyncIterator[Task]:
    sources, kept, skip = request.app[TASKS], kept_of(request), 0
    terms = await asked_terms(kept["q"], sources.lemmas)
    wanted = wanted_of(request, kept, terms, await people_of(request))
    while found := await sources.tasks.find(wanted, limit=_EXPORT_ROWS, skip=skip):
        for one in found:
            yield one
        skip += _EXPORT_ROWS
