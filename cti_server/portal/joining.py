"""“Me too”: somebody with a confirmed contact joins a matter of the public list."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from cti_server.answers.sources import ANSWERS
from cti_server.audit import Action, audit
from cti_server.auth.access import public
from cti_server.clients import address_of, counted_as, wants_json
from cti_server.frame.language import N_, language_of, words_of
from cti_server.keys import REPORTING
from cti_server.portal.account import signed_in, whose
from cti_server.portal.matters import found_matter, may_join, shown_matter
from cti_server.portal.sources import PORTAL
from hotline.delivery.answering import FOLLOW
from hotline.portal.matters import PublicMatter
from hotline.portal.report import Contact, ReportFault, ResidentReport, Source, TooManyReports
from hotline.voice.speech import Language

_LONGEST_HOUSE = 20
_TOO_MANY = N_("Too much was reported from your network or contact. Call us, please.")
_LATE = N_("Nobody works on it any more, so it cannot be joined. If it is still so, report it.")
_NOT_OPEN = N_(
    "In this browser your contact is not confirmed any more. Confirm it, then press “Mine too” again."
)


@public
async def join(request: web.Request) -> web.Response:
    """Register the same trouble as going along with the matter; pressed twice, it is one.

    Who has no account open in this browser is asked to confirm a contact, and so is somebody else than the
    one for whom the form was shown: it may have been kept without a network. A script that asks for JSON
    gets where the page is, or what is wrong.
    """
    request.app[PORTAL].sends.take(counted_as(request))
    matter, who = await found_matter(request), await signed_in(request)
    form = {name: str(one) for name, one in (await request.post()).items()}
    own = whose(request, f"join {matter.number}", who) if who else ""
    if who is None or form.get("whose", own) != own:
        return await _refused(request, matter, _NOT_OPEN, HTTPStatus.UNAUTHORIZED)
    return await _joined(request, matter, who, form)


async def _joined(
    request: web.Request, matter: PublicMatter, who: Contact, form: Mapping[str, str]
) -> web.Response:
    accounts, reporting = request.app[PORTAL].accounts, request.app[REPORTING]
    for one in await accounts.of(who):
        if one.number == matter.number:
            return _to(request, FOLLOW)
        if one.parent == matter.number:  # joined before, also where nobody works on it any more
            return _to(request, f"{FOLLOW}/{one.number}/{request.app[ANSWERS].codes.code(one)}?new")
    street = await may_join(request, matter)
    if not street:
        return await _refused(request, matter, _LATE, HTTPStatus.CONFLICT)
    house = " ".join(form.get("house", "").split())[:_LONGEST_HOUSE]
    report = ResidentReport(
        key=f"join-{matter.number}-{hashlib.sha256(who.address.encode()).hexdigest()[:32]}",
        source=Source.WEB,
        sender=address_of(request),
        category=matter.category,
        address=f"{street}, {house}" if house else street,
        contact=who,
        language=Language(language_of(request)),
        joins=matter.number,
    )
    try:
        accepted = await reporting.report(report)
    except TooManyReports:
        return await _refused(request, matter, _TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS)
    except ReportFault:
        return await _refused(request, matter, _LATE, HTTPStatus.CONFLICT)
    if not accepted.again:
        await audit(
            request, Action.ADD, f"appeal:{accepted.appeal.number}", f"resident joins {matter.number}"
        )
    return _to(request, f"{FOLLOW}/{accepted.appeal.number}/{accepted.code}?new")


async def _refused(
    request: web.Request, matter: PublicMatter, fault: str, status: HTTPStatus
) -> web.Response:
    if wants_json(request):
        return web.json_response({"faults": {"": words_of(request).gettext(fault)}}, status=status)
    return await shown_matter(request, matter, fault=fault, status=status)


def _to(request: web.Request, address: str) -> web.Response:
    if wants_json(request):
        return web.json_response({"page": address})
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
