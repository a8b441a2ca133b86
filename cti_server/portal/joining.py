"""“Me too”: somebody with a confirmed contact joins a matter of the public list."""

import hashlib
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import public
from cti_server.clients import address_of, counted_as
from cti_server.frame.language import N_, language_of
from cti_server.keys import REPORTING
from cti_server.portal.account import signed_in
from cti_server.portal.matters import PATH, found_matter, may_join, shown_matter
from cti_server.portal.sources import PORTAL
from hotline.delivery.answering import FOLLOW
from hotline.portal.report import ReportFault, ResidentReport, Source, TooManyReports
from hotline.voice.speech import Language

_LONGEST_HOUSE = 20
_TOO_MANY = N_("Too much was reported from your network or contact. Call us, please.")
_LATE = N_("Nobody works on it any more, so it cannot be joined. If it is still so, report it.")


@public
async def join(request: web.Request) -> web.Response:
    """Register the same trouble as going along with the matter; pressed twice, it is one.

    Who has no account open in this browser is led to where a contact is confirmed.
    """
    request.app[PORTAL].sends.take(counted_as(request))
    matter, who = await found_matter(request), await signed_in(request)
    if who is None:
        return _to(f"{PATH}/{matter.number}")
    accounts, reporting = request.app[PORTAL].accounts, request.app[REPORTING]
    if any(one.number == matter.number for one in await accounts.of(who)):
        return _to(FOLLOW)
    street = await may_join(request, matter)
    if not street:
        return await shown_matter(request, matter, fault=_LATE, status=HTTPStatus.CONFLICT)
    house = " ".join(str((await request.post()).get("house", "")).split())[:_LONGEST_HOUSE]
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
        return await shown_matter(request, matter, fault=_TOO_MANY, status=HTTPStatus.TOO_MANY_REQUESTS)
    except ReportFault:
        return await shown_matter(request, matter, fault=_LATE, status=HTTPStatus.CONFLICT)
    if not accepted.again:
        await audit(
            request, Action.ADD, f"appeal:{accepted.appeal.number}", f"resident joins {matter.number}"
        )
    return _to(f"{FOLLOW}/{accepted.appeal.number}/{accepted.code}?new")


def _to(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
