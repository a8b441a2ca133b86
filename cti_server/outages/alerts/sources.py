"""Ports of the pages of alerts, beside the register of outages."""

from dataclasses import dataclass

from aiohttp import web

from hotline.outages.alerts import OutageAlerts
from hotline.outages.reports import OutageReports


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSources:
    """The alerts, and the reports that they are made of."""

    alerts: OutageAlerts
    reports: OutageReports


ALERTS: web.AppKey[AlertSources] = web.AppKey("outage_alerts")
