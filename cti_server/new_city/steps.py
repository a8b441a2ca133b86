"""The list of steps, and the end of the set-up."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import public
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.new_city.door import NEW_CITY, PATH, SUBJECT, code_page, in_setup, is_in, require_open
from cti_server.new_city.words import ABOUT, STEPS
from hotline.new_city.setup import NEEDED, NotReady


@public
async def page(request: web.Request) -> web.Response:
    """Show what is done and what is left; to any other browser the form for the code."""
    await require_open(request)
    return await _page(request) if await is_in(request) else code_page(request)


@in_setup
async def finish(request: web.Request) -> web.StreamResponse:
    """Close the set-up for good; from here on people sign in."""
    sources = request.app[NEW_CITY]
    try:
        await sources.setup.finish(sources.clock.now())
    except NotReady:
        error = words_of(request).gettext("Some steps are still needed: they are marked in the list.")
        return await _page(request, error, HTTPStatus.UNPROCESSABLE_ENTITY)
    await audit(request, Action.CHANGE, SUBJECT, "finished")
    raise web.HTTPSeeOther("/sign-in")


async def _page(request: web.Request, error: str = "", status: int = HTTPStatus.OK) -> web.Response:
    return render(
        request,
        "new_city/steps.html.jinja2",
        status=status,
        error=error,
        setup=await request.app[NEW_CITY].setup.get(),
        NEEDED=NEEDED,
        STEPS=STEPS,
        ABOUT=ABOUT,
        root=PATH,
    )
