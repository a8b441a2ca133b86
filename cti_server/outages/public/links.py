"""The links of messages: one confirms a subscription, one ends them all. Opening either does nothing yet."""

from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import public
from cti_server.clients import counted_as
from cti_server.outages.public.rendering import rendered
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.subscribing_sources import SUBSCRIBING
from hotline.delivery.outbox import Notice
from hotline.delivery.signed_links import SignedNumbers
from hotline.errors import NotFound
from hotline.outages.subscriptions import LINK_LIVES, Subscription, subscription_of


@public
async def confirming(request: web.Request) -> web.Response:
    """Show the subscription to be confirmed, and the button."""
    one = await _to_confirm(request)
    too_late = request.app[PUBLIC].published.clock.now() > one.asked_at + LINK_LIVES
    return rendered(request, "confirm", one=one, too_late=too_late)


@public
async def confirm(request: web.Request) -> web.Response:
    """Confirm the subscription: the reader of this mailbox pressed the button."""
    one, now = await _to_confirm(request), request.app[PUBLIC].published.clock.now()
    if now <= one.asked_at + LINK_LIVES:
        await request.app[SUBSCRIBING].subscriptions.confirm(one.id, now)
    return _back(request)


@public
async def stopping(request: web.Request) -> web.Response:
    """Show the subscriptions of this mailbox or telephone, and the button that ends them."""
    notice = await _notice(request, request.app[SUBSCRIBING].links.stopping)
    theirs = await request.app[SUBSCRIBING].subscriptions.of_contact(notice.channel, notice.address)
    return rendered(request, "stop", theirs=theirs, stopped="stopped" in request.query)


@public
async def stop(request: web.Request) -> web.Response:
    """Tell them nothing any more."""
    notice = await _notice(request, request.app[SUBSCRIBING].links.stopping)
    now = request.app[PUBLIC].published.clock.now()
    await request.app[SUBSCRIBING].subscriptions.stop(notice.channel, notice.address, now)
    return _back(request, "?stopped")


async def _to_confirm(request: web.Request) -> Subscription:
    notice = await _notice(request, request.app[SUBSCRIBING].links.confirming)
    number = subscription_of(notice.to)
    one = None if number is None else await request.app[SUBSCRIBING].subscriptions.find(number)
    if one is None or one.contact != notice.address:  # or another has the id of one that was deleted
        raise NotFound("This subscription is there no more.")
    return one


async def _notice(request: web.Request, signed: SignedNumbers) -> Notice:
    """Find the notice that the link came in; raises NotFound for a link that we did not sign."""
    sources = request.app[SUBSCRIBING]
    number = signed.number(request.match_info["token"])
    if number is None:
        sources.wrong.count(counted_as(request), request.app[PUBLIC].published.clock.now())
        raise NotFound("Nobody signed this link.")
    notice = await sources.outbox.find(number)
    if notice is None:
        raise NotFound("The message of this link is there no more.")
    return notice


def _back(request: web.Request, query: str = "") -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{request.path}{query}"})
