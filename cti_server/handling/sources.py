"""What the card of an appeal reads, and what its acts go through."""

from dataclasses import dataclass

from aiohttp import web

from hotline.addresses import Streets
from hotline.calls import CallLog
from hotline.citizens import Citizens
from hotline.city_rules import CityRules
from hotline.clock import Clock
from hotline.control import Control
from hotline.executors import Executors
from hotline.handling import Handling
from hotline.history import History
from hotline.outage_reports import OutageReports
from hotline.outages import Outages
from hotline.registering import Registry
from hotline.routing_rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingSources:
    """The registers; `city` counts days and attempts as the rules do that the acts are checked by."""

    registry: Registry
    handling: Handling
    executors: Executors
    rules: Rules
    citizens: Citizens
    streets: Streets
    calls: CallLog
    past_calls: History
    control: Control
    outages: Outages
    reports: OutageReports
    city: CityRules
    clock: Clock


HANDLING: web.AppKey[HandlingSources] = web.AppKey("handling")
