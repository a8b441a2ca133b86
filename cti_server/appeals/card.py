"""One appeal on a page of its own, or opened at the desk beside what is being typed."""

from aiohttp import web

from cti_server.appeals.showing import show
from cti_server.appeals.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from hotline.classifier import classifier
from hotline.errors import NotFound
from hotline.users import Permission


@allowed(Permission.SEE_APPEALS)
async def page(request: web.Request) -> web.Response:
    return await _show(request, "card")


@allowed(Permission.ANSWER_CALLS)
async def opened(request: web.Request) -> web.Response:
    return await _show(request, "opened")


async def _show(request: web.Request, template: str) -> web.Response:
    sources, number = request.app[APPEALS], request.match_info["number"]
    appeal = await sources.registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    await audit(request, Action.VIEW, f"appeal:{number}", "desk" if template == "opened" else "")
    category = classifier(appeal.classifier).categories.get(appeal.category)
    person = None if appeal.applicant_id is None else await sources.citizens.get(appeal.applicant_id)
    return show(request, template, {"appeal": appeal, "category": category, "person": person})
