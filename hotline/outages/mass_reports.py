"""Looks every moment whether many reports make an alert; what came while we were away is found as well."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from attrs import define, field

from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import MarkMass
from hotline.appeals.appeal import Appeal
from hotline.appeals.handling import Handling
from hotline.city.addresses import Streets
from hotline.city.classifier import Utility
from hotline.clock import Clock
from hotline.errors import ForbiddenTransition, Outdated
from hotline.isolation import IsolatedItems, repeat
from hotline.outages.alert_states import AlertEvent
from hotline.outages.alerts import (
    LOOKS_BACK,
    Alert,
    BySchedule,
    Decision,
    OutageAlerts,
    Proposal,
    Threshold,
    alerts,
    covering,
)
from hotline.outages.outage import Outages
from hotline.outages.reports import KnownReport, OutageReports, report_of, reported_by, reporting

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
POWER_ALERT_LASTS = timedelta(hours=3)


@define(eq=False, repr=False, kw_only=True)
class MassReports:
    """Takes appeals in as reports, links what an outage tells already, and raises alerts of the rest."""

    _reports: OutageReports
    _alerts: OutageAlerts
    _outages: Outages
    _streets: Streets
    _handling: Handling
    _clock: Clock
    _threshold: Threshold
    _schedule: Callable[[], Awaitable[BySchedule]] | None = None
    """Gives the schedule of power as it is known now; None: the city has none."""
    _isolated: IsolatedItems = field(
        factory=lambda: IsolatedItems("reports of outages not looked at"), init=False
    )

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self.look, every=LOOK_SECONDS, failure="reports of outages not looked at")

    async def look(self) -> None:
        """Look once. Each step is taken once, also when another process looks."""
        now = self._clock.now()
        await self._take_in(now)
        await self._raise(await self._link(now), now)
        for number in await self._reports.unmarked(now - LOOKS_BACK):
            await self._isolated.do(f"mark-{number}", partial(self._mark, number, now))

    async def _take_in(self, now: datetime) -> None:
        for appeal in await self._reports.unread(now - LOOKS_BACK, reporting()):
            await self._isolated.do(f"appeal-{appeal.number}", partial(self._read, appeal))

    async def _read(self, appeal: Appeal) -> None:
        if (utility := reported_by(appeal.category, appeal.classifier)) is not None:
            await self._reports.add(report_of(appeal, await self._streets.gazetteer(), utility))

    async def _link(self, now: datetime) -> Sequence[KnownReport]:
        """Let what an outage tells already belong to it; returns the others."""
        outages = await self._outages.now(now)
        told: dict[int, list[int]] = defaultdict(list)
        reports = await self._reports.open(now - LOOKS_BACK)
        for report in reports:
            if (outage := covering(report, outages, now)) is not None:
                told[outage.id].append(report.id)
        for outage_id, theirs in told.items():
            await self._isolated.do(f"outage-{outage_id}", partial(self._reports.link, theirs, outage_id))
        return await self._reports.open(now - LOOKS_BACK) if told else reports

    async def _raise(self, reports: Sequence[KnownReport], now: datetime) -> None:
        of_power = any(one.utility is Utility.POWER for one in reports)
        schedule = await self._schedule() if of_power and self._schedule else None
        proposals = alerts(reports, (), now, self._threshold, schedule)
        for proposal in proposals:
            if all(one.alert_id is not None for one in proposal.reports):
                continue
            ids = ",".join(str(one.id) for one in proposal.reports)
            await self._isolated.do(f"alert-of-{ids}", partial(self._raise_one, proposal, now))
        proposed = {one.utility for one in proposals}
        for alert in await self._alerts.open():
            if alert.utility not in proposed or _over(alert, now):
                await self._isolated.do(f"cover-{alert.id}", partial(self._cover, alert, now))

    async def _raise_one(self, proposal: Proposal, now: datetime) -> None:
        raised = await self._alerts.raise_(proposal, now)
        if raised is not None and raised.grew_at == now:
            log.info("outage alert=%d utility=%s voices=%d", raised.id, raised.utility, raised.voices)

    async def _cover(self, alert: Alert, now: datetime) -> None:
        """Close an alert without reports of its own: an outage covers them all, or they were set apart."""
        told = [one.outage_id for one in await self._reports.of_alert(alert.id) if one.outage_id is not None]
        event = AlertEvent.COVER if told else AlertEvent.DISMISS
        decision = Decision(event=event, at=now, outage_id=max(told, default=None))
        try:
            await self._alerts.decide(alert.id, decision)
        except Outdated:  # a dispatcher has, in this moment
            return

    async def _mark(self, number: str, now: datetime) -> None:
        try:
            await self._handling.carry_out(number, MarkMass(by=SERVICE, at=now), version=None)
        except (ActFault, ForbiddenTransition):  # a person has changed the sign or ended it, in this moment
            return


def _over(alert: Alert, now: datetime) -> bool:
    """Tell whether it is of no power, and nobody else has reported for long: it must be back."""
    return alert.utility is Utility.POWER and alert.grew_at <= now - POWER_ALERT_LASTS
