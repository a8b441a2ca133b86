"""Martial law told by one act: its last or first day becomes a draft, whose effects are shown next."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.city_data.editing import MANAGE, keep_draft
from cti_server.city_data.sources import CITY_DATA, PATH, working_copy_of
from cti_server.city_data.viewing import show, today_of
from cti_server.frame.language import N_, words_of
from cti_server.frame.moments import read_day
from hotline.city_data.martial_law import suspension_at, with_martial_law
from hotline.city_data.working_copy import faults_of
from hotline.documents.document import DocumentKind
from hotline.errors import Outdated

BEGIN, END = "begin", "end"
NO_DAY = N_("Choose the day, please: the last one of martial law cannot be before its first.")


@MANAGE
async def tell(request: web.Request) -> web.Response:
    """Write the day into the draft; what else is in it stays.

    `act` is what the page offered: if a colleague was faster, the day would mean the opposite.
    """
    kind, form = DocumentKind.DAYS_OFF, await request.post()
    copy = await working_copy_of(request, kind)
    today = today_of(request)
    holds = suspension_at(copy.rows, today) is not None
    if form.get("act") != (END if holds else BEGIN):
        raise Outdated("Somebody else has told it meanwhile.")
    day = read_day(str(form.get("day", "")))
    text = copy.written(with_martial_law(copy.rows, today, day)) if day else ""
    if day is None or faults_of(kind, text) != copy.faults:
        versions = await request.app[CITY_DATA].documents.versions(kind)
        refused = words_of(request).gettext(NO_DAY)
        return await show(request, copy, versions, status=HTTPStatus.UNPROCESSABLE_ENTITY, refused=refused)
    if not await keep_draft(request, copy, text):
        raise Outdated("Somebody else changes this document at this moment.")
    await audit(
        request, Action.CHANGE, f"city-data:{kind}", f"suspended {'until' if holds else 'since'} {day}"
    )
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}/{kind}/draft"})
