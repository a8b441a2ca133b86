"""Wires Open311 with the settings and the storage."""

from cti_server.open311.sources import Open311Sources
from hotline.clock import SystemClock
from service.settings.settings import Settings
from service.wiring.delivery import public_address
from storage.store import Storage


def open311_sources(settings: Settings, storage: Storage) -> Open311Sources:
    return Open311Sources(
        appeal_lists=storage.appeal_lists,
        change_log=storage.change_log,
        registry=storage.registry,
        handling=storage.handling,
        work=storage.executor_work,
        clock=SystemClock(),
        timezone=settings.timezone,
        address=public_address(settings),
        number=settings.number,
    )
