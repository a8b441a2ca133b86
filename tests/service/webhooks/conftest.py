"""Another system that receives, on this machine, and a token with a webhook there."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hotline.access.good_tokens import GoodTokens
from hotline.access.networks import THIS_MACHINE, Networks
from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.access.tokens import Token
from hotline.contact.channel import Channel
from hotline.webhooks.signing import new_secret, signature
from hotline.webhooks.webhook import EVENTS, Webhook
from service.delivery.courier import Books, Courier, CourierLimits
from service.webhooks.carrier import WebhookCarrier, document_of
from service.webhooks.feeding import Feeding
from service.webhooks.reaching import connector
from service.wiring.webhooks import TO_WEBHOOKS
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.fakes.databases import fresh_storage
from tests.storage.enterprise import City, found

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """What another system got; `answer` is what it says, 204 by itself."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hang: asyncio.Event | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(({name.lower(): one for name, one in request.headers.items()}, await request.read()))
        if self.hang is not None:
            await self.hang.wait()
        return web.Response(status=self.status, headers=self.headers)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.got]

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]

    def app(self) -> web.Application:
        made = web.Application()
        made.router.add_post("/hook", self.take)
        return made


@dataclass
class Road:
    """The road from the histories to a receiver, walked step by step."""

    storage: Storage
    clock: MovedClock
    city: City
    token: Token
    receiver: Receiver
    address: str
    carrier: WebhookCarrier
    feeding: Feeding

    def courier(self, limits: CourierLimits = TO_WEBHOOKS) -> Courier:
        """A courier as the service has one; another is the service after its death."""
        books = Books(outbox=self.storage.outbox, receipts=self.storage.receipts, clock=self.clock)
        return Courier(
            Channel.WEBHOOK, self.carrier, books, document_of, limits=limits, hold=self.carrier.hold
        )

    async def hook(self, *events: str, address: str = "") -> Webhook:
        return await self.storage.webhooks.add(
            self.token.id, address or self.address, events or tuple(EVENTS), new_secret(), self.clock.now()
        )

    async def go(self, **passed: float) -> None:
        """Let the time pass, owe what is new, and hand over all that is due."""
        if passed:
            self.clock.pass_(**passed)
        await self.feeding.round()
        courier = self.courier()
        while await courier.round():
            pass

    def signed(self, webhook: Webhook, which: int) -> bool:
        headers, body = self.receiver.got[which]
        expected = signature(webhook.secret, headers["webhook-id"], self.clock.now(), body)
        return expected in headers["webhook-signature"].split()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def storage(clock: MovedClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


@pytest.fixture
async def road(storage: Storage, clock: MovedClock) -> AsyncIterator[Road]:
    async with opened_road(storage, clock, networks=THIS_MACHINE) as one:
        yield one


@asynccontextmanager
async def opened_road(storage: Storage, clock: MovedClock, *, networks: Networks) -> AsyncIterator[Road]:
    city = await found(storage)
    token = await storage.tokens.add(
        "hash",
        name="Ситуаційний центр",
        role=Role.HEAD,
        personal=False,
        user_id=city.head.id,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=300),
        scopes=[Scope.APPEALS_READ, Scope.OUTAGES_READ, Scope.CALLS, Scope.LINE],
    )
    receiver = Receiver()
    good = GoodTokens(
        tokens=storage.tokens,
        users=storage.users,
        acting_heads=storage.acting_heads,
        clock=clock,
        code_needed=False,
    )
    async with (
        TestServer(receiver.app()) as server,
        aiohttp.ClientSession(connector=connector(networks)) as session,
    ):
        yield Road(
            storage=storage,
            clock=clock,
            city=city,
            token=token,
            receiver=receiver,
            address=str(server.make_url("/hook")),
            carrier=WebhookCarrier(
                webhooks=storage.webhooks,
                tokens=good,
                session=session,
                clock=clock,
                networks=networks,
                seconds=lambda: clock.now().timestamp(),
            ),
            feeding=Feeding(
                webhooks=storage.webhooks,
                appeals=storage.change_log,
                lists=storage.appeal_lists,
                outages=storage.outage_log,
                presence=storage.presence_changes,
                outbox=storage.outbox,
                tokens=good,
                clock=clock,
            ),
        )
