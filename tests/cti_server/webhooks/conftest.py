"""Webhooks of tokens, on real storage."""

from cti_server.webhooks.sources import WebhookSources
from hotline.clock import Clock
from storage.store import Storage
from tests.cti_server.conftest import KYIV


def webhook_sources_on(storage: Storage, clock: Clock) -> WebhookSources:
    return WebhookSources(
        webhooks=storage.webhooks,
        appeals=storage.change_log,
        outages=storage.outage_log,
        presence=storage.presence_changes,
        outbox=storage.outbox,
        tokens=storage.tokens,
        clock=clock,
        timezone=KYIV,
    )
