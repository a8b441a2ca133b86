"""Decisions on an alert: an outage, part of one, or none. Of two at once, one wins."""

from dataclasses import replace
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.keys import USER
from cti_server.outages.alerts.pages import PATH, Decided, show
from cti_server.outages.alerts.sources import ALERTS
from cti_server.outages.register.audience import CENTRE
from cti_server.outages.register.form import to_card
from cti_server.outages.register.showing import place_text
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.typed import LONGEST_TEXT, outage_of, read_typed
from hotline.access.permissions import Permission
from hotline.errors import Outdated
from hotline.outages.alert_states import AlertEvent
from hotline.outages.alerts import Decision
from hotline.outages.outage import By, EntrySource

NOT_ANY_MORE = N_(
    "The outage that you chose does not go on any more: choose another one, or create a new one."
)


@allowed(Permission.MANAGE_OUTAGES)
async def accept(request: web.Request) -> web.Response:
    """Enter the outage of the form; the alert with its reports belongs to it."""
    register, typed = request.app[OUTAGES], read_typed(await request.post())
    known = frozenset(one.id for one in await register.executors.all())
    alert_id, now = int(request.match_info["alert"]), register.clock.now()
    alert = await request.app[ALERTS].alerts.get(alert_id)
    typed = replace(typed, utility=alert.utility.value)
    new, faults = outage_of(typed, register.timezone, await register.streets.gazetteer(), known)
    if new is None:
        return await show(request, Decided(typed=typed, faults=faults), HTTPStatus.UNPROCESSABLE_ENTITY)
    by = By(source=EntrySource.REPORTS, user_id=request[USER].id)
    try:
        outage = await request.app[ALERTS].alerts.accept(alert_id, new, by, now)
    except Outdated:
        return await show(request, Decided(typed=typed, overtaken=True), HTTPStatus.CONFLICT)
    await audit(request, Action.ADD, f"outage:{outage.id}", f"outage-alert:{alert_id}")
    return to_card(CENTRE, outage.id, "entered")


@allowed(Permission.MANAGE_OUTAGES)
async def belongs(request: web.Request) -> web.Response:
    """Let it belong to the `outage` that is in the register already."""
    chosen, register = str((await request.post()).get("outage", "")), request.app[OUTAGES]
    holding = {str(one.id): one for one in await register.outages.now(register.clock.now())}
    if chosen not in holding:
        fault = NOT_ANY_MORE if chosen else N_("Choose the outage that it belongs to.")
        wrong = Decided(said=chosen, form="belongs", fault=fault)
        return await show(request, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    decision = _decision(request, AlertEvent.ASSIGN, outage_id=holding[chosen].id)
    said = place_text(holding[chosen], request)
    return await _decide(request, decision, Decided(said=said, overtaken=True))


@allowed(Permission.MANAGE_OUTAGES)
async def dismiss(request: web.Request) -> web.Response:
    """Say that it is no outage; the `reason` stays with it."""
    reason = str((await request.post()).get("reason", "")).strip()
    if not 0 < len(reason) <= LONGEST_TEXT:
        fault = N_("Write why, in at most 300 characters.")
        wrong = Decided(said=reason, form="dismiss", fault=fault)
        return await show(request, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    decision = _decision(request, AlertEvent.DISMISS, reason=reason)
    return await _decide(request, decision, Decided(said=reason, overtaken=True))


def _decision(
    request: web.Request, event: AlertEvent, *, outage_id: int | None = None, reason: str = ""
) -> Decision:
    at, by = request.app[OUTAGES].clock.now(), request[USER].id
    return Decision(event=event, at=at, by=by, outage_id=outage_id, reason=reason)


async def _decide(request: web.Request, decision: Decision, overtaken: Decided) -> web.Response:
    alert_id = int(request.match_info["alert"])
    try:
        await request.app[ALERTS].alerts.decide(alert_id, decision)
    except Outdated:
        return await show(request, overtaken, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"outage-alert:{alert_id}", decision.event)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{PATH}/{alert_id}"})
