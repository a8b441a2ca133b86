"""Ports of the list of appeals, its papers and its kept filters."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.handling import Handling
from hotline.appeals.lists import AppealLists
from hotline.city.addresses import Streets
from hotline.clock import Clock
from hotline.enterprises.executors import Executors


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSources:
    """The register read as lists; `timezone` is the city's: days and terms are counted there."""

    lists: AppealLists
    streets: Streets
    executors: Executors
    handling: Handling
    clock: Clock
    timezone: ZoneInfo


APPEAL_LISTS: web.AppKey[ListSources] = web.AppKey("appeal_lists")
