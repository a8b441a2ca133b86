"""A city whose applicants are told, and carriers to real servers on this machine."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from hotline.contact.channel import Channel
from hotline.delivery.handing_over import Carrier, Message, QuietHours
from hotline.delivery.outbox import Notice
from hotline.delivery.wording import House, Wording
from service.delivery.courier import Attach, Books, Courier, CourierLimits
from service.delivery.gateway_plan import GatewayPlan, read_gateway
from service.delivery.http_gateway import HttpGateway
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.fakes.databases import fresh_storage
from tests.fakes.sms_gateway import Gateway
from tests.storage.enterprise import City, found

WORDING = Wording(House(number="1580", zone=KYIV))
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PLAN = """
url = "http://127.0.0.1:{port}/messages"
idempotent = {idempotent}
timeout_seconds = 2
[headers]
Authorization = "Bearer {{secret}}"
[fields]
to = "{{to}}"
text = "{{text}}"
reference = "{{key}}"
[answer]
id = "messages.0.id"
{ask}
[states]
delivered = ["delivered"]
failed = ["undelivered"]
"""
ASK = '[ask]\nurl = "http://127.0.0.1:{port}/messages/{{key}}"\nstate = "status"\nid = "id"'


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def storage(clock: MovedClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


def courier(
    storage: Storage,
    clock: MovedClock,
    carrier: Carrier,
    channel: Channel = Channel.SMS,
    *,
    limits: CourierLimits | None = None,
    quiet: QuietHours | None = None,
    attach: Attach | None = None,
) -> Courier:
    books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=clock)
    return Courier(channel, carrier, books, WORDING.message, limits=limits, quiet=quiet, attach=attach)


def plan(folder: Path, port: int, *, idempotent: bool = False, asks: bool = False) -> GatewayPlan:
    file = folder / "gateway.toml"
    ask = ASK.format(port=port) if asks else ""
    file.write_text(PLAN.format(port=port, idempotent=str(idempotent).lower(), ask=ask), "utf-8")
    return read_gateway(file)


@asynccontextmanager
async def gateway(
    folder: Path, *, idempotent: bool = False, asks: bool = False, only_to: Sequence[str] = ("+",)
) -> AsyncIterator[tuple[Gateway, HttpGateway]]:
    """A gateway, and the carrier to it."""
    far = Gateway(idempotent=idempotent)
    connector = aiohttp.TCPConnector(force_close=True)
    async with TestServer(far.app()) as server, aiohttp.ClientSession(connector=connector) as session:
        assert server.port
        described = plan(folder, server.port, idempotent=idempotent, asks=asks)
        yield far, HttpGateway(described, session, sender="Slavutych", secret="s3cret", only_to=only_to)


def message(address: str, *, key: str = "n1-0-0", subject: str = "Звернення № 2600001") -> Message:
    return Message(key=key, address=address, subject=subject, text="Доброго дня! Ґанок, їжак.\n", at=AT)


async def the_only(storage: Storage, number: str, channel: Channel = Channel.SMS) -> Notice:
    (one,) = [each for each in await storage.outbox.of_appeal(number) if each.channel is channel]
    return one


LATER = timedelta(minutes=10)
