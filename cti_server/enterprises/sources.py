"""Ports of the register of executors."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.enterprises.open311 import Open311Endpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorSources:
    """`timezone` is the city's: hours of duty are counted there."""

    executors: Executors
    endpoints: Open311Endpoints
    clock: Clock
    timezone: ZoneInfo


EXECUTORS: web.AppKey[ExecutorSources] = web.AppKey("executors")
