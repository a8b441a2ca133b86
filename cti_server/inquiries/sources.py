"""Ports of the pages of requests for information."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.inquiries.inquiries import Inquiries


@dataclass(frozen=True, slots=True, kw_only=True)
class InquirySources:
    """Ports of the pages of requests; `timezone` is the city's."""

    inquiries: Inquiries
    executors: Executors
    lemmas: Lemmas
    clock: Clock
    timezone: ZoneInfo

    def now(self) -> datetime:
        return self.clock.now()


INQUIRIES: web.AppKey[InquirySources] = web.AppKey("inquiries")
