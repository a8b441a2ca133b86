"""The public page of news: what was published, month by month, with its corrections; read without scripts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from aiohttp import web

from cti_server.auth.access import Handler, open_to_all, public
from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.published import Rendered
from cti_server.outages.public.sending import FEED, HTML, PAGE, send
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.words import Words
from cti_server.statements.feeds import NewsFeed, atom, rss
from cti_server.statements.sources import STATEMENTS
from hotline.errors import NotFound
from hotline.statements.statements import PublicStatement, public_statements

PATH = "/news"
LATEST = 20
"""The number of pieces on the first page and in the feeds; a month has all of its own."""
_KINDS: Mapping[str, tuple[Callable[[NewsFeed], str], str]] = {
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "rss": (rss, "application/rss+xml; charset=utf-8"),
}


@public
async def page(request: web.Request) -> web.Response:
    """The latest ones; `?month=2026-11` is a month of the archive, one without news is 404."""
    every, wanted = await published(request), request.query.get("month", "")
    zone = request.app[STATEMENTS].timezone
    months = Counter(f"{one.published_at.astimezone(zone):%Y-%m}" for one in every)
    if wanted and wanted not in months:
        raise NotFound("There is no news of that month.")
    found = [one for one in every if f"{one.published_at.astimezone(zone):%Y-%m}" == wanted]
    here = f"{PATH}?month={wanted}" if wanted else PATH
    shown = found if wanted else every[:LATEST]
    return _page(request, "news", _changed_at(every), here=here, found=shown, months=months, month=wanted)


@public
async def one(request: web.Request) -> web.Response:
    """One statement; one that is not published yet is not there, of a withdrawn one the reason is."""
    wanted = int(request.match_info["id"])
    found = next((one for one in await published(request) if one.id == wanted), None)
    if found is None:
        raise NotFound("There is no such news.")
    return _page(request, "piece", found.changed_at, here=f"{PATH}/{wanted}", one=found)


def feed(kind: str) -> Handler:
    """Make the handler of one kind of feed."""
    write, content_type = _KINDS[kind]

    @open_to_all
    async def handler(request: web.Request) -> web.Response:
        asked, sources = asked_of(request, looks=False), request.app[PUBLIC]
        every = await published(request)
        at = _changed_at(every)
        text = write(
            NewsFeed(
                found=sorted(every, key=lambda one: one.changed_at, reverse=True)[:LATEST],
                changed_at=at,
                words=Words(asked.language, sources.timezone, at, lasting=True),
                site=sources.address,
                query="" if asked.language == "uk" else f"?lang={asked.language}",
                path=request.path,
            )
        )
        return send(request, Rendered(body=text.encode(), content_type=content_type, since=at), FEED)

    return handler


async def published(request: web.Request) -> Sequence[PublicStatement]:
    """List what residents read now, the one published last first."""
    sources = request.app[STATEMENTS]
    return public_statements(await sources.statements.approved(), sources.clock.now())


def _changed_at(every: Sequence[PublicStatement]) -> datetime:
    """Give the moment of the latest change; the oldest that can be told where there is no news."""
    return max((one.changed_at for one in every), default=datetime.fromtimestamp(0, UTC))


def _page(
    request: web.Request, name: str, changed_at: datetime, *, here: str, **context: object
) -> web.Response:
    asked, sources = asked_of(request), request.app[PUBLIC]
    shared = {
        "theme": asked.theme,
        "here": here,
        "number": sources.number,
        "words": Words(asked.language, sources.timezone, changed_at, lasting=True),
        "feed": PATH + ".atom" + ("" if asked.language == "uk" else f"?lang={asked.language}"),
    }
    text = request.app[PAGES].text(asked.language, f"statements/{name}.html.jinja2", shared | context)
    return send(request, Rendered(body=text.encode(), content_type=HTML, since=changed_at), PAGE)
