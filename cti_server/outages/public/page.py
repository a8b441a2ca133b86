"""The page of outages: the whole city, or one address. Works without scripts, and is sent as kept bytes."""

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from cti_server.auth.access import open_to_all
from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import AddressOutages, AddressQuery, asked_of, place_of
from cti_server.outages.public.published import Made
from cti_server.outages.public.sending import HTML, PAGE, send
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.timeline import timeline
from cti_server.outages.public.words import Words
from hotline.outages.bulletin import Bulletin, PublishedOutage, told_of


@open_to_all
async def page(request: web.Request) -> web.Response:
    """Show all outages of the city; with `address`, those there."""
    asked, sources = asked_of(request), request.app[PUBLIC]

    async def make(bulletin: Bulletin) -> Made:
        place = await place_of(asked, bulletin, sources.streets)
        words = Words(asked.language, sources.timezone, sources.published.clock.now())
        sections = _sections(request, asked, place, bulletin)
        return _made(request, asked, "list", place=place, words=words, sections=sections)

    return send(request, await sources.published.rendered(asked.key("page"), make), PAGE)


@open_to_all
async def one(request: web.Request) -> web.Response:
    """One outage, however long it has been over; raises NotFound."""
    asked, sources = asked_of(request), request.app[PUBLIC]
    outage_id = int(request.match_info["id"])

    async def make(bulletin: Bulletin) -> Made:
        published, now = sources.published, sources.published.clock.now()
        told = listed = bulletin.find(outage_id)
        if told is None:
            outage = await published.outages.get(outage_id)
            told = told_of(outage, await published.outages.history(outage_id), "", now)
        words = Words(asked.language, sources.timezone, now)
        return _made(request, asked, "one", told=told, listed=listed is not None, words=words)

    return send(request, await sources.published.rendered(asked.key(f"one {outage_id}"), make), PAGE)


def _sections(request: web.Request, asked: AddressQuery, place: AddressOutages, bulletin: Bulletin) -> Markup:
    """Write the lists once for all the addresses that the same outages concern."""
    sources, there = request.app[PUBLIC], place.bulletin
    published, pages, language = sources.published, request.app[PAGES], asked.language
    words = Words(language, sources.timezone, published.clock.now())

    def card(told: PublishedOutage) -> Markup:
        def write_card() -> str:
            return pages.text(language, "outages/public/card.html.jinja2", {"told": told, "words": words})

        return published.fragment(bulletin, ("card", language, str(told.outage.id)), write_card)

    def write() -> str:
        context = {
            "bulletin": there,
            "whole_city": place.address is None,
            "days": timeline(there, words),
            "card": card,
        }
        return pages.text(language, "outages/public/sections.html.jinja2", context)

    whose = "city" if place.address is None else " ".join(str(told.outage.id) for told in there.all)
    return published.fragment(bulletin, ("sections", language, whose), write)


def _made(request: web.Request, asked: AddressQuery, template: str, **context: object) -> Made:
    sources = request.app[PUBLIC]
    text = request.app[PAGES].text(
        asked.language,
        f"outages/public/{template}.html.jinja2",
        {
            "asked": asked,
            "theme": asked.theme,
            "here": str(
                URL(request.path).with_query(address=asked.address) if asked.address else request.path
            ),
            "number": sources.number,
            "address": sources.address,
            **context,
        },
    )
    return Made(text=text, content_type=HTML)
