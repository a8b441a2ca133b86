"""Ports of the page of rules."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.lists import AppealLists
from hotline.appeals.routing import Rules
from hotline.city.addresses import Streets
from hotline.clock import Clock
from hotline.enterprises.executors import Executors


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSources:
    """`timezone` is the city's: hours and days of rules are counted there."""

    rules: Rules
    executors: Executors
    lists: AppealLists
    streets: Streets
    clock: Clock
    timezone: ZoneInfo


RULES: web.AppKey[RuleSources] = web.AppKey("rules")
