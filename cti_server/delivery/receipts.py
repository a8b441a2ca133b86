"""Receives delivery reports of a gateway of short messages; its secret is in the address it calls."""

import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.auth.access import from_outside
from cti_server.auth.gate import read_form
from cti_server.auth.rates import WrongTokens
from cti_server.clients import counted_as
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.delivery.handing_over import Known, Receipts, Word
from hotline.delivery.notice_states import NoticeEvent
from hotline.errors import NotFound

_EVENTS = {Known.DELIVERED: NoticeEvent.DELIVER, Known.FAILED: NoticeEvent.BOUNCE}
_MOST_BYTES = 65_536

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """`read` makes a word of what the gateway sent; None when it says nothing."""

    receipts: Receipts
    secret: str
    read: Callable[[Any], Word | None]
    clock: Clock
    wrong: WrongTokens


REPORTS: web.AppKey[Reports] = web.AppKey("reports")


@from_outside
async def report(request: web.Request) -> web.Response:
    """Take a report as JSON, a form or a query; one that nobody waits for is taken as well."""
    reports = request.app[REPORTS]
    if not hmac.compare_digest(request.match_info["secret"].encode(), reports.secret.encode()):
        reports.wrong.count(counted_as(request), reports.clock.now())
        raise NotFound("Nobody reports here.")
    word = reports.read(await said_by_gateway(request))
    if word is None:
        raise web.HTTPBadRequest
    if event := _EVENTS.get(word.known):
        fault = word.said if event is NoticeEvent.BOUNCE else ""
        known = await reports.receipts.reported(
            Channel.SMS, word.provider_id, reports.clock.now(), event, fault
        )
        log.info("gateway reported event=%s known=%s", event, known)
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def said_by_gateway(request: web.Request) -> Any:
    """Read what a gateway sends, as JSON, a form or a query; 400 for what is none of these."""
    if (request.content_length or 0) > _MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(_MOST_BYTES, request.content_length or 0)
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        try:
            return json.loads(await request.text())
        except ValueError as error:
            raise web.HTTPBadRequest from error
    return {**request.query, **{name: str(value) for name, value in (await read_form(request)).items()}}


def add_reports(app: web.Application, reports: Reports) -> None:
    """Add the address for the gateway's reports."""
    app[REPORTS] = reports
    app.router.add_get(r"/hooks/sms/{secret:[^/]{16,200}}", report)
    app.router.add_post(r"/hooks/sms/{secret:[^/]{16,200}}", report)
