"""Others reported the same: open appeals of one category and place, linked to the main one at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from cti_server.appeals.acts.refusals import NOT_NOW, OVERTAKEN, SENTENCES, refusal
from cti_server.appeals.card.outage import reported_of
from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.words import CONTEXT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.keeping import Link
from hotline.appeals.appeal import PENDING, Appeal
from hotline.appeals.control import SAME_WITHIN
from hotline.appeals.handling import Overtaken
from hotline.appeals.lists import ListedAppeal
from hotline.errors import ForbiddenTransition, HotlineError, NotFound

MOST_FOUND = 100


@dataclass(frozen=True, slots=True)
class Linked:
    """The result for one appeal: linked, or `why` not."""

    number: str
    why: str = ""


@allowed(Permission.HANDLE_APPEALS)
async def page(request: web.Request) -> web.Response:
    """`?street=1` looks at the whole street instead of the house."""
    appeal = await _main(request)
    await audit(request, Action.VIEW, f"appeal:{appeal.number}", "same")
    return await _show(request, appeal, ())


@allowed(Permission.HANDLE_APPEALS)
async def link(request: web.Request) -> web.Response:
    """Link each ticked appeal (`child`, as NUMBER:VERSION) to this one; shows each result."""
    appeal, form = await _main(request), await request.post()
    ticked = [str(one).partition(":") for one in form.getall("child", [])][:MOST_FOUND]
    if not all(version.isascii() and version.isdigit() for _, _, version in ticked):
        raise web.HTTPBadRequest
    results = [await _linked(request, appeal, number, int(version)) for number, _, version in ticked]
    return await _show(request, appeal, results)


async def found_same(request: web.Request, appeal: Appeal, *, whole_street: bool) -> Sequence[ListedAppeal]:
    """Find reports of the same; none where nothing can be linked to this appeal."""
    sources = request.app[HANDLING]
    if appeal.parent or appeal.state not in PENDING or not (appeal.category and appeal.address):
        return ()
    since = sources.clock.now() - SAME_WITHIN
    return await sources.control.same(appeal, whole_street=whole_street, since=since, limit=MOST_FOUND)


async def _main(request: web.Request) -> Appeal:
    number = request.match_info["number"]
    appeal = await request.app[HANDLING].registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    return appeal


async def _linked(request: web.Request, main: Appeal, number: str, version: int) -> Linked:
    sources = request.app[HANDLING]
    act = Link(by=acting(request[USER]), at=sources.clock.now(), parent=main.number)
    try:
        await sources.handling.carry_out(number, act, version=version)
    except (ActFault, ForbiddenTransition, Overtaken, NotFound) as error:
        return Linked(number, _why(request, error))
    await audit(request, Action.CHANGE, f"appeal:{number}", f"link {main.number}")
    return Linked(number)


def _why(request: web.Request, error: HotlineError) -> str:
    words = words_of(request)
    if isinstance(error, Overtaken):
        return words.gettext(OVERTAKEN)
    return refusal(error, words) if error.text in SENTENCES else words.gettext(NOT_NOW)


async def _show(request: web.Request, appeal: Appeal, results: Sequence[Linked]) -> web.Response:
    whole_street = request.query.get("street") == "1"
    context: dict[str, Any] = {
        **CONTEXT,
        "appeal": appeal,
        "found": await found_same(request, appeal, whole_street=whole_street),
        "whole_street": whole_street,
        "results": results,
        "reported": await reported_of(request, appeal),
        "most": MOST_FOUND,
    }
    return render(request, "appeals/card/same.html.jinja2", **context)
