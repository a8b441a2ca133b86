"""Ports of the pages of notices."""

from dataclasses import dataclass

from aiohttp import web

from hotline.clock import Clock
from hotline.delivery.outbox import Outbox
from hotline.delivery.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSources:
    """The outbox, and how its notices are worded."""

    outbox: Outbox
    wording: Wording
    clock: Clock


NOTICES: web.AppKey[NoticeSources] = web.AppKey("notices")
