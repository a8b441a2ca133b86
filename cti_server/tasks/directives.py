"""Orders of the council, its committee and the mayor: entered once, their points given as tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_, words_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.moments import read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.tasks.people import people_of
from cti_server.tasks.record_files import files_part
from cti_server.tasks.sources import TASKS
from cti_server.tasks.words import CONTEXT, KINDS
from hotline.access.permissions import Permission
from hotline.tasks.directives import LONGEST_NUMBER, LONGEST_TITLE, Directive
from hotline.tasks.task import OF_ORDERS, TaskFilter, TaskKind

PATH = "/tasks/orders"
PAGE_ROWS = 50
MOST_POINTS = 200
_SEES = allowed(Permission.SEE_TASKS)
_GIVES = allowed(Permission.GIVE_TASKS)
ISSUERS: Mapping[str, str] = {kind: KINDS[kind] for kind in TaskKind if kind in OF_ORDERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDirective:
    """The fields of the form as typed."""

    kind: str = TaskKind.MAYOR.value
    number: str = ""
    dated: str = ""
    title: str = ""


@_SEES
async def listing(request: web.Request) -> web.Response:
    """The orders, the latest first."""
    await audit(request, Action.VIEW, "tasks", "orders")
    return await _show_list(request, TypedDirective())


@_GIVES
async def enter(request: web.Request) -> web.Response:
    """Enter the order that was typed; entered twice, it is one."""
    sources, typed = request.app[TASKS], read_form(TypedDirective, await request.post(), one_line=True)
    dated, faults = read_day(typed.dated), _faults(typed)
    if faults or dated is None:
        return await _show_list(request, typed, faults)
    new = Directive(kind=TaskKind(typed.kind), number=typed.number, dated=dated, title=typed.title)
    one = await sources.directives.enter(new, request[USER].id, sources.clock.now())
    await audit(request, Action.ADD, f"directive:{one.id}")
    return noted_at(f"{PATH}/{one.id}", Noted.DIRECTIVE_ENTERED)


@_SEES
async def page(request: web.Request) -> web.Response:
    """One order with its points."""
    sources = request.app[TASKS]
    one = await sources.directives.get(int(request.match_info["id"]))
    await audit(request, Action.VIEW, f"directive:{one.id}")
    points = await sources.tasks.find(TaskFilter(record=one.source.record), limit=MOST_POINTS)
    return render(
        request,
        "tasks/directive.html.jinja2",
        status=HTTPStatus.OK,
        **CONTEXT,
        one=one,
        points=[point for point in points if point.parent is None],
        people=await people_of(request),
        part=await files_part(
            request,
            one.source.record,
            f"{PATH}/{one.id}/files",
            may_add=request[USER].may(Permission.GIVE_TASKS),
        )
        if request[USER].may(Permission.DO_TASKS)
        else None,
        due={},
        left={},
    )


def _faults(typed: TypedDirective) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if typed.kind not in ISSUERS:
        found["kind"] = N_("Choose who issued it.")
    if not typed.number or len(typed.number) > LONGEST_NUMBER:
        found["number"] = N_("Write its number.")
    if read_day(typed.dated) is None:
        found["dated"] = N_("Write its date as dd.mm.yyyy.")
    if not typed.title or len(typed.title) > LONGEST_TITLE:
        found["title"] = N_("Write its title, in 300 characters at most.")
    return found


async def _show_list(
    request: web.Request, typed: TypedDirective, faults: Mapping[str, str] | None = None
) -> web.Response:
    gettext = words_of(request).gettext
    return render(
        request,
        "tasks/directives.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        **CONTEXT,
        leaf=await leaf_of(request, request.app[TASKS].directives.latest, PAGE_ROWS),
        typed=typed,
        faults={name: gettext(text) for name, text in (faults or {}).items()},
        issuers=[(kind, gettext(text)) for kind, text in ISSUERS.items()],
    )
