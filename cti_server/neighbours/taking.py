"""A call that is answered in another city's name: what is known of that city, and an appeal taken for it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import new_key, read_form, read_reason
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.frame.words import CONTEXT
from cti_server.keys import USER
from cti_server.neighbours.agreements import ONE, PATH, asked
from cti_server.neighbours.sources import NEIGHBOURS
from hotline.access.permissions import Permission
from hotline.city.classifier import Urgency
from hotline.contact.numbers import e164
from hotline.errors import ForbiddenTransition, NotFound
from hotline.neighbours.agreement import Agreement, AgreementOver
from hotline.neighbours.copy import CityCopy, WrongCopy, bare_copy, read_copy
from hotline.neighbours.taken import NewTaken, Taken

LINE = f"{ONE}/line"
APPEALS = f"{ONE}/appeals"
APPEAL = APPEALS + r"/{taken:\d{1,9}}"
LONGEST_TEXT = 10_000
LONGEST_LINE = 300
_SEES = allowed(Permission.REGISTER_APPEALS)
_CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTaken:
    """The form as typed. `key` names it, so that what is sent twice is one appeal."""

    text: str = ""
    category: str = ""
    address: str = ""
    applicant: str = ""
    number: str = ""
    consent: bool = False
    urgent: bool = False
    call: str = ""
    key: str = ""

    def faults(self, copy: CityCopy) -> Mapping[str, str]:
        found = {}
        if not 0 < len(self.text.strip()) <= LONGEST_TEXT:
            found["text"] = N_("Write what it is about.")
        if copy.category(self.category) is None:
            found["category"] = N_("Choose one of that city's categories.")
        if not 0 < len(self.address.strip()) <= LONGEST_LINE:
            found["address"] = N_("Write the address: where it is, or where the applicant lives.")
        if len(self.applicant) > LONGEST_LINE:
            found["applicant"] = N_("That is too long.")
        if self.number.strip() and e164(self.number) is None:
            found["number"] = N_("Write a telephone, such as 067 123 45 67, or leave it empty.")
        if self.applicant.strip() and not self.consent:
            found["consent"] = N_("Ask for the consent: without it only an anonymous report is possible.")
        return found


@_SEES
async def line(request: web.Request) -> web.Response:
    """Show what is known of the city, and the form of an appeal for it."""
    agreement = await asked(request)
    call, number = request.query.get(_CALL, "")[:80], request.query.get("number", "")[:20]
    typed = TypedTaken(call=call, number=number, key=new_key())
    return await _line(request, agreement, typed, {})


@_SEES
async def take(request: web.Request) -> web.Response:
    """Take the appeal: it is kept here and handed over at once, or as soon as the other hotline answers."""
    sources, agreement = request.app[NEIGHBOURS], await asked(request)
    typed = read_form(TypedTaken, await request.post())
    copy, _ = await _copy(request, agreement)
    if faults := typed.faults(copy):
        return await _line(request, agreement, typed, faults)
    category, now = copy.category(typed.category), sources.clock.now()
    if category is None:
        raise NotFound(f"There is no category {typed.category}.")
    emergency = typed.urgent or category.urgency is Urgency.EMERGENCY
    try:
        taken = await sources.taken.take(
            NewTaken(
                agreement_id=agreement.id,
                call_id=typed.call or None,
                key=_key(agreement, typed.key),
                taken_at=now,
                taken_by=request[USER].id,
                urgent=emergency,
                category=category.uk,
                body=_body(typed, now, emergency=emergency),
            )
        )
    except ForbiddenTransition as error:
        raise AgreementOver("The agreement holds no more.") from error
    await audit(request, Action.ADD, f"neighbour-appeal:{taken.id}", f"agreement:{agreement.id}")
    raise web.HTTPSeeOther(f"{PATH}/{agreement.id}/appeals/{taken.id}")


@_SEES
async def appeal(request: web.Request) -> web.Response:
    """Show where an appeal is that was taken: its number there, or why it is not there yet."""
    agreement, taken = await asked(request), await _taken(request)
    return await _appeal(request, agreement, taken)


@_SEES
async def again(request: web.Request) -> web.Response:
    """Send it once more after it was given up."""
    agreement, taken = await asked(request), await _taken(request)
    await request.app[NEIGHBOURS].taken.send_again(taken.id, request.app[NEIGHBOURS].clock.now())
    await audit(request, Action.CHANGE, f"neighbour-appeal:{taken.id}", "again")
    return noted_at(f"{PATH}/{agreement.id}/appeals/{taken.id}", Noted.TAKEN_SENT_AGAIN)


@_SEES
async def otherwise(request: web.Request) -> web.Response:
    """Note that a person handed it over by telephone or on paper; what was said is forgotten here."""
    sources, agreement, taken = request.app[NEIGHBOURS], await asked(request), await _taken(request)
    how = read_reason(await request.post())
    if not how:
        error = words_of(request).gettext("Write to whom and how you handed it over.")
        return await _appeal(request, agreement, taken, error)
    await sources.taken.handed_otherwise(taken.id, how, by=request[USER].id, at=sources.clock.now())
    await audit(request, Action.CHANGE, f"neighbour-appeal:{taken.id}", f"otherwise: {how}")
    return noted_at(f"{PATH}/{agreement.id}/appeals/{taken.id}", Noted.TAKEN_OTHERWISE)


async def _line(
    request: web.Request, agreement: Agreement, typed: TypedTaken, faults: Mapping[str, str]
) -> web.Response:
    sources, (copy, bare) = request.app[NEIGHBOURS], await _copy(request, agreement)
    now, gettext = sources.clock.now(), words_of(request).gettext
    ukrainian = language_of(request) == "uk"
    local = now.astimezone(sources.timezone)
    return render(
        request,
        "neighbours/line.html.jinja2",
        status=422 if faults else 200,
        agreement=agreement,
        copy=copy,
        whose=copy.city.whose if ukrainian else copy.city.en,
        stale=agreement.stale(now),
        bare=bare,
        within_hours=agreement.within_hours(local),
        current=copy.outages_now(now),
        ahead=copy.outages_ahead(now),
        categories=[
            ("", gettext("— choose —")),
            *((one.code, one.uk if ukrainian else one.en) for one in copy.categories),
        ],
        ukrainian=ukrainian,
        said_at_once=[one for one in copy.categories if any(step.at_once for step in one.steps)],
        taken=await sources.taken.of_call(typed.call) if typed.call else (),
        typed=typed,
        faults=defaultdict(str, {name: gettext(said) for name, said in faults.items()}),
        Urgency=Urgency,
        **CONTEXT,
    )


async def _appeal(request: web.Request, agreement: Agreement, taken: Taken, error: str = "") -> web.Response:
    said = json.loads(taken.body) if taken.body else {}
    sources = request.app[NEIGHBOURS]
    waiting = () if taken.settled else await sources.taken.late(sources.clock.now())
    return render(
        request,
        "neighbours/taken.html.jinja2",
        status=422 if error else 200,
        agreement=agreement,
        taken=taken,
        late=any(one.id == taken.id for one in waiting),
        in_their_name=bool(taken.call_id) and agreement.holds(sources.clock.now()),
        said=said,
        error=error,
    )


async def _taken(request: web.Request) -> Taken:
    found = await request.app[NEIGHBOURS].taken.get(int(request.match_info["taken"]))
    if found.agreement_id != int(request.match_info["id"]):
        raise NotFound(f"There is no appeal {found.id} of this agreement.")
    return found


async def _copy(request: web.Request, agreement: Agreement) -> tuple[CityCopy, bool]:
    """Read the last copy; raises AgreementOver where the agreement has ended, and the copy with it.

    One that another version of ours kept and that cannot be read any more leaves the form alone: it is bare.
    """
    sources = request.app[NEIGHBOURS]
    if not agreement.holds(sources.clock.now()):
        raise AgreementOver("The agreement holds no more.")
    try:
        return read_copy(await sources.agreements.copy(agreement.id)), False
    except WrongCopy:
        return bare_copy(agreement), True


def _key(agreement: Agreement, form: str) -> str:
    """Name the appeal for both cities: as an Idempotency-Key is written, and without what was said."""
    named = hashlib.sha256(f"{agreement.id}:{agreement.made_at.isoformat()}:{form}".encode()).hexdigest()
    return f"neighbour-{named[:40]}"


def _body(typed: TypedTaken, now: datetime, *, emergency: bool) -> str:
    """Write it as the other city's interface takes it."""
    said = {
        "text": typed.text.strip(),
        "category": typed.category,
        "address": typed.address.strip(),
        "urgency": Urgency.EMERGENCY.value if emergency else None,
        "applicant": typed.applicant.strip(),
        "consent": typed.consent,
        "number": e164(typed.number),
        "taken_at": now.isoformat(),
    }
    return json.dumps(said, ensure_ascii=False)
