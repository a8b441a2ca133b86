"""The bulletin for programs: Atom, RSS, iCalendar and JSON, of the whole city or of one address."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from aiohttp import web
from yarl import URL

from cti_server.auth.access import Handler, open_to_all
from cti_server.outages.public.address_query import AddressOutages, AddressQuery, asked_of, place_of
from cti_server.outages.public.atom import atom
from cti_server.outages.public.calendar import calendar
from cti_server.outages.public.feed import Feed
from cti_server.outages.public.json_feed import json_feed, unknown
from cti_server.outages.public.published import Made
from cti_server.outages.public.rss import rss
from cti_server.outages.public.sending import FEED, send
from cti_server.outages.public.sources import PUBLIC, PublicSources
from cti_server.outages.public.words import Words
from hotline.errors import NotFound
from hotline.outages.bulletin import Bulletin

Write = Callable[[Feed], str]
JSON = "application/json; charset=utf-8"
KINDS: Mapping[str, tuple[Write, str]] = {
    "json": (json_feed, JSON),
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "rss": (rss, "application/rss+xml; charset=utf-8"),
    "ics": (calendar, "text/calendar; charset=utf-8"),
}


def feed(kind: str) -> Handler:
    """Make the handler of one kind of feed; an address that is not known is 404."""
    write, content_type = KINDS[kind]

    @open_to_all
    async def handler(request: web.Request) -> web.Response:
        asked, sources = asked_of(request, looks=False), request.app[PUBLIC]

        async def make(bulletin: Bulletin) -> Made:
            place = await place_of(asked, bulletin, sources.streets)
            if place.unknown:
                return Made(text=unknown(place), content_type=JSON, status=HTTPStatus.NOT_FOUND)
            return Made(
                text=write(_feed(asked, sources, place, f"/outages.{kind}")), content_type=content_type
            )

        return send(request, await sources.published.rendered(asked.key(kind), make), FEED)

    return handler


@open_to_all
async def event(request: web.Request) -> web.Response:
    """One outage for the calendar; raises NotFound for one that is not in the bulletin."""
    asked, sources = asked_of(request, looks=False), request.app[PUBLIC]
    outage_id = int(request.match_info["id"])

    async def make(bulletin: Bulletin) -> Made:
        if bulletin.find(outage_id) is None:
            raise NotFound("There is no outage %(number)s.", number=outage_id)
        place = AddressOutages(typed="", bulletin=bulletin.only(outage_id))
        text = calendar(_feed(asked, sources, place, request.path))
        return Made(text=text, content_type=KINDS["ics"][1])

    return send(request, await sources.published.rendered(asked.key(request.path), make), FEED)


def _feed(asked: AddressQuery, sources: PublicSources, place: AddressOutages, path: str) -> Feed:
    query = {"address": asked.address} if asked.address else {}
    if asked.language != "uk":
        query["lang"] = asked.language
    return Feed(
        place=place,
        words=Words(asked.language, sources.timezone, sources.published.clock.now(), lasting=True),
        site=sources.address,
        itself=sources.address + str(URL(path).with_query(query)),
        number=sources.number,
    )
