"""The pages of links: a manager's consent, and the matter of a specialist without an account."""

from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import public
from cti_server.frame.recipient_pages import recipient_number
from cti_server.specialists.answering import CONCLUSION, CONSENT, take
from cti_server.specialists.matters import Matter, matter_of
from cti_server.specialists.showing import show_matter, show_question
from cti_server.specialists.sources import SPECIALISTS
from hotline.appeals.acts.actors import SERVICE
from hotline.enterprises.executors import Contact
from hotline.errors import NotFound
from hotline.specialists.involvements import By, Involvement
from hotline.specialists.telling import MANAGER, SPECIALIST, manager_of


@public
async def question(request: web.Request) -> web.Response:
    one, about, _ = await _asked(request)
    return await show_question(request, one, about, account=False)


@public
async def answer(request: web.Request) -> web.Response:
    """Take the manager's answer."""
    one, about, manager = await _asked(request)
    fault = await take(request, one, CONSENT, By(actor=SERVICE, who=manager.name))
    if fault[0]:
        one, about, _ = await _asked(request)
        return await show_question(request, one, about, fault=fault, account=False)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: request.path})


@public
async def matter(request: web.Request) -> web.Response:
    one, about = await _drawn_in(request)
    await audit(request, Action.VIEW, f"{one.kind}:{one.matter}", f"specialist:{one.id}")
    return show_matter(request, one, about, account=False)


@public
async def conclude(request: web.Request) -> web.Response:
    """Take the specialist's conclusion."""
    one, about = await _drawn_in(request)
    fault = await take(request, one, CONCLUSION, By(actor=SERVICE, who=one.name))
    if fault[0]:
        one, about = await _drawn_in(request)
        return show_matter(request, one, about, fault=fault, account=False)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: request.path})


async def _asked(request: web.Request) -> tuple[Involvement, Matter, Contact]:
    """Find what the manager's link is about.

    Raises NotFound for a link that we did not sign, of somebody who is no manager there any more, or of a
    part whose time is over.
    """
    sources = request.app[SPECIALISTS]
    one = await sources.involvements.get(recipient_number(request, sources, MANAGER))
    manager = manager_of(one, await sources.executors.get(one.executor_id))
    if manager is None or one.over(sources.now()):
        raise NotFound("This link opens nothing any more.")
    return one, await matter_of(request, one.kind, one.matter), manager


async def _drawn_in(request: web.Request) -> tuple[Involvement, Matter]:
    """Find the specialist's part; NotFound once it has ended, and for one who has an account."""
    sources = request.app[SPECIALISTS]
    one = await sources.involvements.get(recipient_number(request, sources, SPECIALIST))
    about = await matter_of(request, one.kind, one.matter)
    executor = await sources.executors.get(one.executor_id)
    if one.user_id is not None or about.over or not executor.active or not one.sees(sources.now()):
        raise NotFound("This link opens nothing any more.")
    return one, about
