"""Import of registers from files, checked first, and export in the same form."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.admin.import_words import KINDS, STAGES
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.frame.export import Table, route, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.uploads import read_upload
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.intake.import_states import Stage
from hotline.intake.imports import MOST_BYTES, OF_PEOPLE, WHY, Import, Imports, RegisterKind, Registers
from hotline.intake.lines import LineRefusal, Unreadable

PATH = "/admin/imports"
MOST_SHOWN = 100
_IMPORT = allowed(Permission.IMPORT_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The registers that this page imports and exports."""

    imports: Imports
    registers: Registers


INTAKE: web.AppKey[Intake] = web.AppKey("intake")


def add_imports(app: web.Application, intake: Intake) -> None:
    """Add the pages that bring registers in and take them out."""
    app[INTAKE] = intake
    app.router.add_get(PATH, page)
    app.router.add_post(PATH, bring)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, show)
    app.router.add_get(f"{one}/progress", progress)
    app.router.add_post(f"{one}/begin", begin)
    app.router.add_get(route(f"{one}/refused"), refused)
    app.router.add_get(route("/admin/exports/{kind}"), export)


@_IMPORT
async def page(request: web.Request) -> web.Response:
    """Show the choice of a file, and earlier imports."""
    return await _page(request)


@allowed(Permission.IMPORT_DATA, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Look a file through; on to its page, or back with the reason why it cannot be taken."""
    upload, gettext = await read_upload(request, MOST_BYTES, "kind"), words_of(request).gettext
    kind = upload.fields.get("kind", "")
    if kind not in set(RegisterKind):
        return await _page(request, gettext("Choose what the file holds."), kind)
    if not upload.name:
        return await _page(request, gettext("Choose a file."), kind)
    try:
        one = await request.app[INTAKE].imports.check(
            RegisterKind(kind), upload.name, upload.content, request[USER].id
        )
    except Unreadable as error:
        reason = " ".join([gettext(error.message), ", ".join(error.about)]).strip()
        return await _page(request, f"{upload.name}: {reason}", kind)
    await audit(request, Action.ADD, f"import:{one.id}", f"{one.kind} {one.name}")
    return _to(request, f"{PATH}/{one.id}")


@_IMPORT
async def show(request: web.Request) -> web.Response:
    """Show the lines that would be imported, or were, and the refused ones with reasons."""
    imports, one = request.app[INTAKE].imports, await _asked_for(request)
    faults: Sequence[LineRefusal] = ()
    gone = ""
    try:
        if one.state is not Stage.RUNNING:
            faults = await imports.refusals(one.id, MOST_SHOWN)
    except Unreadable as error:
        gone = words_of(request).gettext(error.message)
    await audit(request, Action.VIEW, f"import:{one.id}")
    return render(
        request,
        "admin/import.html.jinja2",
        one=one,
        faults=faults,
        gone=gone,
        KINDS=KINDS,
        STAGES=STAGES,
        most=MOST_SHOWN,
    )


@_IMPORT
async def progress(request: web.Request) -> web.Response:
    """Show the progress, for a page that polls; at the end it is reloaded."""
    one = await _asked_for(request)
    answer = render(request, "admin/import_progress.html.jinja2", one=one, STAGES=STAGES)
    if one.state is not Stage.RUNNING:
        answer.headers["HX-Refresh"] = "true"
    return answer


@_IMPORT
async def begin(request: web.Request) -> web.Response:
    """Take in what can be taken."""
    import_id = (await _asked_for(request)).id
    await request.app[INTAKE].imports.begin(import_id)
    await audit(request, Action.CHANGE, f"import:{import_id}", "begun")
    raise web.HTTPSeeOther(f"{PATH}/{import_id}")


@_IMPORT
async def refused(request: web.Request) -> web.StreamResponse:
    """Download the refused lines for correction: the file's own columns, after the reasons."""
    imports, import_id = request.app[INTAKE].imports, (await _asked_for(request)).id
    headings = [WHY, *await imports.headings(import_id)]
    table = Table(name=f"refused-{import_id}", title=N_("Refused lines"), headings=headings)
    return await send_table(request, table, _refused(request, import_id))


@_IMPORT
async def export(request: web.Request) -> web.StreamResponse:
    """Export a whole register, in a form that can be imported again."""
    if request.match_info["kind"] not in set(RegisterKind):
        raise NotFound("There is no such register.")
    kind, registers = RegisterKind(request.match_info["kind"]), request.app[INTAKE].registers
    if not _may_see(request, kind):
        raise Forbidden(f"{request[USER].role} may not take the {kind} out.")
    table = Table(name=kind.value, title=KINDS[kind], headings=registers.headings(kind))
    return await send_table(request, table, _everything(registers, kind))


async def _page(request: web.Request, error: str = "", kind: str = "") -> web.Response:
    latest = await request.app[INTAKE].imports.latest()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(
        request,
        "admin/imports.html.jinja2",
        status=status,
        latest=latest,
        error=error,
        kind=kind,
        taken_out=[one for one in RegisterKind if _may_see(request, one)],
        KINDS=KINDS,
        STAGES=STAGES,
    )


def _to(request: web.Request, path: str) -> web.Response:
    if request.headers.get("HX-Request"):
        return web.Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": path})
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: path})


async def _refused(request: web.Request, import_id: int) -> AsyncIterator[Row]:
    gettext = words_of(request).gettext
    for one in await request.app[INTAKE].imports.refusals(import_id):
        reasons = [f"{each.column}: {gettext(each.reason)} {each.about}".strip() for each in one.all]
        yield ("; ".join(reasons), *one.line.cells)


async def _everything(registers: Registers, kind: RegisterKind) -> AsyncIterator[Row]:
    async for cells in registers.everything(kind):
        yield list(cells)


async def _asked_for(request: web.Request) -> Import:
    """Find the import; raises NotFound, or Forbidden for people that somebody else brought in."""
    one = await request.app[INTAKE].imports.get(int(request.match_info["id"]))
    if one.user_id != request[USER].id and not _may_see(request, one.kind):
        raise Forbidden(f"{request[USER].role} may not see import {one.id} of {one.kind}.")
    return one


def _may_see(request: web.Request, kind: RegisterKind) -> bool:
    """Tell whether the user sees the people of the register on its own pages too."""
    return kind not in OF_PEOPLE or request[USER].may(Permission.SEE_APPEALS)
