"""Registering an appeal while the citizen is on the telephone."""

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.form.asked import asked_of, details, given
from cti_server.appeals.form.calling import Calling, read_calling
from cti_server.appeals.form.filled import NEW, UNRELATED, Filled
from cti_server.appeals.form.inputs import LONGEST_TEXT
from cti_server.appeals.form.lookups import alike, outage_of
from cti_server.appeals.form.practising import practised, trial_of
from cti_server.appeals.form.reply import Reply
from cti_server.appeals.form.showing import answer, typed
from cti_server.appeals.form.sources import APPEALS
from cti_server.appeals.form.whose import ask_whose, beside, others_on_the_line, taken_over
from cti_server.appeals.ready import offered_of
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, language_of
from cti_server.frame.numbers import beginnings
from cti_server.frame.pages import PAGES
from cti_server.keys import ACCOUNTS, SMS_PREFIXES, USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.keeping import ToldBy
from hotline.appeals.appeal import Appeal, AppealKind
from hotline.appeals.registering import Likeness, Similar
from hotline.city.classifier import Urgency, classifier
from hotline.city.guides import Step
from hotline.contact.numbers import gets_sms
from hotline.errors import ForbiddenTransition, NotFound
from hotline.events import AppealRegistered
from hotline.outages.reports import report_of
from hotline.people.citizens import Citizen
from hotline.quality.trial_calls import Entered

_REGISTER = allowed(Permission.REGISTER_APPEALS)


@_REGISTER
async def page(request: web.Request) -> web.Response:
    """The form for the call `?call=` as it was left; without one, for somebody who came or wrote."""
    call_id = request.query.get("call", "")
    calling = await read_calling(request, call_id)
    if others := await others_on_the_line(request, call_id):
        return ask_whose(request, "new", calling, others)
    await audit(request, Action.VIEW, f"call:{call_id}", "appeal-form")
    fields = {**await _left(request, calling), "beside": await beside(request, call_id)}
    return await _form(request, calling, Filled(fields))


async def _left(request: web.Request, calling: Calling) -> Mapping[str, str]:
    """Give the form of this call as it was left, else a new one: a further one after the first."""
    sources, user_id = request.app[APPEALS], request[USER].id
    fields = await sources.forms.find(user_id, calling.call_id)
    if fields and await sources.registry.by_idempotency_key(fields.get("idempotency_key", "")) is None:
        return fields  # else a colleague has registered what both had on the page
    before = await sources.registry.of_call(calling.call_id) if calling.call_id else ()
    own = [one for one in before if one.registered_by == user_id]
    return _further(request, calling, own[0]) if own else await _as_written(request, calling)


async def _as_written(request: web.Request, calling: Calling) -> Mapping[str, str]:
    """Give a new form, with what its caller has written in the chat with which they go on."""
    empty = _empty(request, calling)
    begun = calling.number and await request.app[APPEALS].begun_in_chat(calling.number, calling.call_id)
    if not begun or not begun.text:
        return empty
    text = "\n".join(filter(None, (begun.text, calling.notes)))
    return {
        **empty,
        "text": text,
        "category": begun.category,
        "address": begun.address or empty["address"],
    }


@_REGISTER
async def move(request: web.Request) -> web.Response:
    """Make what was typed in one call's form part of the form of `?to=`: it was meant for them all along."""
    sources, user_id = request.app[APPEALS], request[USER].id
    mistaken, calling = await typed(request), await read_calling(request, request.query.get("to", ""))
    whole = taken_over(mistaken, await _left(request, calling))
    theirs = {**whole, "beside": await beside(request, calling.call_id)}
    await sources.forms.save(user_id, calling.call_id, theirs, sources.clock.now())
    await sources.forms.drop(user_id, mistaken["call"])
    await audit(request, Action.VIEW, f"call:{calling.call_id}", "appeal-form")
    return await _form(request, calling, Filled(theirs))


@_REGISTER
async def register(request: web.Request) -> web.Response:
    """Register the form, or show what is wrong with it; `do=consultation` only writes down a question."""
    filled = Filled(await typed(request))
    calling = await read_calling(request, filled["call"])
    if request.query.get("own"):
        filled = Filled({**filled.typed, "beside": await beside(request, calling.call_id)})
    if entered := await request.app[APPEALS].registry.by_idempotency_key(filled["idempotency_key"]):
        # the answer was lost, Enter pressed twice, or a colleague who took the call over was quicker
        return await registered(request, entered, missing=await _missing(request, filled, entered))
    if others := await others_on_the_line(request, calling.call_id, filled["beside"]):
        return await _form(request, calling, filled, similar=await alike(request, filled), others=others)
    if (await request.post()).get("do") == "consultation":
        return await _consultation(request, calling, filled)
    filled = await _found(request, await _named(request, filled))
    faults = filled.faults(calling.number, request.app[SMS_PREFIXES], request.app[PAGES].interpreters)
    found = await alike(request, filled)
    own = [one for one in found if one.likeness is not Likeness.ADDRESS]
    if own and not filled["earlier"]:
        faults["earlier"] = N_("Say whether this is about the same as before.")
    if faults:
        return await _form(request, calling, filled, faults, found)
    earlier = next((one for one in found if one.appeal.number == filled["earlier"]), None)
    return await enter(request, calling, filled, earlier)


