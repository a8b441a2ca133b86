"""The public page of power: all queues, or one house; as JSON and as a calendar. It works without scripts."""

from collections.abc import Iterator
from typing import Any

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from cti_server.auth.access import open_to_all
from cti_server.frame.icalendar import calendar_of, escaped, utc
from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import AddressQuery, asked_of
from cti_server.outages.public.published import Made, Rendered
from cti_server.outages.public.sending import HTML, PAGE, send
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.widget import FRAMED
from cti_server.outages.public.words import Words
from cti_server.power.drawing import SAID, days_of
from cti_server.power.sources import POWER, PowerSources
from hotline.city.addresses import Address
from hotline.errors import NotFound
from hotline.outages.bulletin import Bulletin
from hotline.power.forecast import Forecast, Stretch
from hotline.power.queues import power_queues
from hotline.power.schedule import KnownPower, Supply

PATH = "/power"
FRESH = {"Cache-Control": "public, max-age=60"}
LIKE_IT = 6
"""How many streets are named where an address is not known."""


@open_to_all
async def page(request: web.Request) -> web.Response:
    """Show each queue; with `address` the house there, its next change first. Sent as kept bytes."""
    return send(request, await _rendered(request, asked_of(request), "public"), PAGE)


@open_to_all
async def widget(request: web.Request) -> web.Response:
    """Show a house (`address`), a queue (`queue`) or all queues in a frame on another site, in few lines."""
    return send(request, await _rendered(request, asked_of(request, looks=False), "widget"), FRAMED)


async def _rendered(request: web.Request, asked: AddressQuery, template: str) -> Rendered:
    """Give the kept page, written anew after any change and each minute."""
    sources, published = request.app[POWER], request.app[PUBLIC].published
    known = await sources.schedules.known()
    edition = sources.edition.key(known, sources.clock.now())
    asked_queue, unknown = request.query.get("queue", ""), "account" in request.query
    queue = asked_queue if asked_queue in known.queues else ""

    async def make(bulletin: Bulletin) -> Made:
        words = Words(asked.language, sources.timezone, sources.clock.now())

        def write_queues() -> str:
            return _queues(request, known, words)

        queues = published.fragment(bulletin, ("power queues", asked.language, *edition), write_queues)
        return await _made(request, asked, known, words, queues, template, queue, unknown=unknown)

    key = (*asked.key(f"power {template}"), queue, "unknown" * unknown, *edition)
    return await published.rendered(key, make)


def _queues(request: web.Request, known: KnownPower, words: Words) -> str:
    """Write the strips of all queues, which all addresses share."""
    sources = request.app[POWER]
    by_queue = {queue: days_of(sources.of(known, [queue]), words) for queue in known.queues}
    context = {"by_queue": by_queue, "Supply": Supply}
    return request.app[PAGES].text(words.language, "power/queues.html.jinja2", context)


async def _made(  # noqa: PLR0917 - what both pages show
    request: web.Request,
    asked: AddressQuery,
    known: KnownPower,
    words: Words,
    queues: Markup,
    template: str = "public",
    queue: str = "",
    *,
    unknown: bool = False,
) -> Made:
    sources, now = request.app[POWER], words.now
    there = await _found(asked, sources)
    forecast = None if there is None or not there.house else await sources.at(there)
    if there is None and queue:
        forecast = sources.of(known, [queue])
    shown = forecast or (sources.of(known, known.queues[:1]) if known.schedules else None)
    context = {
        "asked": asked,
        "theme": asked.theme,
        "here": str(URL(PATH).with_query(address=asked.address) if asked.address else PATH),
        "number": request.app[PUBLIC].number,
        "site": request.app[PUBLIC].address,
        "words": words,
        "there": there,
        "by_account": await sources.accounts.any(),
        "unknown_account": unknown,
        "alike": await sources.streets.find(asked.address, LIKE_IT)
        if asked.address and there is None
        else (),
        "forecast": forecast,
        "present": _present(forecast, sources) if forecast else None,
        "ahead": _changes(forecast, sources) if forecast else (),
        "days": days_of(forecast, words) if forecast else (),
        "queues": queues,
        "emergency": known.emergency,
        "heard_at": shown.heard_at if shown else None,
        "made_at": shown.made_at if shown else None,
        "old": shown is not None and shown.old(now),
        "supplier": power_queues().supplier,
        "Supply": Supply,
    }
    text = request.app[PAGES].text(asked.language, f"power/{template}.html.jinja2", context)
    return Made(text=text, content_type=HTML, since=now)


@open_to_all
async def as_json(request: web.Request) -> web.Response:
    """Tell of a house (`address`) or a queue (`queue`) as JSON; 404 for one that nobody knows."""
    forecast, name = await _asked_for(request)
    now = request.app[POWER].clock.now()
    return web.json_response(
        {
            "of": name,
            "queues": [*forecast.queues],
            "made_at": forecast.made_at and forecast.made_at.isoformat(),
            "heard_at": forecast.heard_at and forecast.heard_at.isoformat(),
            "old": forecast.old(now),
            "stretches": [_told(one) for one in forecast.stretches],
        },
        headers=FRESH,
    )


@open_to_all
async def as_calendar(request: web.Request) -> web.Response:
    """Give an event for each time without power, of a house or a queue."""
    forecast, name = await _asked_for(request)
    asked, sources = asked_of(request, looks=False), request.app[POWER]
    words = Words(asked.language, sources.timezone, sources.clock.now(), lasting=True)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//City hotline//Power//UK",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(words.say('Power by schedule'))}: {escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        *(line for one in forecast.stretches for line in _event(one, name, sources, words)),
        "END:VCALENDAR",
    ]
    return web.Response(text=calendar_of(lines), content_type="text/calendar", headers=FRESH)


def _event(one: Stretch, name: str, sources: PowerSources, words: Words) -> Iterator[str]:
    if one.supply not in {Supply.OFF, Supply.MAYBE}:
        return
    yield "BEGIN:VEVENT"
    yield f"UID:power-{utc(one.since)}-{escaped(name)}@hotline"
    yield f"DTSTAMP:{utc(sources.clock.now())}"
    yield f"DTSTART:{utc(one.since)}"
    yield f"DTEND:{utc(one.until)}"
    yield f"SUMMARY:{escaped(words.say(SAID[one.supply]).capitalize())}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


async def _asked_for(request: web.Request) -> tuple[Forecast, str]:
    """Give what is known of the house or queue that is asked for, and its name; raises NotFound."""
    asked, sources = asked_of(request, looks=False), request.app[POWER]
    if asked.address:
        there = await _found(asked, sources)
        if there is None or not there.house:
            raise NotFound("No house of the city is known by this address.")
        return await sources.at(there), there.text
    known, queue = await sources.schedules.known(), request.query.get("queue", "")
    if queue not in known.queues:
        raise NotFound("No schedule of such a queue is known.")
    return sources.of(known, [queue]), queue


async def _found(asked: AddressQuery, sources: PowerSources) -> Address | None:
    return (await sources.streets.gazetteer()).locate(asked.address) if asked.address else None


def _present(forecast: Forecast, sources: PowerSources) -> Stretch:
    now = sources.clock.now()
    return next(one for one in forecast.stretches if one.since <= now < one.until)


def _changes(forecast: Forecast, sources: PowerSources) -> list[Stretch]:
    """List what comes: the next change first."""
    now = sources.clock.now()
    return [one for one in forecast.stretches if one.since > now and one.supply is not Supply.UNKNOWN]


def _told(one: Stretch) -> dict[str, Any]:
    return {
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "supply": one.supply.value,
        "why": one.why.value,
        "outage": one.outage_id,
    }
