"""A forwarded appeal handed out as a message for СЕВ ОВВ, with its registration card in it."""

import re

from aiohttp import web

from cti_server.appeals.form.sources import APPEALS
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.appeals.papers.card_page import printed_card
from cti_server.appeals.papers.sev_message import SevLetter, SevParty, sev_message
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.appeals.acts.routing import Forward
from hotline.appeals.appeal import AppealState
from hotline.appeals.paperwork import paperwork
from hotline.city.classifier import Urgency, last_known
from hotline.errors import ForbiddenTransition, HotlineError, NotFound

CODE = re.compile(r"\d{8,10}")
_LONGEST = 100


class NoSevMessage(HotlineError):  # noqa: N818 - reads as what is the matter
    """A code of the state's register is missing."""

    code = "no-sev-message"


@allowed(Permission.HANDLE_APPEALS)
async def message(request: web.Request) -> web.Response:
    """The message; `?code=` is the recipient's code of the state's register, `?system=` its system's id."""
    sources, number = request.app[APPEALS], request.match_info["number"]
    appeal = await sources.registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    history = await request.app[APPEAL_LISTS].handling.history(number, hidden=False)
    forwarded = next((one for one in reversed(history) if one.act == Forward.name), None)
    # An appeal that was imported as forwarded, or whose history was erased at its term, has no such entry.
    if appeal.state is not AppealState.FORWARDED or forwarded is None:
        raise ForbiddenTransition(
            N_("Only an appeal that is on record here as forwarded is sent to another authority.")
        )
    city, code = paperwork(), request.query.get("code", "").strip()
    if not CODE.fullmatch(city.edrpou):
        raise NoSevMessage("The organisation has no code in the city's data.")
    if not CODE.fullmatch(code):
        raise NoSevMessage("The code of the authority is missing, or none.")
    await audit(request, Action.EXPORT, f"appeal:{number}", "sev")
    category = last_known(appeal.category)
    letter = SevLetter(
        sender=SevParty(
            name=city.organisation, code=city.edrpou, system=city.sev_name, system_id=city.sev_system
        ),
        recipient=SevParty(
            name=str(forwarded.facts["to"]),
            code=code,
            system_id=request.query.get("system", "").strip()[:_LONGEST],
        ),
        number=appeal.registration_index or appeal.number,
        dated=appeal.registered_at.astimezone(sources.timezone),
        about=category.uk if category else "",
        urgent=appeal.urgency is not Urgency.ORDINARY,
        made_at=forwarded.at.astimezone(sources.timezone),
        file_name=f"appeal-{number}.pdf",
        content=await printed_card(request, appeal),
    )
    return web.Response(
        body=sev_message(letter),
        content_type="application/xml",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{letter.id}.xml"'},
    )
