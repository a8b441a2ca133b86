"""The first page of all, for citizens: what number to call, what is off now, what the city tells."""

from collections.abc import Sequence

from aiohttp import web
from attrs import frozen

from cti_server.auth.access import public
from cti_server.frame.homes import home_of, is_there
from cti_server.frame.pages import PAGES
from cti_server.keys import USER
from cti_server.outages.public.address_query import AddressQuery, asked_of
from cti_server.outages.public.published import Made, Rendered
from cti_server.outages.public.sending import HTML, PAGE, send
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.words import Words
from cti_server.status.board import BOARD
from hotline.city.classifier import Utility
from hotline.informing.city_messages import CityMessage, CityMessages
from hotline.outages.bulletin import Bulletin, PublishedOutage

MESSAGES: web.AppKey[CityMessages] = web.AppKey("messages", CityMessages)
PLACES = 3
"""How many places of one utility are named; the page of outages names all."""


@frozen(kw_only=True)
class Off:
    """One utility that is off now: a heading, the first places, and how many more there are."""

    utility: Utility
    text: str
    emergency: bool
    places: Sequence[str]
    more: int


def add_home(app: web.Application, messages: CityMessages) -> None:
    """Add it; it tells of what the pages of outages have read."""
    app[MESSAGES] = messages
    app.router.add_get("/", page)


@public
async def page(request: web.Request) -> web.Response:
    """Show it to citizens; users are led to their home. It comes without the database as well."""
    if (user := request.get(USER)) is not None:
        raise web.HTTPSeeOther(home_of(request.app, user))
    asked, sources, parts = asked_of(request), request.app[PUBLIC], await request.app[BOARD].parts()
    if not parts["database"]:
        made = _made(request, asked, None, None, answered=parts["asterisk"])
        away = Rendered(body=made.text.encode(), content_type=HTML, since=sources.published.clock.now())
        return send(request, away, PAGE)
    message = await request.app[MESSAGES].on(sources.published.clock.now())

    async def make(bulletin: Bulletin) -> Made:
        return _made(request, asked, bulletin, message, answered=parts["asterisk"])

    key = asked.key(f"home {parts['asterisk']} {message.mark if message else ''}")
    return send(request, await sources.published.rendered(key, make), PAGE)


def _made(
    request: web.Request,
    asked: AddressQuery,
    bulletin: Bulletin | None,
    message: CityMessage | None,
    *,
    answered: bool,
) -> Made:
    sources = request.app[PUBLIC]
    words = Words(asked.language, sources.timezone, sources.published.clock.now())
    context = {
        "theme": asked.theme,
        "here": "/",
        "number": sources.number,
        "bulletin": bulletin,
        "off": () if bulletin is None else off_now(bulletin.now, words),
        "message": (message.en if asked.language == "en" else message.uk) if message else "",
        "answered": answered,
        "questions": is_there(request.app, "/questions"),
        "report": is_there(request.app, "/report"),
        "power": is_there(request.app, "/power"),
        "follow": is_there(request.app, "/my"),
        "news": is_there(request.app, "/news"),
        "contacts": is_there(request.app, "/contacts"),
        "words": words,
    }
    text = request.app[PAGES].text(asked.language, "status/home.html.jinja2", context)
    return Made(text=text, content_type=HTML)


def off_now(told: Sequence[PublishedOutage], words: Words) -> Sequence[Off]:
    """Gather the outages by utility, those with an emergency first."""
    found = []
    for utility in Utility:
        some = [one.outage for one in told if one.outage.utility is utility]
        if some:
            places = list(dict.fromkeys(place for one in some for place in words.where(one)))
            found.append(
                Off(
                    utility=utility,
                    text=words.off(some[0]),
                    emergency=any(one.kind == "emergency" for one in some),
                    places=places[:PLACES],
                    more=len(places[PLACES:]),
                )
            )
    return sorted(found, key=lambda one: not one.emergency)
