"""Beside a talk: articles and bodies that fit it, what was told, and a question that no article answers."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.directory.pages import context as directory_context
from cti_server.directory.sources import DIRECTORY
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.knowledge.article import article_id
from cti_server.knowledge.missing import noted
from cti_server.knowledge.sources import KNOWLEDGE
from cti_server.knowledge.words import CONTEXT, category_name
from hotline.access.permissions import Permission
from hotline.calls.call import JourneyStep, Step
from hotline.calls.skills import Skill, topic_of
from hotline.city.classifier import Utility
from hotline.desk.callers import menu_key
from hotline.directory.entries import fitting
from hotline.errors import NotFound
from hotline.foreign_text import tidied
from hotline.knowledge.finding import About, proposed, said_in

TOPIC_KEYS: Mapping[str, Skill] = {"1": Skill.OUTAGES, "2": Skill.APPEALS}
"""Keys of the main menu that name a topic."""
_MOST_NOTED = 20


@allowed(Permission.ANSWER_CALLS, Permission.WRITE_KNOWLEDGE)
async def page(request: web.Request) -> web.Response:
    """`?call=` in hand, `?category=` as it is chosen in its form, `?text=` as it is typed there so far."""
    call = await _call(request, tidied(request.query.get("call", "")))
    return await _show(request, call)


@allowed(Permission.ANSWER_CALLS, Permission.WRITE_KNOWLEDGE)
async def told(request: web.Request) -> web.Response:
    """Note with `call` that the article was told there; `told` is "no" to take that back."""
    sources, given = request.app[KNOWLEDGE], await request.post()
    call = await _call(request, tidied(str(given.get("call", ""))))
    article = await sources.articles.get(article_id(request))
    if given.get("told") == "no":
        await sources.uses.take_back(article.id, call)
        await audit(request, Action.REMOVE, f"article:{article.id}", f"call:{call}")
    else:
        await sources.uses.note(article, call, request[USER].id, sources.clock.now())
        await audit(request, Action.ADD, f"article:{article.id}", f"call:{call}")
    return await _show(request, call, given)


@allowed(Permission.ANSWER_CALLS, Permission.WRITE_KNOWLEDGE)
async def missing(request: web.Request) -> web.Response:
    """Note with `call` the `question` that no article answers."""
    given = await request.post()
    call = await _call(request, tidied(str(given.get("call", ""))))
    if await noted(request, call_id=call) is None:
        raise web.HTTPBadRequest
    return await _show(request, call, given)


async def _call(request: web.Request, call_id: str) -> str:
    """Give the id of a call that there is, perhaps not written down yet; raises NotFound."""
    calls = request.app[KNOWLEDGE].calls
    if not call_id or (await calls.find(call_id) is None and not await calls.so_far(call_id)):
        raise NotFound("There is no such call.")
    return call_id


async def _show(request: web.Request, call: str, given: Mapping[str, object] | None = None) -> web.Response:
    asked = {name: str(value) for name, value in (given or request.query).items()}
    sources, user = request.app[KNOWLEDGE], request[USER]
    talk = sources.live.of(call, user.dispatcher_id)
    category = asked.get("category", "")
    text = f"{asked.get('text', '')} {talk.of_caller if talk else ''}"
    said = await said_in(text, sources.lemmas)
    meant = await said_in(f"{category_name(category, 'uk')} {text}", sources.lemmas) if category else said
    directory = request.app[DIRECTORY]
    about = About(
        category=category,
        topics=_topics(await sources.calls.so_far(call)),
        said=said,
    )
    used = await sources.uses.of_call(call)
    fit = proposed(await sources.articles.all(), about, sources.today())
    told_ids = [one.article.id for one in used]
    mine = [one for one in await sources.missing.noted_by(user.id, _MOST_NOTED) if one.call_id == call]
    return render(
        request,
        "knowledge/beside.html.jinja2",
        status=200,
        **CONTEXT,
        **directory_context(request),
        call_id=call,
        articles=[
            *(one.article for one in used if one.article.id not in {other.id for other in fit}),
            *fit,
        ],
        entries=await fitting(await directory.entries(), meant, directory.lemmas),
        told=told_ids,
        noted=mine,
    )


def _topics(steps: Sequence[JourneyStep]) -> Sequence[Skill]:
    """Give the topics that a caller chose by key."""
    pressed = [key for one in steps if one.step is Step.PRESSED and (key := menu_key(one.detail))]
    off = [str(one.detail["utility"]) for one in steps if one.step is Step.REPORTED_OFF]
    supplies = [topic_of(Utility(one)) for one in off if one in set(Utility)]
    return [*(TOPIC_KEYS[key] for key in pressed if key in TOPIC_KEYS), *(one for one in supplies if one)]