async def _named(request: web.Request, filled: Filled) -> Filled:
    """Take a typed name that the register does not know as a new applicant; a known person must be chosen."""
    name = filled["name"].strip()
    if filled["applicant"] or not name or await request.app[APPEALS].citizens.find(name, 1):
        return filled
    return Filled({**filled.typed, "applicant": NEW})


async def _found(request: web.Request, filled: Filled) -> Filled:
    """Take the one category that the typed words find: the form was sent before the list came."""
    if filled["category"] or not filled["category_search"].strip():
        return filled
    found = await request.app[APPEALS].categories.find(filled["category_search"], 2)
    return Filled({**filled.typed, "category": found[0].code}) if len(found) == 1 else filled


async def enter(
    request: web.Request, calling: Calling, filled: Filled, earlier: Similar | None
) -> web.Response:
    """Register a form without faults and show the number to read out."""
    sources = request.app[APPEALS]
    new = filled.appeal(
        address=await sources.streets.present(filled["address"].strip()),
        number=calling.number,
        earlier=earlier,
        user_id=request[USER].id,
        now=sources.clock.now(),
        zone=sources.timezone,
        language=calling.language,
        sms_prefixes=request.app[SMS_PREFIXES],
    )
    if trial := await trial_of(request, calling):
        entered = Entered(
            text=new.text, category=new.category, urgency=new.urgency.value, address=new.address
        )
        shown = await practised(request, trial, entered)
        await _sent(request, calling, filled)
        return shown
    try:
        appeal = await sources.registry.enter(new)
    except NotFound:
        return await _form(request, calling, filled, {"applicant": N_("Choose who it is from.")})
    except (ActFault, ForbiddenTransition):  # the earlier one has ended while the form was filled in
        anew = Filled({**filled.typed, "earlier": ""})
        fault = {"earlier": N_("Say whether this is about the same as before.")}
        return await _form(request, calling, anew, fault, await alike(request, anew))
    await audit(request, Action.ADD, f"appeal:{appeal.number}", appeal.kind)
    await _linked(request, appeal, filled)
    sources.events.tell(AppealRegistered(appeal=appeal))
    if appeal.applicant_id is not None and new.categories is not None:
        await audit(request, Action.CHANGE, f"citizen:{appeal.applicant_id}", "categories")
    await _sent(request, calling, filled)
    return await registered(request, appeal)


async def _linked(request: web.Request, appeal: Appeal, filled: Filled) -> None:
    """Let it belong to the outage there or keep it apart, as was said; unsaid, the service links it."""
    sources, outage = request.app[APPEALS], await outage_of(request, filled)
    if outage is None or filled["outage"] not in (str(outage.id), UNRELATED):
        return
    apart = filled["outage"] == UNRELATED
    linked = None if apart else outage.id
    gazetteer = await sources.streets.gazetteer()
    await sources.reports.put(report_of(appeal, gazetteer, outage.utility, outage_id=linked, apart=apart))


async def _consultation(request: web.Request, calling: Calling, filled: Filled) -> web.Response:
    sources, text = request.app[APPEALS], filled["text"].strip()
    if not text or len(text) > LONGEST_TEXT:
        return await _form(request, calling, filled, {"text": N_("Write what was asked and answered.")})
    if trial := await trial_of(request, calling):
        shown = await practised(request, trial, Entered(text=text))
        await _sent(request, calling, filled)
        return shown
    await sources.registry.consulted(
        call_id=calling.call_id or None, user_id=request[USER].id, text=text, at=sources.clock.now()
    )
    await audit(request, Action.ADD, f"call:{calling.call_id}", "consultation")
    await _sent(request, calling, filled)
    return answer(request, "consulted", calling=calling, whose=calling)


async def _sent(request: web.Request, calling: Calling, filled: Filled) -> None:
    """Forget the form. Another that is half filled in for this call stays: an emergency came in between."""
    forms, user_id = request.app[APPEALS].forms, request[USER].id
    if (await forms.find(user_id, calling.call_id)).get("idempotency_key") == filled["idempotency_key"]:
        await forms.drop(user_id, calling.call_id)


