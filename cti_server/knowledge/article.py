"""One article: what it says, who answers for it, its versions and what each changed."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, timedelta

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.language import language_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.knowledge.filters import PATH
from cti_server.knowledge.listing import names_of
from cti_server.knowledge.sources import KNOWLEDGE
from cti_server.knowledge.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.knowledge.articles import Article, Content, Standing
from hotline.knowledge.changes import changes

REVIEWED_FOR = timedelta(days=180)
"""How long a review holds unless another day is set."""


@allowed(Permission.SEE_KNOWLEDGE)
async def page(request: web.Request) -> web.Response:
    """The present version, or `?version=`, with what that one changed."""
    sources, user = request.app[KNOWLEDGE], request[USER]
    versions = await sources.articles.versions(article_id(request))
    if not versions:
        raise NotFound(f"There is no article {article_id(request)}.")
    one = _chosen(versions, whole(request.query.get("version", "")))
    before = next((other for other in versions if other.version == one.version - 1), None)
    await audit(request, Action.VIEW, f"article:{one.id}", f"version {one.version}")
    return render(
        request,
        "knowledge/article.html.jinja2",
        status=200,
        **CONTEXT,
        one=one,
        wording=one.wording(language_of(request)),
        present=versions[0],
        versions=[(one, _fields(one, versions)) for one in versions],
        changed=changes(before, one) if before else None,
        today=sources.today(),
        may_change=versions[0].may_change(user),
        names=await names_of(request),
    )


@allowed(Permission.WRITE_KNOWLEDGE)
async def reviewed(request: web.Request) -> web.Response:
    """Say that it is still so: the next review is in half a year; one that had expired holds until then."""
    one = await own_article(request)
    today = request.app[KNOWLEDGE].today()
    until = today + REVIEWED_FOR
    last = one.valid_until
    moved = until if last is not None and last < until and one.standing(today) is Standing.EXPIRED else last
    await _again(request, one, "reviewed", review_on=until, valid_until=moved)
    return noted_at(f"{PATH}/{one.id}", Noted.ARTICLE_REVIEWED)


@allowed(Permission.WRITE_KNOWLEDGE)
async def withdraw(request: web.Request) -> web.Response:
    """Take it out of use, or bring it back."""
    one, form = await own_article(request), await request.post()
    gone = form.get("back") != "yes"
    await _again(request, one, "withdrawn" if gone else "back", withdrawn=gone)
    return noted_at(f"{PATH}/{one.id}", Noted.ARTICLE_WITHDRAWN if gone else Noted.ARTICLE_BACK)


async def own_article(request: web.Request) -> Article:
    """Read the article; a user who may not change it gets 403."""
    one = await request.app[KNOWLEDGE].articles.get(article_id(request))
    if not one.may_change(request[USER]):
        raise web.HTTPForbidden
    return one


def article_id(request: web.Request) -> int:
    return int(request.match_info["id"])


def content_of(article: Article) -> Content:
    """Give what a version says, without its number and writer."""
    return Content(**{one.name: getattr(article, one.name) for one in fields(Content)})


def _chosen(versions: Sequence[Article], number: int | None) -> Article:
    if number is None:
        return versions[0]
    found = next((one for one in versions if one.version == number), None)
    if found is None:
        raise NotFound(f"Article {versions[0].id} has no version {number}.")
    return found


def _fields(one: Article, versions: Sequence[Article]) -> Sequence[str]:
    """Name the fields that a version changed; none of the first."""
    before = next((other for other in versions if other.version == one.version - 1), None)
    return [change.field for change in changes(before, one)] if before else ()


async def _again(request: web.Request, one: Article, act: str, **values: date | bool | None) -> None:
    """Add a version that says the same with other `values`, if it is still the version that was seen."""
    sources, form = request.app[KNOWLEDGE], await request.post()
    await sources.articles.change(
        one.id,
        whole(str(form.get("seen", ""))) or 0,
        replace(content_of(one), **values),  # type: ignore[arg-type]  # each value is of its field
        request[USER].id,
        sources.clock.now(),
    )
    await audit(request, Action.CHANGE, f"article:{one.id}", act)
