"""Agreements with other cities: listed, made on either side, and ended at once."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping

import msgspec
from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_form, read_reason
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.neighbours.sources import NEIGHBOURS
from cti_server.neighbours.typed import NO_DUTY_NUMBER, SHARED, TypedAnswered, TypedGiven, clock_of
from hotline.access.permissions import Permission
from hotline.access.tokens import hash_of, new_secret
from hotline.contact.numbers import e164
from hotline.enterprises.open311 import endpoint_address
from hotline.errors import AlreadyTaken
from hotline.neighbours.agreement import Agreement, NewAgreement, Part, Shared
from hotline.neighbours.copy import CityCopy, NotRead

PATH = "/neighbours"
ONE = PATH + r"/{id:\d{1,9}}"
_SEES = allowed(Permission.REGISTER_APPEALS)
_MANAGE = allowed(Permission.MANAGE_NEIGHBOURS)
_NO_REASON = N_("Write why it ends, in up to 300 letters.")
_TAKEN = N_("This number has an agreement that holds: end that one first.")
_NOT_READ = N_("The other city's hotline was not read: %(reason)s.")


@_SEES
async def listing(request: web.Request) -> web.Response:
    """All agreements; for the head the forms of new ones."""
    return await _listing(request, TypedGiven(), TypedAnswered(), {})


@_MANAGE
async def give(request: web.Request) -> web.Response:
    """Let the other city answer our telephone: its key is shown this once."""
    sources = request.app[NEIGHBOURS]
    now, zone = sources.clock.now(), sources.timezone
    typed = read_form(TypedGiven, await request.post(), one_line=True)
    faults, since, until = typed.faults(now, zone), typed.begins(zone), typed.ends(zone)
    if faults or since is None or until is None:
        return await _listing(request, typed, TypedAnswered(), faults)
    secret = new_secret()
    agreement = await sources.agreements.give(
        NewAgreement(
            part=Part.ANSWERED,
            name=typed.name,
            document=typed.document,
            since=since,
            until=until,
            hours_since=clock_of(typed.hours_since),
            hours_until=clock_of(typed.hours_until),
            shared=tuple(one for one in Shared if one.value in typed.shared),
            duty_number=e164(typed.duty) or "",
            made_by=request[USER].id,
            made_at=now,
        ),
        hash_of(secret),
    )
    await audit(request, Action.ADD, f"agreement:{agreement.id}", f"{agreement.name}: {agreement.document}")
    return render(
        request,
        "neighbours/secret.html.jinja2",
        agreement=agreement,
        secret=secret,
        address=sources.address,
    )


@_MANAGE
async def answer(request: web.Request) -> web.Response:
    """Answer the other city's telephone: its terms are read there, shown, and hold once confirmed."""
    sources, gettext = request.app[NEIGHBOURS], words_of(request).gettext
    typed = read_form(TypedAnswered, await request.post(), one_line=True)
    if faults := typed.faults(sources.own_number):
        return await _listing(request, TypedGiven(), typed, faults)
    address = endpoint_address(typed.address) or ""
    try:
        text, copy = await sources.read(address, typed.key)
    except NotRead as error:
        return await _listing(
            request, TypedGiven(), typed, {"address": gettext(_NOT_READ) % {"reason": error}}
        )
    if typed.seen != _mark(copy):
        return render(
            request,
            "neighbours/terms.html.jinja2",
            typed=typed,
            number=e164(typed.number),
            copy=copy,
            seen=_mark(copy),
            SHARED=SHARED,
        )
    new = NewAgreement(
        part=Part.ANSWERS,
        name=copy.city.name,
        document=copy.terms.document,
        since=copy.terms.since,
        until=copy.terms.until,
        hours_since=clock_of(copy.terms.hours_since) or "00:00",
        hours_until=clock_of(copy.terms.hours_until) or "00:00",
        shared=tuple(copy.terms.shared),
        number=e164(typed.number) or "",
        address=address,
        duty_number=copy.terms.duty,
        made_by=request[USER].id,
        made_at=sources.clock.now(),
    )
    try:
        agreement = await sources.enter(new, key=typed.key, copy=text)
    except AlreadyTaken:
        return await _listing(request, TypedGiven(), typed, {"number": _TAKEN})
    await audit(request, Action.ADD, f"agreement:{agreement.id}", f"{agreement.name}: {agreement.document}")
    return noted_at(f"{PATH}/{agreement.id}", Noted.AGREEMENT_MADE)


