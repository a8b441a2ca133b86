"""The second page of a report: what is known already, words, photos, contact; and the form as it comes."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from cti_server.answers.page import PHOTO_REFUSALS
from cti_server.answers.photos import Sent, drop, read_sent
from cti_server.appeals.files.sources import REFUSALS
from cti_server.audit import Action, audit
from cti_server.auth.access import public_with_files
from cti_server.clients import address_of, counted_as, wants_json
from cti_server.frame.language import N_, language_of
from cti_server.frame.words import APPEAL_STATES
from cti_server.keys import REPORTING, SMS_PREFIXES
from cti_server.outages.public.rendering import rendered_page
from cti_server.outages.public.subscription_form import contact_fault, way_to
from cti_server.portal.account import signed_in, whose
from cti_server.portal.sources import OLDEST, PORTAL, SOONEST
from cti_server.portal.typed import Typed
from hotline.city.classifier import Urgency, classifier
from hotline.delivery.answering import FOLLOW
from hotline.outages.bulletin import told_of
from hotline.portal.report import (
    LONGEST_TEXT,
    MOST_PHOTOS,
    Contact,
    Photo,
    ReportFault,
    ResidentReport,
    Source,
    TooManyReports,
)
from hotline.portal.reporting import Accepted
from hotline.voice.speech import Language

_TOO_MANY = N_("Too much was reported from your network within the hour. Call us, please.")
_TOO_FAST = N_("Look once more whether all is right, then send it.")
_TRAP = N_("Leave this field empty.")
_TOO_LONG = N_("That is too long.")
_FAULTS: Mapping[str, str] = {
    "key": _TOO_FAST,
    "consent": N_("Agree that the city may use your name, or leave the name out."),
    "photos": N_("There are as many photos as you may send."),
}


async def ask(request: web.Request, typed: Typed, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Show the second page; a form that comes back keeps its key, so that it stays one report."""
    reporting = request.app[REPORTING]
    now = reporting.clock.now()
    known = await reporting.known(typed.category, typed.address)
    category = classifier().categories[typed.category]
    steps, who = classifier().steps_of(typed.category), await signed_in(request)
    return rendered_page(
        request,
        "portal/details.html.jinja2",
        status,
        **form_context(request, replace(typed, key=typed.key or secrets.token_urlsafe(16))),
        whose=whose(request, "report", who) if who else "",
        category=category,
        emergency=category.urgency is Urgency.EMERGENCY or any(one.at_once for one in steps),
        known=[told_of(one, (), "", now) for one in known.outages],
        appeals=[one.appeal for one in known.appeals],
        APPEAL_STATES=APPEAL_STATES,
        registered=(await reporting.streets.gazetteer()).locate(typed.address) is not None,
    )


def form_context(request: web.Request, typed: Typed) -> dict[str, object]:
    """Give what the fields of the form need; a form that is shown for the first time is dated."""
    reporting = request.app[REPORTING]
    now = int(reporting.clock.now().timestamp())
    return {
        "typed": replace(typed, shown=typed.shown or request.app[PORTAL].shown.token(now)),
        "most_photos": MOST_PHOTOS,
        "longest": LONGEST_TEXT,
        "megabytes": reporting.store.limits.most_bytes // 2**20,
    }


@public_with_files
async def send(request: web.Request) -> web.Response:
    """Register the report and lead to its page; a script that asks for JSON gets the receipt instead.

    Answers 422 with the faults, 429 where too much came from there. Nothing of a photo is read then.
    """
    reporting = request.app[REPORTING]
    request.app[PORTAL].sends.take(counted_as(request))
    try:
        await reporting.reports.require_room(Source.WEB, address_of(request), reporting.clock.now())
    except TooManyReports:
        return await _refused(request, Typed(faults={"": _TOO_MANY}), HTTPStatus.TOO_MANY_REQUESTS)
    sent = await read_sent(request, MOST_PHOTOS)
    try:
        return await _sent(request, sent)
    finally:
        await drop(request, sent)


