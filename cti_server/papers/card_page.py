"""The registration card of an appeal, printed."""

from aiohttp import web

from cti_server.appeals.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.keys import USER
from cti_server.papers.office import letterhead
from cti_server.papers.press import PRESS, as_pdf
from cti_server.papers.registration_card import CardEntry, CardOf, card
from hotline.errors import NotFound
from hotline.users import Permission


@allowed(Permission.SEE_APPEALS)
async def pdf(request: web.Request) -> web.Response:
    """One appeal's card."""
    sources, number = request.app[APPEALS], request.match_info["number"]
    appeal = await sources.registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    await audit(request, Action.EXPORT, f"appeal:{number}", "registration-card")
    person = None if appeal.applicant_id is None else await sources.citizens.get(appeal.applicant_id)
    registered = CardEntry(at=appeal.registered_at, what="Зареєстровано", who="")
    of = CardOf(appeal=appeal, applicant=person, history=[registered])
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    made = await request.app[PRESS].print("card", {**head, **card(of, sources.timezone)})
    return as_pdf(made, f"appeal-{number}")