@_SEES
async def card(request: web.Request) -> web.Response:
    """The page of one agreement: its terms and state, and the appeals that our dispatchers took by it."""
    return await _card(request, await asked(request))


@_MANAGE
async def duty(request: web.Request) -> web.Response:
    """Write down who is rung while the hotline that is answered for is away, also of one that has ended."""
    agreement = await asked(request)
    number = e164(str((await request.post()).get("duty", "")))
    if number is None:
        return await _card(request, agreement, error=words_of(request).gettext(NO_DUTY_NUMBER))
    await request.app[NEIGHBOURS].agreements.rung_at(agreement.id, number)
    await audit(request, Action.CHANGE, f"agreement:{agreement.id}", f"duty {number}")
    return noted_at(f"{PATH}/{agreement.id}", Noted.AGREEMENT_DUTY)


@_MANAGE
async def end(request: web.Request) -> web.Response:
    """End it at once, from either side: key, copy and answering in the other's name with it."""
    sources, agreement = request.app[NEIGHBOURS], await asked(request)
    why = read_reason(await request.post())
    if not why:
        return await _card(request, agreement, error=words_of(request).gettext(_NO_REASON))
    if agreement.ended_at is None:
        await sources.agreements.end(agreement.id, by=request[USER].id, why=why, at=sources.clock.now())
        await audit(request, Action.REVOKE, f"agreement:{agreement.id}", why)
    return noted_at(f"{PATH}/{agreement.id}", Noted.AGREEMENT_ENDED)


async def asked(request: web.Request) -> Agreement:
    """Find the agreement of the address; raises NotFound."""
    return await request.app[NEIGHBOURS].agreements.get(int(request.match_info["id"]))


async def _listing(
    request: web.Request, given: TypedGiven, answered: TypedAnswered, faults: Mapping[str, str]
) -> web.Response:
    sources, gettext = request.app[NEIGHBOURS], words_of(request).gettext
    found = await sources.agreements.all()
    by_us = [one for one in found if one.part is Part.ANSWERS]
    return render(
        request,
        "neighbours/list.html.jinja2",
        status=422 if faults else 200,
        by_us=by_us,
        waiting={one.id: await sources.taken.waiting(one.id) for one in by_us},
        for_us=[one for one in found if one.part is Part.ANSWERED],
        now=sources.clock.now(),
        given=given,
        answered=answered,
        faults=defaultdict(str, {name: gettext(said) for name, said in faults.items()}),
        SHARED=SHARED,
    )


async def _card(request: web.Request, agreement: Agreement, error: str = "") -> web.Response:
    sources, now = request.app[NEIGHBOURS], request.app[NEIGHBOURS].clock.now()
    by_us = agreement.part is Part.ANSWERS
    return render(
        request,
        "neighbours/agreement.html.jinja2",
        status=422 if error else 200,
        agreement=agreement,
        by_us=by_us,
        holds=agreement.holds(now),
        token=None if agreement.token_id is None else await sources.tokens.get(agreement.token_id),
        taken=await sources.taken.of_agreement(agreement.id) if by_us else (),
        brought=agreement.number in sources.brought,
        SHARED=SHARED,
        error=error,
    )


def _mark(copy: CityCopy) -> str:
    """Name what is agreed on: the head who confirms has seen these very terms."""
    return hashlib.sha256(msgspec.json.encode([copy.city, copy.terms])).hexdigest()[:16]
