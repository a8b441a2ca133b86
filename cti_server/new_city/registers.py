"""The steps of streets and enterprises: lines are looked through first, and then brought in."""

import csv
import io
from http import HTTPStatus

from aiohttp import web

from cti_server.admin.import_words import STAGES
from cti_server.auth.access import Handler
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.frame.uploads import read_upload
from cti_server.new_city.door import NEW_CITY, PATH, in_setup, in_setup_with_files, noted
from cti_server.new_city.words import REGISTERS, STEPS, TYPED_COLUMNS
from hotline.errors import NotFound
from hotline.intake.import_states import Stage
from hotline.intake.imports import MOST_BYTES, Import
from hotline.intake.lines import Unreadable
from hotline.new_city.setup import SetupStep

MOST_SHOWN = 20


def add_registers(app: web.Application) -> None:
    """Add both steps."""
    for step in REGISTERS:
        one = f"{PATH}/{step}" + r"/{id:\d{1,9}}"
        app.router.add_get(f"{PATH}/{step}", _page(step))
        app.router.add_post(f"{PATH}/{step}", _look(step))
        app.router.add_get(one, _shown(step))
        app.router.add_post(one, _take_in(step))


def _page(step: SetupStep) -> Handler:
    @in_setup
    async def page(request: web.Request) -> web.Response:
        return _form(request, step)

    return page


def _look(step: SetupStep) -> Handler:
    @in_setup_with_files
    async def look(request: web.Request) -> web.Response:
        """Look the file or the typed lines through."""
        upload, gettext = await read_upload(request, MOST_BYTES, "typed"), words_of(request).gettext
        typed = upload.fields.get("typed", "").strip()
        name, content = upload.name, upload.content
        if not name:
            name, content = gettext("typed lines"), _as_file(step, typed)
            if not typed:
                return _form(request, step, gettext("Choose a file, or type some lines."))
        try:
            one = await request.app[NEW_CITY].imports.check(REGISTERS[step], name, content, None)
        except Unreadable as error:
            reason = " ".join([gettext(error.message), ", ".join(error.about)]).strip()
            return _form(request, step, f"{name}: {reason}", typed)
        raise web.HTTPSeeOther(f"{PATH}/{step}/{one.id}")

    return look


def _shown(step: SetupStep) -> Handler:
    @in_setup
    async def shown(request: web.Request) -> web.Response:
        """Show what was understood and what is refused, or how far it has come in."""
        imports, one = request.app[NEW_CITY].imports, await _asked_for(request, step)
        waits = one.state is Stage.CHECKED
        return render(
            request,
            "new_city/register_shown.html.jinja2",
            one=one,
            step=step,
            faults=await imports.refusals(one.id, MOST_SHOWN) if waits else (),
            understood=await imports.understood(one.id, MOST_SHOWN) if waits else None,
            STEPS=STEPS,
            STAGES=STAGES,
            most=MOST_SHOWN,
            root=PATH,
        )

    return shown


def _take_in(step: SetupStep) -> Handler:
    @in_setup
    async def take_in(request: web.Request) -> web.Response:
        """Bring in what can be taken; it goes on though the page is closed."""
        one = await _asked_for(request, step)
        await request.app[NEW_CITY].imports.begin(one.id)
        await noted(request, step)
        raise web.HTTPSeeOther(f"{PATH}/{step}/{one.id}")

    return take_in


async def _asked_for(request: web.Request, step: SetupStep) -> Import:
    """Find the import; raises NotFound for one that is no part of this step."""
    one = await request.app[NEW_CITY].imports.get(int(request.match_info["id"]))
    if one.kind is not REGISTERS[step]:
        raise NotFound(f"Import {one.id} is of {one.kind}.")
    return one


def _as_file(step: SetupStep, typed: str) -> bytes:
    """Write typed lines as a file; houses of one street may stand in one line, with commas."""
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";")
    columns = TYPED_COLUMNS[step]
    lines.writerow(columns)
    for line in filter(None, (one.strip() for one in typed.splitlines())):
        cells = [one.strip() for one in line.replace("\t", ";").split(";", len(columns) - 1)]
        cells += [""] * (len(columns) - len(cells))
        houses = cells[1].split(",") if step is SetupStep.STREETS else [cells[1]]
        lines.writerows([cells[0], house.strip(), *cells[2:]] for house in houses)
    return written.getvalue().encode()


def _form(request: web.Request, step: SetupStep, error: str = "", typed: str = "") -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(
        request,
        "new_city/register.html.jinja2",
        status=status,
        step=step,
        error=error,
        typed=typed,
        STEPS=STEPS,
        root=PATH,
    )
