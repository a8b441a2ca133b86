"""`/closings`: how appeals ended, day by day, and how anybody verifies that nothing was changed since."""

import json
from collections import Counter
from datetime import date

from aiohttp import web

from cti_server.auth.access import open_to_all, public
from cti_server.clients import counted_as
from cti_server.outages.public.rendering import rendered_page
from cti_server.outages.public.sending import FEED
from cti_server.outages.public.sources import PUBLIC
from cti_server.portal.closing_words import ENDED_BY
from cti_server.portal.matters import count_in
from cti_server.portal.sources import PORTAL
from hotline.errors import NotFound

PATH = "/closings"
SHOWN = 31
_LONGEST_NUMBER = 20


@public
async def page(request: web.Request) -> web.Response:
    """Show the last month in figures, what is published of one appeal, and how a digest is verified."""
    count_in(request)
    sources, total = request.app[PORTAL], Counter[str]()
    typed = request.query.get("number", "").strip()[:_LONGEST_NUMBER]
    number = typed.removeprefix("№").replace(" ", "")
    known = number.isascii() and number.isdecimal()
    days, keys = await sources.ends_by_day.newest(SHOWN), await sources.closings.keys()
    for one in days:
        total.update(one.counts)
    return rendered_page(
        request,
        "portal/closings.html.jinja2",
        days=days,
        asked_number=typed,
        ends=await sources.closings.ends_of(number) if known else [],
        ENDED_BY=ENDED_BY,
        total=[(text, total[by]) for by, text in ENDED_BY.items() if total[by]],
        key=keys[-1].key if keys else "",
        site=request.app[PUBLIC].address,
    )


@open_to_all
async def index(request: web.Request) -> web.Response:
    """Give the keys, the oldest first, and each day with the SHA-256 of its digest."""
    count_in(request)
    digests = request.app[PORTAL].closings
    keys = [
        {"key": one.key, "since": one.since.isoformat(), "signature": one.signature}
        for one in await digests.keys()
    ]
    days = [{"day": day.isoformat(), "sha256": sha256} for day, sha256 in (await digests.index()).items()]
    return _sent(json.dumps({"keys": keys, "days": days}, indent=1))


@open_to_all
async def day(request: web.Request) -> web.Response:
    """Give the digest of one day with its signature; raises NotFound."""
    request.app[PORTAL].digest_reads.take(counted_as(request))
    try:
        asked = date.fromisoformat(request.match_info["day"])
    except ValueError as error:
        raise NotFound("There is no such day.") from error
    found = await request.app[PORTAL].closings.of_day(asked)
    if found is None:
        raise NotFound("This day has no digest.")
    rest = json.dumps({"sha256": found.sha256, "signature": found.signature})
    return _sent(f'{{"digest": {found.text}, {rest[1:]}')


def _sent(text: str) -> web.Response:
    return web.Response(text=text + "\n", content_type="application/json", charset="utf-8", headers=FEED)
