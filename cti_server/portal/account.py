"""An account of a resident: a contact confirmed by a code, with its appeals; it ends everywhere at once."""

import hmac
import re
import secrets
from http import HTTPStatus

from aiohttp import web

from cti_server.answers.sources import ANSWERS
from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts
from cti_server.clients import address_of, counted_as
from cti_server.frame.language import N_, language_of
from cti_server.frame.words import APPEAL_STATES
from cti_server.keys import HTTPS, SMS_PREFIXES
from cti_server.outages.public.rendering import rendered_page
from cti_server.outages.public.subscription_form import contact_fault, way_to
from cti_server.portal.sources import PORTAL
from hotline.access.networks import neighbourhood_of
from hotline.access.tokens import hash_of
from hotline.city.classifier import classifier
from hotline.contact.codes import new_code
from hotline.delivery.answering import FOLLOW
from hotline.errors import NotFound
from hotline.portal.accounts import SESSION_LIVES, AskedCode, TooManyCodes
from hotline.portal.report import Contact
from hotline.voice.speech import Language

CONFIRM = "/my/confirm"
MATTERS = "/matters"
_LONGEST = 120
_TOO_MANY = N_("Too many were asked for. Try again tomorrow, or call us.")
_WRONG = N_("This is not the code, or it is too old. Look at the message, or ask for another.")


def _cookie(request: web.Request) -> str:
    """Over HTTPS the prefix makes browsers refuse it from anywhere but this very host."""
    return "__Host-hotline-my" if request.app[HTTPS] else "hotline-my"


async def signed_in(request: web.Request) -> Contact | None:
    """Find whose account is open in this browser."""
    accounts, token = request.app[PORTAL].accounts, request.cookies.get(_cookie(request))
    return await accounts.kept.find(hash_of(token), accounts.clock.now()) if token else None


def whose(request: web.Request, form: str, who: Contact) -> str:
    """Name a contact so that nobody reads it off a form: what one person kept, no other sends as theirs."""
    said = f"{form} {who.channel} {who.address}"
    return hmac.digest(request.app[PORTAL].key, said.encode(), "sha256").hex()[:32]


@public
async def ask(request: web.Request) -> web.Response:
    """Send a code to the contact that was typed; the same answer for known and unknown ones."""
    form, sources = await request.post(), request.app[PORTAL]
    typed, now = str(form.get("contact", "")).strip()[:_LONGEST], sources.accounts.clock.now()
    way = way_to(typed, request.app[SMS_PREFIXES])
    fault = contact_fault(request, typed)
    if way is None or fault:
        return start(request, contact=typed, contact_fault=fault)
    who, code = Contact(channel=way[0], address=way[1]), new_code()
    try:
        sources.asked.count(counted_as(request), now)
        asked = await sources.accounts.kept.ask(
            who, Language(language_of(request)), code, now, network=neighbourhood_of(address_of(request))
        )
    except (TooManyAttempts, TooManyCodes):
        return start(request, contact=typed, contact_fault=_TOO_MANY, status=HTTPStatus.TOO_MANY_REQUESTS)
    joining = _joining(str(form.get("joining", "")))
    return _to(f"{CONFIRM}/{sources.awaited.token(asked.id)}{f'?joining={joining}' if joining else ''}")


@public
async def awaited(request: web.Request) -> web.Response:
    """Ask for the code that was sent."""
    return _confirm(request, await _asked(request))


@public
async def confirm(request: web.Request) -> web.Response:
    """Take the code, and open the account in this browser under a token that nobody knew before."""
    sources, asked = request.app[PORTAL], await _asked(request)
    typed = "".join(str((await request.post()).get("code", "")).split())[:_LONGEST]
    sources.wrong.require_patience(counted_as(request), sources.accounts.clock.now())
    who = await sources.accounts.confirm(asked.id, typed)
    if who is None:
        sources.wrong.count(counted_as(request), sources.accounts.clock.now())
        return _confirm(request, asked, _WRONG)
    joining = _joining(request.query.get("joining", ""))
    token, answer = secrets.token_urlsafe(32), _to(f"{MATTERS}/{joining}" if joining else FOLLOW)
    await sources.accounts.kept.open(hash_of(token), who, sources.accounts.clock.now())
    answer.set_cookie(
        _cookie(request),
        token,
        max_age=int(SESSION_LIVES.total_seconds()),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.app[HTTPS],
    )
    return answer


@public
async def leave(request: web.Request) -> web.Response:
    """End the account's sessions in all browsers."""
    who = await signed_in(request)
    if who is not None:
        await request.app[PORTAL].accounts.kept.close_all(who)
    answer = _to(FOLLOW)
    answer.del_cookie(_cookie(request), path="/", secure=request.app[HTTPS], httponly=True, samesite="Lax")
    return answer


async def listed(request: web.Request, who: Contact) -> web.Response:
    """List the appeals of an account, each with the link that opens it."""
    appeals, codes = await request.app[PORTAL].accounts.of(who), request.app[ANSWERS].codes
    return rendered_page(
        request,
        "portal/account.html.jinja2",
        who=who.address,
        now=request.app[PORTAL].accounts.clock.now(),
        asked_number="",
        fault="",
        appeals=[(one, f"{FOLLOW}/{one.number}/{codes.code(one)}") for one in appeals],
        category=lambda one: classifier(one.classifier).categories.get(one.category),
        APPEAL_STATES=APPEAL_STATES,
    )


def start(
    request: web.Request,
    *,
    number: str = "",
    fault: str = "",
    contact: str = "",
    contact_fault: str = "",
    status: HTTPStatus | None = None,
) -> web.Response:
    """Show both ways in: number and code, or a contact that gets a code."""
    faulty = HTTPStatus.UNPROCESSABLE_ENTITY if fault or contact_fault else HTTPStatus.OK
    return rendered_page(
        request,
        "portal/asking.html.jinja2",
        status or faulty,
        asked_number=number,
        fault=fault,
        contact=contact,
        contact_fault=contact_fault,
    )


async def _asked(request: web.Request) -> AskedCode:
    sources = request.app[PORTAL]
    number = sources.awaited.number(request.match_info["token"])
    asked = None if number is None else await sources.accounts.kept.asked(number)
    if asked is None:
        raise NotFound("Nobody asked for this code.")
    return asked


def _confirm(request: web.Request, asked: AskedCode, fault: str = "") -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return rendered_page(request, "portal/confirm.html.jinja2", status, asked_code=asked, fault=fault)


def _joining(typed: str) -> str:
    """Read the number of the matter that somebody is about to join; "" for anything else."""
    return typed if re.fullmatch(r"[0-9]{1,12}", typed) else ""


def _to(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
