"""Ports of the pages of specialists drawn into matters."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from hotline.appeals.registering import Registry
from hotline.clock import Clock
from hotline.delivery.recipient_links import RecipientLinks
from hotline.enterprises.executors import Executors
from hotline.meetings.meetings import Meetings
from hotline.specialists.involvements import Involvements
from hotline.tasks.task import Tasks

FREE_WRONG = 10
"""Links that nobody signed, from one address within an hour, before it has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialistSources:
    """Ports of these pages; `timezone` is the city's, `number` the one that managers may ring."""

    involvements: Involvements
    executors: Executors
    registry: Registry
    tasks: Tasks
    meetings: Meetings
    links: RecipientLinks
    clock: Clock
    timezone: ZoneInfo
    number: str
    rates: Rates = field(default_factory=lambda: Rates(TokenLimits(per_second=0.2, at_once=30)))
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))

    def now(self) -> datetime:
        return self.clock.now()


SPECIALISTS: web.AppKey[SpecialistSources] = web.AppKey("specialists")
