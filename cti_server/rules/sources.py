"""What the page of rules reads and changes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.addresses import Streets
from hotline.appeal_lists import AppealLists
from hotline.clock import Clock
from hotline.executors import Executors
from hotline.routing_rules import Rules


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