async def _sent(request: web.Request, sent: Sent) -> web.Response:
    typed = Typed.from_form(sent.fields)
    typed = replace(
        typed,
        faults=_faults(request, typed),
        photos_refused=[(name, PHOTO_REFUSALS.get(why, REFUSALS[why])) for name, why in sent.refused],
    )
    if typed.faults or typed.photos_refused:
        return await _refused(request, typed)
    report = _report(request, typed, sent, await signed_in(request))
    sent.photos.clear()  # they are the report's now, which drops what it does not take
    try:
        accepted = await request.app[REPORTING].report(report)
    except ReportFault as fault:
        field = "" if fault.field == "key" else fault.field
        return await _refused(request, replace(typed, faults={field: _FAULTS.get(fault.field, _TOO_LONG)}))
    except TooManyReports:
        return await _refused(request, replace(typed, faults={"": _TOO_MANY}), HTTPStatus.TOO_MANY_REQUESTS)
    if not accepted.again:
        await audit(request, Action.ADD, f"appeal:{accepted.appeal.number}", "resident")
    return _receipt(request, accepted)


def _receipt(request: web.Request, accepted: Accepted) -> web.Response:
    page = f"{FOLLOW}/{accepted.appeal.number}/{accepted.code}?new"
    if wants_json(request):
        return web.json_response(
            {"number": accepted.appeal.number, "code": accepted.code, "page": page},
            status=HTTPStatus.OK if accepted.again else HTTPStatus.CREATED,
        )
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": page})


async def _refused(
    request: web.Request, typed: Typed, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
) -> web.Response:
    if wants_json(request):
        refused = {**typed.faults, **dict(typed.photos_refused)}
        return web.json_response({"faults": refused}, status=status)
    if not typed.known_category or not typed.address:
        return rendered_page(request, "portal/refused.html.jinja2", status, typed=typed)
    return await ask(request, replace(typed, shown=typed.shown if _shown_at(request, typed) else ""), status)


def _faults(request: web.Request, typed: Typed) -> Mapping[str, str]:
    faults: dict[str, str] = {}
    if typed.trap:
        faults["website"] = _TRAP
    shown = _shown_at(request, typed)
    if shown is None or request.app[REPORTING].clock.now() - shown < SOONEST:
        faults[""] = _TOO_FAST
    if typed.contact and (fault := contact_fault(request, typed.contact)):
        faults["contact"] = fault
    return faults


def _shown_at(request: web.Request, typed: Typed) -> datetime | None:
    """Read when the form was shown; None for what we did not sign, and for a form that is too old."""
    sources, now = request.app[PORTAL], request.app[REPORTING].clock.now()
    if not sources.shown.signed(typed.shown):
        return None
    seconds = sources.shown.number(typed.shown)
    shown = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return shown if shown is not None and now - shown <= OLDEST else None


def _report(request: web.Request, typed: Typed, sent: Sent, who: Contact | None) -> ResidentReport:
    """Make the report; an open account's own contact is confirmed, and stands where none was typed.

    It does not where the form was shown to somebody else: it may have been kept without a network.
    """
    way = way_to(typed.contact, request.app[SMS_PREFIXES]) if typed.contact else None
    shown_to_them = who is not None and sent.fields.get("whose") == whose(request, "report", who)
    own = who if shown_to_them else None
    contact = Contact(channel=way[0], address=way[1]) if way else own
    if who is not None and contact is not None and contact.address == who.address:
        contact = who
    return ResidentReport(
        key=typed.key,
        source=Source.WEB,
        sender=address_of(request),
        category=typed.category,
        address=typed.address,
        text=typed.text,
        contact=contact,
        name=typed.name,
        consent=typed.consent,
        publish=typed.publish,
        photos=[Photo(name=name, file=kept) for name, kept in sent.photos],
        language=Language(language_of(request)),
        joins=typed.joins,
    )