async def _missing(request: web.Request, filled: Filled, entered: Appeal) -> Sequence[str]:
    """Give what this form says and the appeal, registered from another window, does not."""
    sources, language = request.app[APPEALS], language_of(request)
    text, address = filled["text"].strip(), await sources.streets.present(filled["address"].strip())
    said = [text] * (text != entered.text) + [address] * (address != entered.address)
    answers = given(filled["category"], filled.typed)
    typed_now = details(filled["category"], answers, sources.clock.now(), sources.timezone)
    other = [one for one in typed_now if one not in entered.details]
    return [*said, *(f"{one.name(language)} — {one.said(language, sources.timezone)}" for one in other)]


async def registered(request: web.Request, appeal: Appeal, missing: Sequence[str] = ()) -> web.Response:
    """Show what was registered, to be read out; `missing` is what was typed and is not in it."""
    holder = appeal.executor_id
    executor = None if holder is None else await request.app[APPEALS].executors.get(holder)
    calling = await read_calling(request, appeal.call_id or "")
    from_whom = await _person(request, appeal.applicant_id)
    zone, language = request.app[APPEALS].timezone, language_of(request)
    by = (
        await request.app[ACCOUNTS].users.get(appeal.registered_by)
        if missing and appeal.registered_by
        else None
    )
    return answer(
        request,
        "registered",
        appeal=appeal,
        missing=missing,
        registered_by=by.name if by else "",
        executor=executor,
        whose=calling,
        applicant=from_whom,
        aloud=_aloud(appeal),
        ready=offered_of(appeal, executor.short if executor else "", language, zone),
    )


def _aloud(appeal: Appeal) -> Sequence[Step]:
    """Give what is still to be said in an emergency whose number is read out already."""
    if appeal.urgency is not Urgency.EMERGENCY:
        return ()
    return [one for one in classifier().steps_of(appeal.category) if one.at_once]


async def _form(
    request: web.Request,
    calling: Calling,
    filled: Filled,
    faults: Mapping[str, str] | None = None,
    similar: object = (),
    *,
    others: Sequence[Calling] = (),
) -> web.Response:
    people = [*calling.candidates, *await _chosen_person(request, calling, filled)]
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return answer(
        request,
        "form",
        status=HTTPStatus.CONFLICT if others else wrong,
        calling=calling,
        whose=calling,
        others=others,
        filled=filled,
        faults=faults or {},
        gone=None,
        by_section=classifier().by_section(),
        people=people,
        ticked=_ticked(filled, people),
        similar=similar,
        outage=await outage_of(request, filled),
        unrelated=UNRELATED,
        in_order=filled.in_order(),
        **asked_of(request, filled["category"], {"address": filled["address"].strip()}),
        mobile=gets_sms(calling.number, request.app[SMS_PREFIXES]),
        sms_to=beginnings(request.app[SMS_PREFIXES]),
    )


def _ticked(filled: Filled, people: list[Citizen]) -> list[str]:
    """The applicant's categories: as ticked in this form, else as the register has them."""
    if filled["benefits_of"] == filled["applicant"]:
        return filled["benefits"].split()
    return [code for one in people if one.id == filled.citizen_id for code in one.benefits]


async def _chosen_person(request: web.Request, calling: Calling, filled: Filled) -> list[Citizen]:
    """Find the person chosen by name, so that they are among the choices again."""
    citizen_id = filled.citizen_id
    if citizen_id in {one.id for one in calling.candidates}:
        return []
    person = await _person(request, citizen_id)
    return [] if person is None else [person]


async def _person(request: web.Request, citizen_id: int | None) -> Citizen | None:
    if citizen_id is None:
        return None
    try:
        return await request.app[APPEALS].citizens.get(citizen_id)
    except NotFound:
        return None


def _empty(request: web.Request, calling: Calling) -> Mapping[str, str]:
    return {
        "call": calling.call_id,
        "idempotency_key": secrets.token_urlsafe(12),
        "text": calling.notes,
        "address": calling.home,
        "applicant": calling.only,
        "kind": AppealKind.APPLICATION.value,
        "reply_by": Reply("", "", calling.number, request.app[SMS_PREFIXES]).chosen,
    }


def _further(request: web.Request, calling: Calling, before: Appeal) -> Mapping[str, str]:
    """One more appeal of the same call: who it is from stays, and their consent."""
    return {
        **_empty(request, calling),
        "text": "",
        "address": before.address,
        "applicant": "" if before.applicant_id is None else str(before.applicant_id),
        "consent": "yes" if before.consent else "",
        "reply_by": ToldBy.of(before).value,
        "reply_to": before.reply_to,
    }
