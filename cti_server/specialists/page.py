"""A specialist's part for the centre: how it stands, what happened, its end; and the part of a card."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.inquiries.acting import OVERTAKEN
from cti_server.keys import ACCOUNTS, USER
from cti_server.specialists.answering import TOO_LONG
from cti_server.specialists.asking import asked_about
from cti_server.specialists.matters import matter_seen
from cti_server.specialists.sources import SPECIALISTS
from cti_server.specialists.words import CONTEXT, PATH
from hotline.access.permissions import Permission
from hotline.appeals.acts.actors import acting
from hotline.errors import ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.specialists.involvement_states import InvolvementAct
from hotline.specialists.involvements import LONGEST_WORDS, By, Involvement
from hotline.specialists.telling import manager_of


@allowed(Permission.ASK_ENTERPRISES)
async def of_matter(request: web.Request) -> web.Response:
    """The part of a card that lists who is drawn into the matter."""
    kind, matter = asked_about(request)
    found = await matter_seen(request, kind, matter)
    sources = request.app[SPECIALISTS]
    return render(
        request,
        "specialists/of_matter.html.jinja2",
        status=HTTPStatus.OK,
        **CONTEXT,
        record=f"{kind}:{matter}",
        over=found.over,
        found=await sources.involvements.of_matter(kind, matter),
        enterprises={one.id: one.short for one in await sources.executors.all()},
        now=sources.now(),
    )


@allowed(Permission.ASK_ENTERPRISES)
async def page(request: web.Request) -> web.Response:
    one = await _one(request)
    await audit(request, Action.VIEW, f"specialist:{one.id}")
    return await _show(request, one)


@allowed(Permission.ASK_ENTERPRISES)
async def end(request: web.Request) -> web.Response:
    """End the part: what came of it is read, or nobody is needed any more."""
    one, form, sources = await _one(request), await request.post(), request.app[SPECIALISTS]
    said, user = tidied(str(form.get("said", ""))), request[USER]
    if len(said) > LONGEST_WORDS:
        return await _show(request, one, TOO_LONG, HTTPStatus.UNPROCESSABLE_ENTITY)
    if whole(str(form.get("version", ""))) != one.version:
        return await _show(request, one, OVERTAKEN, HTTPStatus.CONFLICT)
    by = By(actor=acting(user), user_id=user.id)
    try:
        await sources.involvements.act(one, InvolvementAct.END, by, sources.now(), said=said)
    except (Outdated, ForbiddenTransition):
        return await _show(request, await _one(request), OVERTAKEN, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"specialist:{one.id}", "finished")
    return noted_at(f"{PATH}/{one.id}", Noted.SPECIALIST_ENDED)


async def _one(request: web.Request) -> Involvement:
    one = await request.app[SPECIALISTS].involvements.get(int(request.match_info["id"]))
    await matter_seen(request, one.kind, one.matter)
    return one


async def _show(
    request: web.Request, one: Involvement, fault: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    sources = request.app[SPECIALISTS]
    executor = await sources.executors.get(one.executor_id)
    return render(
        request,
        "specialists/one.html.jinja2",
        status=status,
        **CONTEXT,
        one=one,
        enterprise=executor,
        manager=manager_of(one, executor),
        history=await sources.involvements.history(one.id),
        names={user.id: user.name for user in await request.app[ACCOUNTS].users.all()},
        fault=fault,
        now=sources.now(),
        longest=LONGEST_WORDS,
    )
