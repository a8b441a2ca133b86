"""What everybody may read of outages, put together from the settings and the storage."""

from cti_server.public.published import Published
from cti_server.public.sources import PublicSources
from hotline.clock import SystemClock
from service.settings import Settings
from storage.store import Storage


def public_outages(settings: Settings, storage: Storage) -> PublicSources:
    return PublicSources(
        published=Published(storage.outages, storage.executors, SystemClock()),
        streets=storage.streets,
        timezone=settings.timezone,
        number=settings.number,
        address=public_address(settings),
    )


def public_address(settings: Settings) -> str:
    """Where our pages are from outside; without a setting, where they are published on this machine."""
    return settings.delivery.address or f"http://{settings.http_published}:{settings.http_port}"
