"""Questions without an answer: noted, passed on, answered by an article that there is, dismissed, read."""

from collections.abc import Collection, Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import read_reason
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.knowledge.filters import MISSING, PATH
from cti_server.knowledge.listing import names_of
from cti_server.knowledge.sources import KNOWLEDGE
from cti_server.knowledge.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.city.classifier import classifier
from hotline.foreign_text import tidied
from hotline.knowledge.articles import Article
from hotline.knowledge.finding import About, proposed, said_in
from hotline.knowledge.missing import LONGEST_DISMISSAL, LONGEST_MISSING, MissingAnswer, owner_of
from hotline.knowledge.missing_states import MissingState

LISTED = f"{PATH}?part={MISSING}"


@allowed(Permission.WRITE_KNOWLEDGE)
async def note(request: web.Request) -> web.Response:
    """Note `question`, with the `category` that it is about."""
    made = await noted(request, call_id=None)
    if made is None:
        raise web.HTTPBadRequest
    return noted_at(LISTED, Noted.MISSING_NOTED)


async def noted(request: web.Request, *, call_id: str | None) -> MissingAnswer | None:
    """Note the question of a form for the owner of its category; None for an empty or overlong one."""
    sources, given = request.app[KNOWLEDGE], await request.post()
    question = " ".join(tidied(str(given.get("question", ""))).split())
    category = str(given.get("category", ""))
    category = category if category in classifier().categories else ""
    if not question or len(question) > LONGEST_MISSING:
        return None
    made = await sources.missing.note(
        question,
        request[USER].id,
        sources.clock.now(),
        call_id=call_id,
        category=category,
        owner_id=owner_of(category, await sources.articles.all()),
    )
    await audit(request, Action.ADD, f"missing:{made.id}", f"call:{call_id}" if call_id else "")
    return made


@allowed(Permission.WRITE_KNOWLEDGE)
async def page(request: web.Request) -> web.Response:
    """One question: what can be done with it, or what came of it."""
    one = await _get(request)
    await audit(request, Action.VIEW, f"missing:{one.id}")
    return await _show(request, one)


@allowed(Permission.MANAGE_KNOWLEDGE)
async def pass_on(request: web.Request) -> web.Response:
    """Have another user answer it."""
    one, given = await _get(request), await request.post()
    owner = whole(str(given.get("owner", "")))
    if owner not in await _writers(request):
        raise web.HTTPBadRequest
    await request.app[KNOWLEDGE].missing.pass_on(one.id, owner)
    await audit(request, Action.CHANGE, f"missing:{one.id}", f"user:{owner}")
    return noted_at(f"{PATH}/missing/{one.id}", Noted.MISSING_PASSED)


@allowed(Permission.WRITE_KNOWLEDGE)
async def answered(request: web.Request) -> web.Response:
    """Close it with an `article` that there is already."""
    one, sources = await _own(request), request.app[KNOWLEDGE]
    article = await sources.articles.get(whole(str((await request.post()).get("article", ""))) or 0)
    await sources.missing.answer(one.id, article.id, request[USER].id, sources.clock.now())
    await audit(request, Action.CHANGE, f"missing:{one.id}", f"article:{article.id}")
    return noted_at(f"{PATH}/missing/{one.id}", Noted.MISSING_CLOSED)


@allowed(Permission.WRITE_KNOWLEDGE)
async def dismiss(request: web.Request) -> web.Response:
    """Close it without an article, and say why."""
    one, sources = await _own(request), request.app[KNOWLEDGE]
    reason = read_reason(await request.post())
    if not reason:
        return await _show(request, one, no_reason=True)
    await sources.missing.dismiss(one.id, reason, request[USER].id, sources.clock.now())
    await audit(request, Action.CHANGE, f"missing:{one.id}", "dismissed")
    return noted_at(f"{PATH}/missing/{one.id}", Noted.MISSING_CLOSED)


@allowed(Permission.WRITE_KNOWLEDGE)
async def read(request: web.Request) -> web.Response:
    """Mark what came of it as seen by the user who noted it."""
    one, sources = await _get(request), request.app[KNOWLEDGE]
    if one.user_id != request[USER].id:
        raise web.HTTPForbidden
    await sources.missing.read(one.id, sources.clock.now())
    there = f"{PATH}/{one.article_id}" if one.article_id else f"{PATH}/missing/{one.id}"
    return noted_at(there, Noted.MISSING_READ)


async def _get(request: web.Request) -> MissingAnswer:
    return await request.app[KNOWLEDGE].missing.get(int(request.match_info["id"]))


async def _own(request: web.Request) -> MissingAnswer:
    one = await _get(request)
    if not one.may_close(request[USER]):
        raise web.HTTPForbidden
    return one


async def _writers(request: web.Request) -> Collection[int]:
    users = await request.app[ACCOUNTS].users.all()
    return [one.id for one in users if one.active and one.may(Permission.WRITE_KNOWLEDGE)]


async def _near(request: web.Request, one: MissingAnswer) -> Sequence[Article]:
    """Find articles that may answer it already."""
    if one.state is not MissingState.OPEN:
        return ()
    sources = request.app[KNOWLEDGE]
    about = About(category=one.category, said=await said_in(one.question, sources.lemmas))
    return proposed(await sources.articles.all(), about, sources.today())


async def _show(request: web.Request, one: MissingAnswer, *, no_reason: bool = False) -> web.Response:
    sources, user = request.app[KNOWLEDGE], request[USER]
    return render(
        request,
        "knowledge/missing.html.jinja2",
        status=422 if no_reason else 200,
        **CONTEXT,
        one=one,
        near=await _near(request, one),
        article=await sources.articles.get(one.article_id) if one.article_id else None,
        may_close=one.may_close(user) and one.state is MissingState.OPEN,
        noted_by_me=one.user_id == user.id,
        names=await names_of(request),
        writers=await _writers(request),
        no_reason=no_reason,
        longest=LONGEST_DISMISSAL,
    )
