"""What the pages of control read and change."""

from dataclasses import dataclass

from aiohttp import web

from hotline.city_rules import CityRules
from hotline.clock import Clock
from hotline.control import Control
from hotline.executors import Executors
from hotline.notices import Outbox
from hotline.outage_alerts import OutageAlerts
from hotline.outages import Outages


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSources:
    """The registers looked at from above, and the notices of the head's page."""

    control: Control
    outbox: Outbox
    outages: Outages
    alerts: OutageAlerts
    executors: Executors
    city: CityRules
    clock: Clock


CONTROL: web.AppKey[ControlSources] = web.AppKey("control")
