"""Wires the public pages of outages with the settings and the storage."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from cti_server.outages.public.published import Published
from cti_server.outages.public.sources import PublicSources
from cti_server.outages.public.subscribing_sources import SubscribingSources
from cti_server.power.sources import PowerSources
from hotline.air_raid.alarm import AirState
from hotline.clock import Clock, SystemClock
from hotline.power.accounts import AccountQueues
from service.settings.settings import Settings
from service.wiring.delivery import public_address, subscription_links
from storage.store import Storage


def public_outages(settings: Settings, storage: Storage, air: Callable[[], AirState]) -> PublicSources:
    return PublicSources(
        published=Published(
            storage.outages, storage.executors, storage.standing_orders, SystemClock(), air=air
        ),
        streets=storage.streets,
        timezone=settings.timezone,
        number=settings.number,
        address=public_address(settings),
        trial=settings.demo,
        power_quiet=settings.power.quiet,
    )


def power_sources(
    storage: Storage,
    timezone: ZoneInfo,
    clock: Clock | None = None,
    *,
    key: bytes,
    fetched_from: str = "",
) -> PowerSources:
    return PowerSources(
        schedules=storage.power,
        outages=storage.outages,
        streets=storage.streets,
        clock=clock or SystemClock(),
        timezone=timezone,
        accounts=AccountQueues(storage.power_accounts, key),
        fetched_from=fetched_from,
    )


def subscribing(settings: Settings, storage: Storage) -> SubscribingSources:
    return SubscribingSources(
        subscriptions=storage.outage_subscriptions,
        outbox=storage.outbox,
        links=subscription_links(settings),
    )
