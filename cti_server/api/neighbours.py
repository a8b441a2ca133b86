"""Another city's hotline answers our telephone by agreement: it reads us, and hands appeals over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import operation
from cti_server.api.paging import Moment, within
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.appeals.form.inputs import LONGEST_LINE, LONGEST_TEXT, Line, NewApplicant, RegistrationInput
from cti_server.appeals.form.reply import Reply
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Category, CitizenId, Input, Number
from cti_server.frame.language import N_
from cti_server.keys import SMS_PREFIXES, TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.appeals.appeal import AppealKind, Receipt
from hotline.appeals.registering import NewAppeal
from hotline.city.classifier import Urgency, classifier
from hotline.city.search_terms import normalised
from hotline.events import AppealRegistered
from hotline.neighbours.agreement import Agreement, AgreementOver
from hotline.neighbours.copy import CityCopy, CopiedMessage, copy_of
from hotline.voice.city_name import city_name

AHEAD = timedelta(days=1)
"""How long before their start outages are told."""
_TAKEN = "Прийняв контакт-центр громади «{by}» за договором про співробітництво ({document}), {at}."
_WAY = N_("It was taken later than now: the clocks differ.")


class TakenForUs(Input, kw_only=True):
    """An appeal that the other city's dispatcher took down in our name."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
    category: Category
    address: Line
    urgency: Annotated[Urgency | None, Meta(description="null: the category's own.")] = None
    applicant: Annotated[
        str, Meta(max_length=LONGEST_LINE, description="The name; empty for an anonymous report.")
    ] = ""
    consent: Annotated[bool, Meta(description="The applicant agreed to the use of their data.")] = False
    number: Annotated[Number | None, Meta(description="The applicant's telephone, E.164.")] = None
    taken_at: Annotated[Moment, Meta(description="When it was said.")]


class InOurRegister(msgspec.Struct, kw_only=True):
    """The appeal as it stands in our register, with what the applicant is told."""

    number: str
    follow_code: Annotated[str, Meta(description="By which the applicant follows it.")]
    due_on: Annotated[date, Meta(description="The last day of the term, in the city.")]


@operation(
    "GET",
    "/neighbour",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.NEIGHBOUR,),
    summary=N_("Read the city, for whoever answers its telephone"),
    problems=frozenset({409}),
)
async def read_city(request: web.Request) -> CityCopy:
    """Name, outages, the message to the whole city, the classifier, and what else the agreement shares.

    For the token of an agreement alone. Read it once a minute and keep it: the last copy serves while we are
    away. 409 `agreement-over` before and after the days of the agreement.
    """
    sources, agreement = request.app[API], await _agreement(request)
    now = sources.clock.now()
    coming = [one for one in await sources.outages.coming(now) if one.starts_at <= now + AHEAD]
    on = await sources.messages.on(now)
    return copy_of(
        agreement,
        city_name(),
        at=now,
        local=now.astimezone(sources.timezone),
        outages=[*await sources.outages.now(now), *coming],
        classifier=classifier(),
        executors=await sources.executors.all(),
        streets=sorted((await sources.streets.gazetteer()).streets()),
        message=CopiedMessage(mark=on.mark, uk=on.uk, en=on.en) if on else None,
    )


@operation(
    "POST",
    "/neighbour/appeals",
    Permission.REGISTER_APPEALS,
    scopes=(Scope.NEIGHBOUR,),
    summary=N_("Hand an appeal over that was taken in our name"),
    status=201,
)
async def take_appeal(request: web.Request, headers: KeyedRequest, body: TakenForUs) -> InOurRegister:
    """Register it, once for its key. It goes the road of every appeal: rules, terms, notices, emergencies.

    The term is counted from now; the text says when it was taken.
    """
    sources, agreement = request.app[API], await _agreement(request)
    key = key_of(request, headers)
    if (entered := await sources.registry.by_idempotency_key(key)) is None:
        new = await _new(request, body, agreement, key)
        entered = await sources.registry.enter(new)
        await audit(request, Action.ADD, f"appeal:{entered.number}", f"agreement:{agreement.id}")
        sources.events.tell(AppealRegistered(appeal=entered))
    return InOurRegister(
        number=entered.number, follow_code=sources.codes.code(entered), due_on=entered.due_on
    )


async def _new(request: web.Request, body: TakenForUs, agreement: Agreement, key: str) -> NewAppeal:
    """Make the appeal; raises Invalid. One that is in the register already is not asked of again."""
    sources, now = request.app[API], request.app[API].clock.now()
    given = _registration(body, await _known(request, body))
    taken_at = within(body.taken_at)
    faults = [Fault(f"body.{field}", reason) for field, reason in given.faults().items()]
    if taken_at is None or taken_at > now + timedelta(minutes=10):
        faults.append(Fault("body.taken_at", _WAY))
    if faults or taken_at is None:
        raise Invalid(*faults)
    new = given.appeal(
        address=await sources.streets.present(body.address.strip()),
        idempotency_key=key,
        earlier=None,
        user_id=request[TOKEN].user_id,
        now=now,
        zone=sources.timezone,
        reply=Reply("", "", body.number, request.app[SMS_PREFIXES]),
    )
    local = taken_at.astimezone(sources.timezone)
    said = _TAKEN.format(by=agreement.name, document=agreement.document, at=f"{local:%d.%m.%Y %H:%M}")
    return replace(new, text=f"{new.text}\n\n{said}", receipt=Receipt.PHONE)


async def _agreement(request: web.Request) -> Agreement:
    """Find the agreement of this token; raises AgreementOver."""
    sources, token = request.app[API], request[TOKEN]
    found = await sources.agreements.by_token(token.id)
    if found is None or not found.holds(sources.clock.now()):
        raise AgreementOver("There is no agreement that holds for token %(token)s.", token=token.id)
    return found


async def _known(request: web.Request, body: TakenForUs) -> CitizenId | NewApplicant | None:
    """Find the applicant in our register by number and name; None for an anonymous report."""
    name = body.applicant.strip()
    if not name:
        return None
    called = await request.app[API].citizens.calling_from(body.number) if body.number else ()
    same = (one.id for one in called if normalised(one.name) == normalised(name))
    return next(same, None) or NewApplicant(name=name)


def _registration(body: TakenForUs, applicant: CitizenId | NewApplicant | None) -> RegistrationInput:
    return RegistrationInput(
        text=body.text,
        kind=AppealKind.REPORT,
        category=body.category,
        address=body.address,
        applicant=applicant,
        consent=body.consent,
        urgency=body.urgency,
        number=body.number,
    )
