"""From which page somebody calls: its address is read and looked up here, so that nobody can make one up."""

import re

from aiohttp import web

from cti_server.answers.page import opened
from cti_server.answers.sources import ANSWERS
from cti_server.auth.errors import TooManyAttempts
from cti_server.frame.words import WEB_PAGES
from cti_server.outages.public.sources import PUBLIC
from hotline.calls.web_calls import WebOrigin
from hotline.delivery.answering import FOLLOW, PATH, TOKEN
from hotline.errors import NotFound
from hotline.portal.follow_codes import DIGITS

LONGEST = 200
_LINK = re.compile(rf"{PATH}/(?P<token>{TOKEN})")
_FOLLOWED = re.compile(rf"{FOLLOW}/(?P<number>\d{{1,18}})/(?P<code>\d{{{DIGITS}}})")
_OUTAGE = re.compile(r"/outages/(?P<id>\d{1,9})")


async def origin_of(request: web.Request, path: str) -> WebOrigin:
    """Tell it of the path of a page of ours, such as `/my/2600017/123456`; of any other, the first page.

    What opens the page is checked as there, and wrong codes count as there. It is not kept: the desk
    learns the appeal's number alone.
    """
    if opens := _LINK.fullmatch(path) or _FOLLOWED.fullmatch(path):
        return await _of_appeal(request, opens.groupdict())
    if named := _OUTAGE.fullmatch(path):
        return await _of_outage(request, int(named["id"]))
    room = "/" + path[1:].partition("/")[0]
    return WebOrigin(page=room if room in WEB_PAGES else "/")


async def _of_appeal(request: web.Request, named: dict[str, str]) -> WebOrigin:
    page = WebOrigin(page=FOLLOW)
    if ANSWERS not in request.app:
        return page
    try:
        found = await opened(request, named)
    except (NotFound, TooManyAttempts):
        return page
    return page if found is None else WebOrigin(page=FOLLOW, appeal=found.appeal.number)


async def _of_outage(request: web.Request, outage_id: int) -> WebOrigin:
    try:
        await request.app[PUBLIC].published.outages.get(outage_id)
    except NotFound:
        return WebOrigin(page="/outages")
    return WebOrigin(page="/outages", outage=outage_id)
