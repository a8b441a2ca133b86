"""Webhooks put together from the settings and the storage."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from cti_server.webhooks.sources import WebhookSources
from hotline.access.good_tokens import GoodTokens
from hotline.clock import SystemClock
from service.delivery.courier import CourierLimits
from service.node.bus import Bus
from service.settings.settings import Settings
from service.webhooks.carrier import WebhookCarrier
from service.webhooks.feeding import Feeding
from service.webhooks.reaching import connector
from storage.store import Storage

TO_WEBHOOKS = CourierLimits(per_minute=1200, at_once=8, hand_over_seconds=30.0, wait_seconds=1.0)
"""Each webhook is another side: one that takes its time keeps no other waiting."""


def good_tokens(settings: Settings, storage: Storage) -> GoodTokens:
    return GoodTokens(
        tokens=storage.tokens,
        users=storage.users,
        acting_heads=storage.acting_heads,
        clock=SystemClock(),
        code_needed=not settings.demo,
    )


def feeding(settings: Settings, storage: Storage, bus: Bus) -> Feeding:
    """Make what feeds webhooks; of calls it hears on the bus."""
    made = Feeding(
        webhooks=storage.webhooks,
        appeals=storage.change_log,
        lists=storage.appeal_lists,
        outages=storage.outage_log,
        presence=storage.presence_changes,
        outbox=storage.outbox,
        tokens=good_tokens(settings, storage),
        clock=SystemClock(),
    )
    bus.add(made.hear)
    return made


@asynccontextmanager
async def webhook_carrier(settings: Settings, storage: Storage) -> AsyncIterator[WebhookCarrier]:
    """Open the way to other systems' addresses, as far as the settings allow."""
    given = settings.webhooks
    tls = {"ssl": given.tls()} if given.certificates else {}
    reach = connector(given.networks, **tls)
    async with aiohttp.ClientSession(connector=reach, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield WebhookCarrier(
            webhooks=storage.webhooks,
            tokens=good_tokens(settings, storage),
            session=session,
            clock=SystemClock(),
            networks=given.networks,
        )


def webhook_sources(settings: Settings, storage: Storage) -> WebhookSources:
    return WebhookSources(
        webhooks=storage.webhooks,
        appeals=storage.change_log,
        outages=storage.outage_log,
        presence=storage.presence_changes,
        outbox=storage.outbox,
        tokens=storage.tokens,
        clock=SystemClock(),
        timezone=settings.timezone,
        http=settings.webhooks.http,
    )
