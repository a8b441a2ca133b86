"""Alerts as a dispatcher sees them: who reports what from where, and the outage that is proposed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import language_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.moments import moment_typed
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS
from cti_server.outages.alerts.sources import ALERTS
from cti_server.outages.alerts.words import CONTEXT
from cti_server.outages.register.audience import CENTRE
from cti_server.outages.register.showing import place_text
from cti_server.outages.register.sources import OUTAGES, as_read
from cti_server.outages.register.typed import NO_FAULTS, Faults, TypedOutage, as_query, outage_of
from hotline.access.permissions import Permission
from hotline.access.users import Users
from hotline.appeals.appeal import PENDING, Appeal
from hotline.city.area_notation import area_text, areas_text
from hotline.outages.alert_states import AlertState
from hotline.outages.alerts import Alert
from hotline.outages.outage import Outage, OutageKind, draft
from hotline.outages.reports import KnownReport

PATH = "/outage-register/alerts"
MOST_LISTED = 50
MOST_REPORTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that was refused: the typed form, and its faults."""

    typed: TypedOutage | None = None
    faults: Faults = NO_FAULTS
    said: str = ""
    """The field of the sent form, other than those of a new outage: a reason, or which outage."""
    form: str = ""
    """The form beside which its `fault` is shown."""
    fault: str = ""
    overtaken: bool = False


@allowed(Permission.MANAGE_OUTAGES)
async def listing(request: web.Request) -> web.Response:
    """List alerts, waiting ones first, then the latest decided ones."""
    alerts = request.app[ALERTS].alerts
    waiting = await alerts.open()
    leaf = await leaf_of(request, lambda most, skipped: alerts.find(limit=most, skipped=skipped), MOST_LISTED)
    context: dict[str, Any] = {
        "waiting": waiting,
        "decided": [one for one in leaf.rows if one.state is not AlertState.OPEN],
        "leaf": leaf,
        "where": lambda alert: where(request, alert),
    }
    return render(request, "outages/alerts/list.html.jinja2", **{**CONTEXT, **context})


@allowed(Permission.MANAGE_OUTAGES)
async def page(request: web.Request) -> web.Response:
    return await show(request, Decided())


async def show(request: web.Request, decided: Decided, status: int = HTTPStatus.OK) -> web.Response:
    """Show the present alert, and the typed form."""
    sources, register = request.app[ALERTS], request.app[OUTAGES]
    alert = await sources.alerts.get(int(request.match_info["alert"]))
    await audit(request, Action.VIEW, f"outage-alert:{alert.id}")
    every = partial(sources.reports.of_alert, alert.id)
    leaf = await leaf_of(request, every, MOST_REPORTS, f"{PATH}/{alert.id}")
    reports = leaf.rows
    appeals = await sources.reports.appeals([one.appeal for one in reports if one.appeal])
    executors = {one.id: one for one in await register.executors.all()}
    proposed = await _proposed(request, alert, reports, appeals)
    context: dict[str, Any] = {
        "alert": alert,
        "where": where(request, alert),
        "reports": reports,
        "appeals": appeals,
        "executors": executors,
        "typed": decided.typed or proposed,
        "heard": await _heard(request, decided.typed or proposed),
        "faults": defaultdict(str, decided.faults.fields),
        "first": next(iter(decided.faults.fields), ""),
        "audience": CENTRE,
        "anew": urlencode(as_query(decided.typed)) if decided.typed else "",
        "area_faults": decided.faults.areas,
        "wrong_so_far": (),
        "decided": decided,
        "same": await _same(request, alert),
        "outage": None if alert.outage_id is None else await register.outages.get(alert.outage_id),
        "place": lambda outage: place_text(outage, request),
        "leaf": leaf,
        "main": _main(appeals),
        "decider": "" if alert.decided_by is None else (await _users(request).get(alert.decided_by)).name,
    }
    return render(request, "outages/alerts/page.html.jinja2", status=status, **{**CONTEXT, **context})


def _users(request: web.Request) -> Users:
    return request.app[ACCOUNTS].users


def where(request: web.Request, alert: Alert) -> str:
    return "; ".join(area_text(one, language_of(request)) for one in alert.areas)


async def _proposed(
    request: web.Request, alert: Alert, reports: Sequence[KnownReport], appeals: Mapping[str, Appeal]
) -> TypedOutage:
    """Propose an outage: since the first report, of the enterprise with most of the appeals."""
    zone = request.app[OUTAGES].timezone
    held = Counter(one.executor_id for one in appeals.values() if one.executor_id is not None)
    return TypedOutage(
        utility=alert.utility.value,
        kind=OutageKind.UNPLANNED.value,
        starts=moment_typed(min((one.at for one in reports), default=alert.opened_at), zone),
        unknown=True,
        areas=areas_text(alert.areas),
        executor=str(next((one for one, _ in held.most_common(1)), "")),
    )


def _main(appeals: Mapping[str, Appeal]) -> str:
    """Give the earliest appeal to which others can be linked; empty where there are not two of them."""
    owed = [one for one in appeals.values() if one.state in PENDING and one.parent is None]
    return min((one.number for one in owed), default="") if len(owed) > 1 else ""


async def _heard(request: web.Request, typed: TypedOutage) -> str:
    """Say what callers will hear of it; nothing while it cannot be read."""
    register = request.app[OUTAGES]
    owner = frozenset({int(typed.executor)} if typed.executor.isdigit() else ())
    new, _ = outage_of(typed, register.timezone, await register.streets.gazetteer(), owner)
    now = register.clock.now()
    return "" if new is None else as_read(register.heard(draft(new, now), now=now), language_of(request))


async def _same(request: web.Request, alert: Alert) -> Sequence[Outage]:
    """Outages of the utility that go on: the alert may belong to one of them."""
    register = request.app[OUTAGES]
    holding = await register.outages.now(register.clock.now())
    return [one for one in holding if one.utility is alert.utility]
