"""Subscribing: a form, then a letter with a link or a short message with a code. Until then nothing lives."""

from dataclasses import replace
from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts
from cti_server.clients import address_of, counted_as
from cti_server.frame.language import N_, language_of
from cti_server.outages.public.rendering import rendered
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.subscribing_sources import SUBSCRIBING
from cti_server.outages.public.subscription_form import HOURS, TypedRequest, asked_for, filled_in
from cti_server.outages.public.words import Words
from hotline.access.networks import neighbourhood_of
from hotline.contact.codes import new_code
from hotline.errors import NotFound
from hotline.outages.subscriptions import MINUTES_AHEAD, Subscription, TooManyMessages

TOO_MANY = N_("Too many were asked for. Try again tomorrow, or call us.")
WRONG_CODE = N_("This is not the code, or it is too old. Look at the message, or subscribe again.")


@public
async def form(request: web.Request) -> web.Response:
    """The form, for the address or the outage that the link names."""
    return _form(request, await asked_for(request, request.query))


@public
async def subscribe(request: web.Request) -> web.Response:
    """Store the request and send the confirmation; too many requests are refused in words."""
    typed, language = await filled_in(request), language_of(request)
    wish = typed.wish(language)
    if wish is None:
        return _form(request, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    sources, now = request.app[SUBSCRIBING], request.app[PUBLIC].published.clock.now()
    about = typed.about(Words(language, request.app[PUBLIC].timezone, now))
    try:
        sources.asked.count(counted_as(request), now)
        kept = await sources.subscriptions.ask(
            wish, new_code(), about, now, network=neighbourhood_of(address_of(request))
        )
    except (TooManyAttempts, TooManyMessages):  # the form says so, and keeps the typed fields
        return _form(request, replace(typed, faults={"contact": TOO_MANY}), HTTPStatus.TOO_MANY_REQUESTS)
    awaits = f"/outages/subscribe/{sources.links.awaited.token(kept.id)}"
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": awaits})


@public
async def sent(request: web.Request) -> web.Response:
    """Tell the next step: open the letter, or type the code."""
    return _sent(request, await _awaited(request))


@public
async def enter_code(request: web.Request) -> web.Response:
    """Confirm by the code of the short message."""
    sources, now = request.app[SUBSCRIBING], request.app[PUBLIC].published.clock.now()
    one = await _awaited(request)
    typed = "".join(str((await request.post()).get("code", "")).split())
    if not one.lives and not await sources.subscriptions.try_code(one.id, typed, now):
        sources.wrong.count(counted_as(request), now)  # behind the try: who has to wait has tried as well
        return _sent(request, one, WRONG_CODE)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.path})


async def _awaited(request: web.Request) -> Subscription:
    sources = request.app[SUBSCRIBING]
    number = sources.links.awaited.number(request.match_info["token"])
    one = None if number is None else await sources.subscriptions.find(number)
    if one is None:
        raise NotFound("Nobody asked for this subscription.")
    return one


def _form(request: web.Request, typed: TypedRequest, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return rendered(request, "subscribe", status, typed=typed, minutes_ahead=MINUTES_AHEAD, hours=HOURS)


def _sent(request: web.Request, one: Subscription, fault: str = "") -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return rendered(request, "sent", status, one=one, fault=fault)
