"""Ports of Open311."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits
from hotline.appeals.change_log import ChangeLog
from hotline.appeals.handling import ExecutorWork, Handling
from hotline.appeals.lists import AppealLists
from hotline.appeals.registering import Registry
from hotline.clock import Clock
from hotline.portal.public_texts import PublicTexts

ASKED = TokenLimits(per_second=2.0, at_once=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open311Sources:
    """`address` is where our pages are from outside, `number` the one to ring."""

    appeal_lists: AppealLists
    change_log: ChangeLog
    registry: Registry
    public_texts: PublicTexts
    handling: Handling
    work: ExecutorWork
    clock: Clock
    timezone: ZoneInfo
    address: str
    number: str
    asked: Rates = field(default_factory=lambda: Rates(ASKED))
    """Of readings, for each network."""

    @property
    def jurisdiction(self) -> str:
        """The one jurisdiction that is served here, named as the standard advises: by the site's name."""
        return (urlsplit(self.address).hostname or "").removeprefix("www.")


OPEN311: web.AppKey[Open311Sources] = web.AppKey("open311")
