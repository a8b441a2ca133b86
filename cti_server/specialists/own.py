"""The enterprise's pages of specialists: what is asked of it, its consent, and what a specialist sees."""

from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.specialists.answering import CONCLUSION, CONSENT, take
from cti_server.specialists.matters import Matter, matter_of
from cti_server.specialists.showing import show_matter, show_question
from cti_server.specialists.sources import SPECIALISTS
from cti_server.specialists.words import CONTEXT, OWN
from hotline.access.permissions import Permission
from hotline.appeals.acts.actors import SERVICE
from hotline.errors import NotFound
from hotline.specialists.involvements import By, Involvement

MOST = 200


async def asked_of(request: web.Request, enterprise: int) -> int:
    """Count what waits for the enterprise's consent, for the page that leads here."""
    if SPECIALISTS not in request.app:
        return 0
    sources = request.app[SPECIALISTS]
    return await sources.involvements.asked_of(enterprise, sources.now())


@allowed(Permission.WORK_ON_APPEALS)
async def listing(request: web.Request) -> web.Response:
    """Whom the centre asks for, what waits for consent first."""
    sources = request.app[SPECIALISTS]
    await audit(request, Action.VIEW, "specialists")
    return render(
        request,
        "specialists/own_list.html.jinja2",
        status=HTTPStatus.OK,
        **CONTEXT,
        found=await sources.involvements.of_enterprise(enterprise_of(request), MOST),
        now=sources.now(),
    )


@allowed(Permission.WORK_ON_APPEALS)
async def question(request: web.Request) -> web.Response:
    """One of them."""
    one = await _own(request)
    await audit(request, Action.VIEW, f"specialist:{one.id}")
    return await _show_question(request, one)


@allowed(Permission.WORK_ON_APPEALS)
async def answer(request: web.Request) -> web.Response:
    """Take the enterprise's answer; nobody answers for themselves."""
    one = await _own(request)
    if not one.may_consent(request[USER]):
        raise web.HTTPForbidden
    fault = await take(request, one, CONSENT, _by(request))
    if fault[0]:
        return await _show_question(request, await _own(request), fault)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{OWN}/{one.id}"})


@allowed(Permission.WORK_ON_APPEALS)
async def matter(request: web.Request) -> web.Response:
    """The matter, for the specialist alone, and only while they take part."""
    one, seen = await _drawn_in(request)
    await audit(request, Action.VIEW, f"{one.kind}:{one.matter}", f"specialist:{one.id}")
    return show_matter(request, one, seen, account=True)


@allowed(Permission.WORK_ON_APPEALS)
async def conclude(request: web.Request) -> web.Response:
    """Take the specialist's conclusion."""
    one, seen = await _drawn_in(request)
    fault = await take(request, one, CONCLUSION, _by(request))
    if fault[0]:
        one, seen = await _drawn_in(request)
        return show_matter(request, one, seen, fault=fault, account=True)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{OWN}/{one.id}/matter"})


async def _show_question(
    request: web.Request, one: Involvement, fault: tuple[str, str] = ("", "")
) -> web.Response:
    about = await matter_of(request, one.kind, one.matter)
    consents = one.may_consent(request[USER])
    return await show_question(request, one, about, fault=fault, account=True, consents=consents)


def _by(request: web.Request) -> By:
    return By(actor=SERVICE, user_id=request[USER].id)


async def _own(request: web.Request) -> Involvement:
    one = await request.app[SPECIALISTS].involvements.get(int(request.match_info["id"]))
    if one.executor_id != enterprise_of(request):
        raise NotFound(f"The specialist's part {one.id} is of another enterprise.")
    return one


async def _drawn_in(request: web.Request) -> tuple[Involvement, Matter]:
    """Find the specialist's own part; NotFound for anybody else, and once it has ended."""
    one = await _own(request)
    about = await matter_of(request, one.kind, one.matter)
    if one.user_id != request[USER].id or about.over or not one.sees(request.app[SPECIALISTS].now()):
        raise NotFound(f"User {request[USER].id} does not take part in {one.kind} {one.matter} now.")
    return one, about
