"""What the pages of orders read and change."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.addresses import Streets
from hotline.calling_out import CallingRules
from hotline.clock import Clock
from hotline.informing import InformingOrders


@dataclass(frozen=True, slots=True, kw_only=True)
class InformingSources:
    """`timezone` is the city's: moments are typed and shown in it. `rules` say who may be called."""

    orders: InformingOrders
    streets: Streets
    rules: CallingRules
    clock: Clock
    timezone: ZoneInfo


INFORMING: web.AppKey[InformingSources] = web.AppKey("informing")
