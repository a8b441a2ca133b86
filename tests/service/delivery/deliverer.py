"""A process that delivers until it is killed: what the test of kill -9 starts again and again."""

import asyncio
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp

from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from service.delivery.courier import Books, Courier, CourierLimits
from service.delivery.delivery import Delivery
from service.delivery.gateway_plan import read_gateway
from service.delivery.http_gateway import HttpGateway
from storage.store import open_storage

from .conftest import WORDING


@dataclass(frozen=True)
class Work:
    """What one process does: `alone` when no other delivers at the same time."""

    url: str
    gateway: Path
    alone: bool

    def run(self) -> None:
        os.nice(5)
        asyncio.run(self._deliver())

    async def _deliver(self) -> None:
        # A claim of 1.5 s is a dead one's: a hand-over ends within a second, or is unclear by then.
        limits = CourierLimits(
            per_minute=1_000_000,
            hand_over_seconds=1.0,
            lease=timedelta(seconds=1.5),
            grace=timedelta(seconds=0.4),
        )
        async with (
            open_storage(self.url) as storage,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session,
        ):
            carrier = HttpGateway(read_gateway(self.gateway), session, sender="", secret="s")
            books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=SystemClock())
            courier = Courier(Channel.SMS, carrier, books, WORDING.message, limits=limits)
            await Delivery([courier], alone=self.alone, every=0.05).keep()
