"""The two pages of an enterprise: the manager's question, and the specialist's matter."""

from http import HTTPStatus

from aiohttp import web

from cti_server.frame.pages import render
from cti_server.specialists.matters import Matter
from cti_server.specialists.sources import SPECIALISTS
from cti_server.specialists.words import CONTEXT
from hotline.specialists.involvements import LONGEST_WORDS, Involvement


async def show_question(
    request: web.Request,
    one: Involvement,
    matter: Matter,
    *,
    fault: tuple[str, str] = ("", ""),
    account: bool,
    consents: bool = True,
) -> web.Response:
    """Show what is asked of the manager; of the matter itself nothing but its kind and number."""
    sources = request.app[SPECIALISTS]
    now = sources.now()
    return _shown(
        request,
        "specialists/question.html.jinja2",
        one,
        fault,
        account=account,
        acts=one.possible(now) if consents and not matter.over else frozenset(),
        over=matter.over,
        history=await sources.involvements.history(one.id) if account else (),
    )


def show_matter(
    request: web.Request,
    one: Involvement,
    matter: Matter,
    *,
    fault: tuple[str, str] = ("", ""),
    account: bool,
) -> web.Response:
    """Show the matter to the specialist, with the form of the conclusion."""
    return _shown(request, "specialists/matter.html.jinja2", one, fault, account=account, matter=matter)


def _shown(
    request: web.Request, template: str, one: Involvement, fault: tuple[str, str], **context: object
) -> web.Response:
    sources = request.app[SPECIALISTS]
    shown = render(
        request,
        template,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault[0] else HTTPStatus.OK,
        **CONTEXT,
        **context,
        one=one,
        fault=fault[0],
        said=fault[1],
        now=sources.now(),
        number=sources.number,
        longest=LONGEST_WORDS,
    )
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown
