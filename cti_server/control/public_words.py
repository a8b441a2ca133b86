"""Words of applicants that are to be published: what waits to be read, and the page that decides on one."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import WORDS_PART, TodoQuery
from cti_server.frame.language import N_
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import last_known
from hotline.city.search_terms import saying
from hotline.errors import ForbiddenTransition, NotFound
from hotline.portal.public_texts import (
    LONGEST,
    PUBLIC_TEXT,
    NoWording,
    PublicText,
    TextAct,
    TextState,
    WaitingText,
    checked_wording,
)

PATH = "/todo/words"
MOST_ROWS = 50
STATES: Mapping[TextState, str] = {
    TextState.WAITING: N_("The applicant agrees; nobody has read it yet."),
    TextState.PUBLISHED: N_("Published."),
    TextState.REFUSED: N_("Not published: it was found unfit."),
    TextState.TAKEN_BACK: N_("The applicant has taken their consent back."),
}
_NO_WORDING = N_("Write what is to be published, or press “Do not publish”.")
_LATE = N_("It has changed meanwhile: this is how it stands now.")


async def words_work(request: web.Request, query: TodoQuery) -> Sequence[WaitingText]:
    """Read those that wait for somebody to read them."""
    if not query.shows(WORDS_PART):
        return ()
    found = await request.app[CONTROL].public_texts.waiting(MOST_ROWS)
    return await saying(
        found, lambda one: f"{one.number} {one.text}", query.typed, request.app[CONTROL].lemmas
    )


async def count_words(request: web.Request, _part: str, most: int) -> int:
    """Count them, up to `most`."""
    return len(await request.app[CONTROL].public_texts.waiting(most))


@allowed(Permission.HANDLE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Show the applicant's words beside what anybody reads."""
    appeal = await _appeal(request)
    await audit(request, Action.VIEW, f"appeal:{appeal.number}", "words")
    return await _shown(request, appeal)


@allowed(Permission.HANDLE_APPEALS)
async def decide(request: web.Request) -> web.Response:
    """Publish a wording, refuse it, or write down that the applicant agrees or agrees no more."""
    appeal, form = await _appeal(request), await request.post()
    texts, now = request.app[CONTROL].public_texts, request.app[CONTROL].clock.now()
    do, typed, by = str(form.get("do", "")), str(form.get("wording", "")), request[USER].id
    try:
        match do:
            case TextAct.PUBLISH:
                await texts.publish(appeal.number, checked_wording(typed), by=by, at=now)
            case TextAct.REFUSE:
                await texts.refuse(appeal.number, by=by, at=now)
            case TextAct.TAKE_BACK:
                await texts.take_back(appeal.number, now)
            case TextAct.AGREE:
                await texts.agree(appeal.number, now)
            case _:
                raise web.HTTPBadRequest
    except NoWording:
        return await _shown(request, appeal, typed=typed, fault=_NO_WORDING)
    except ForbiddenTransition:
        return await _shown(request, appeal, typed=typed, fault=_LATE)
    await audit(request, Action.CHANGE, f"appeal:{appeal.number}", f"words {do}")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.path})


async def _appeal(request: web.Request) -> Appeal:
    found = await request.app[CONTROL].registry.find(request.match_info["number"])
    if found is None:
        raise NotFound("There is no such appeal.")
    return found


async def _shown(request: web.Request, appeal: Appeal, *, typed: str = "", fault: str = "") -> web.Response:
    kept: PublicText | None = await request.app[CONTROL].public_texts.find(appeal.number)
    possible = PUBLIC_TEXT.possible(kept.state) if kept else frozenset({TextAct.AGREE})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return render(
        request,
        "control/words.html.jinja2",
        status=status,
        appeal=appeal,
        category=last_known(appeal.category),
        kept=kept,
        said=STATES[kept.state] if kept else "",
        possible=possible,
        wording=typed or (kept.wording if kept else "") or appeal.text[:LONGEST],
        longest=LONGEST,
        fault=fault,
    )
