"""The registration card of an appeal, printed."""

from aiohttp import web

from cti_server.appeals.form.sources import APPEALS
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.appeals.papers.acts import card_entries, resolution
from cti_server.appeals.papers.office import letterhead
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.appeals.papers.registration_card import CardOf, card
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.appeals.appeal import Appeal
from hotline.errors import NotFound


@allowed(Permission.SEE_APPEALS)
async def pdf(request: web.Request) -> web.Response:
    """One appeal's card, with what the applicant may know of its history."""
    sources, number = request.app[APPEALS], request.match_info["number"]
    appeal = await sources.registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    await audit(request, Action.EXPORT, f"appeal:{number}", "registration-card")
    return as_pdf(await printed_card(request, appeal), f"appeal-{number}")


async def printed_card(request: web.Request, appeal: Appeal) -> bytes:
    """Print the card; raises NotPrinted."""
    sources = request.app[APPEALS]
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    fields = card(await _card_of(request, appeal), sources.timezone)
    return await request.app[PRESS].print("card", {**head, **fields})


async def _card_of(request: web.Request, appeal: Appeal) -> CardOf:
    lists, citizens = request.app[APPEAL_LISTS], request.app[APPEALS].citizens
    person = None if appeal.applicant_id is None else await citizens.get(appeal.applicant_id)
    history = await lists.handling.history(appeal.number, hidden=False)
    executors = {one.id: one.name for one in await lists.executors.all()}
    users = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    return CardOf(
        appeal=appeal,
        applicant=person,
        benefits=person.benefits if person else (),
        executor=executors.get(appeal.executor_id or 0, ""),
        resolution=resolution(history, users),
        history=card_entries(history, users, executors),
    )
