"""The editor: an article is written, or changed into its next version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import read_form
from cti_server.frame.language import words_of
from cti_server.frame.moments import day_typed
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.knowledge.article import REVIEWED_FOR, content_of, own_article
from cti_server.knowledge.filters import PATH
from cti_server.knowledge.sources import KNOWLEDGE
from cti_server.knowledge.typed import TOPICS, Fault, Typed, content_typed, faults_of, typed_of
from cti_server.knowledge.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.classifier import classifier
from hotline.errors import ForbiddenTransition, Outdated
from hotline.knowledge.articles import (
    LONGEST_ANSWER,
    LONGEST_NOTE,
    LONGEST_QUESTION,
    LONGEST_SAID_AS,
    Article,
)
from hotline.knowledge.missing import MissingAnswer
from hotline.knowledge.missing_states import MissingState


@allowed(Permission.WRITE_KNOWLEDGE)
async def new(request: web.Request) -> web.Response:
    """An empty form; `?missing=` is the question that it will answer, `?category=` what it is about."""
    asked = await _missing(request, whole(request.query.get("missing", "")) or 0)
    review = request.app[KNOWLEDGE].today() + REVIEWED_FOR
    category = asked.category if asked else request.query.get("category", "")
    typed = Typed(
        question_uk=asked.question if asked else "",
        categories=(category,) if category else (),
        owner=request[USER].id,
        review_on=day_typed(review),
        missing=asked.id if asked else 0,
    )
    return await _show(request, typed, None, asked)


@allowed(Permission.WRITE_KNOWLEDGE)
async def add(request: web.Request) -> web.Response:
    """Add the article, and close the question that it was written for."""
    sources, typed = request.app[KNOWLEDGE], await _typed(request, None)
    asked = await _missing(request, typed.missing)
    faults = faults_of(typed, [one.id for one in await owners_of(request)], sources.today())
    if faults:
        return await _show(request, typed, None, asked, faults)
    made = await sources.articles.add(
        content_typed(typed, None),
        request[USER].id,
        sources.clock.now(),
        note=typed.note,
        answers=asked.id if asked else None,
    )
    await audit(request, Action.ADD, f"article:{made.id}", f"missing:{asked.id}" if asked else "")
    return noted_at(f"{PATH}/{made.id}", Noted.ARTICLE_SAVED)


@allowed(Permission.WRITE_KNOWLEDGE)
async def form(request: web.Request) -> web.Response:
    """The form with the present version in it."""
    one = await own_article(request)
    return await _show(request, typed_of(content_of(one), one.version), one, None)


@allowed(Permission.WRITE_KNOWLEDGE)
async def save(request: web.Request) -> web.Response:
    """Add the next version; who was slower sees theirs again, and saves it by a second press."""
    one, sources = await own_article(request), request.app[KNOWLEDGE]
    typed = await _typed(request, one)
    owners = [item.id for item in await owners_of(request, one)]
    faults = faults_of(typed, owners, sources.today())
    if faults:
        return await _show(request, typed, one, None, faults)
    content = content_typed(typed, one)
    if content == content_of(one):
        return noted_at(f"{PATH}/{one.id}", Noted.ARTICLE_SAVED)
    try:
        await sources.articles.change(
            one.id, typed.seen, content, request[USER].id, sources.clock.now(), note=typed.note
        )
    except Outdated:
        latest = await sources.articles.get(one.id)
        return await _show(request, replace(typed, seen=latest.version), latest, None, overtaken=True)
    await audit(request, Action.CHANGE, f"article:{one.id}", f"version {typed.seen + 1}")
    return noted_at(f"{PATH}/{one.id}", Noted.ARTICLE_SAVED)


async def owners_of(request: web.Request, one: Article | None = None) -> Sequence[User]:
    """List who can answer for an article; only who looks after all of them hands one over."""
    users = [
        user
        for user in await request.app[ACCOUNTS].users.all()
        if user.active and user.may(Permission.WRITE_KNOWLEDGE)
    ]
    if request[USER].may(Permission.MANAGE_KNOWLEDGE):
        return users
    own = one.owner_id if one else request[USER].id
    return [user for user in users if user.id == own]


async def _typed(request: web.Request, before: Article | None) -> Typed:
    """Read the form; who may not publish leaves that as it was."""
    typed = read_form(Typed, await request.post())
    if request[USER].may(Permission.MANAGE_KNOWLEDGE):
        return typed
    owner = before.owner_id if before else request[USER].id
    public, spoken = (before.public, before.spoken) if before else (False, False)
    return replace(typed, owner=owner, public=public, spoken=spoken)


async def _missing(request: web.Request, number: int) -> MissingAnswer | None:
    if not number:
        return None
    asked = await request.app[KNOWLEDGE].missing.get(number)
    if not asked.may_close(request[USER]):
        raise web.HTTPForbidden
    if asked.state is not MissingState.OPEN:
        raise ForbiddenTransition(f"Question {number} is closed already.")
    return asked


async def _show(
    request: web.Request,
    typed: Typed,
    one: Article | None,
    asked: MissingAnswer | None,
    faults: Mapping[str, Fault] | None = None,
    *,
    overtaken: bool = False,
) -> web.Response:
    gettext = words_of(request).gettext
    said = {name: gettext(fault.text) % fault.of for name, fault in (faults or {}).items()}
    return render(
        request,
        "knowledge/edit.html.jinja2",
        status=409 if overtaken else 422 if faults else 200,
        **CONTEXT,
        typed=typed,
        one=one,
        asked=asked,
        faults=said,
        overtaken=overtaken,
        owners=await owners_of(request, one),
        by_section=classifier().by_section(),
        TOPICS=TOPICS,
        longest={
            "question": LONGEST_QUESTION,
            "answer": LONGEST_ANSWER,
            "said_as": LONGEST_SAID_AS,
            "note": LONGEST_NOTE,
        },
    )
