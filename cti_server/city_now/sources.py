"""Ports of the city's page."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.air_raid.alarm import AirRaid
from hotline.appeals.figures import AppealFigures
from hotline.city.addresses import Streets
from hotline.city.city_map import CityMaps
from hotline.clock import Clock
from hotline.desk.callers import Callers
from hotline.informing.city_messages import CityMessages
from hotline.informing.standing_orders import StandingOrders
from hotline.line.line import Dispatchers
from hotline.line.today import LineToday
from hotline.outages.alerts import OutageAlerts
from hotline.outages.outage import Outages
from hotline.power.schedule import PowerSchedules
from hotline.reports.papers import Papers
from hotline.shifts.duty import PlannedNow


@dataclass(frozen=True, slots=True, kw_only=True)
class CityNowSources:
    """The parts of storage that the page reads. Its days begin at midnight in `timezone`."""

    line: LineToday
    callers: Callers
    dispatchers: Dispatchers
    figures: AppealFigures
    outages: Outages
    alerts: OutageAlerts
    power: PowerSchedules
    maps: CityMaps
    streets: Streets
    messages: CityMessages
    orders: StandingOrders
    planned: PlannedNow
    papers: Papers
    clock: Clock
    timezone: ZoneInfo
    air: AirRaid = field(default_factory=AirRaid)


CITY_NOW: web.AppKey[CityNowSources] = web.AppKey("city_now")
