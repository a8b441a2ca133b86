"""Ports of the pages of control."""

from dataclasses import dataclass

from aiohttp import web

from hotline.appeals.control import Control
from hotline.appeals.registering import Registry
from hotline.city.city_rules import CityRules
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.delivery.outbox import Outbox
from hotline.enterprises.executors import Executors
from hotline.outages.alerts import OutageAlerts
from hotline.outages.outage import Outages
from hotline.portal.public_texts import PublicTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSources:
    """The registers looked at from above, and the notices of the head's page."""

    control: Control
    outbox: Outbox
    outages: Outages
    alerts: OutageAlerts
    executors: Executors
    lemmas: Lemmas
    city: CityRules
    clock: Clock
    registry: Registry
    public_texts: PublicTexts


CONTROL: web.AppKey[ControlSources] = web.AppKey("control")
