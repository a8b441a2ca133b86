"""Ports of the card of an appealwhat its acts go through."""

from dataclasses import dataclass

from aiohttp import web

from hotline.appeals.control import Control
from hotline.appeals.handling import Handling
from hotline.appeals.registering import Registry
from hotline.appeals.routing import Rules
from hotline.calls.call import CallLog
from hotline.calls.history import History
from hotline.city.addresses import Streets
from hotline.city.city_rules import CityRules
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.outages.outage import Outages
from hotline.outages.reports import OutageReports
from hotline.people.citizens import Citizens
from hotline.speech.transcripts import Transcripts


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
    transcripts: Transcripts
    control: Control
    outages: Outages
    reports: OutageReports
    city: CityRules
    clock: Clock


HANDLING: web.AppKey[HandlingSources] = web.AppKey("handling")
