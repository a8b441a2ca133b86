"""Wires the portal of residents with the storage and the settings."""

from pathlib import Path
from zoneinfo import ZoneInfo

from cti_server.portal.counted import EndsByDay, OpenByStreet
from cti_server.portal.sources import PortalSources
from hotline.appeals.attachments import FileStore
from hotline.clock import Clock, SystemClock
from hotline.events import Events
from hotline.portal.accounts import Accounts
from hotline.portal.follow_codes import FollowCodes
from hotline.portal.reporting import Reporting
from hotline.reports.public_rating import PublicRatings
from service.portal.publishing import ClosingsPublisher
from service.portal.signing import Signer
from service.settings.settings import Settings
from storage.store import Storage

SYSTEM_CLOCK = SystemClock()


def portal_sources(storage: Storage, key: bytes, zone: ZoneInfo, clock: Clock | None = None) -> PortalSources:
    clock = clock or SystemClock()
    return PortalSources(
        key=key,
        maps=storage.city_maps,
        accounts=Accounts(
            kept=storage.resident_accounts,
            appeals=storage.appeals,
            handling=storage.handling,
            clock=clock,
        ),
        matters=storage.public_matters,
        open_by_street=OpenByStreet(storage.public_matters, clock),
        streets=storage.streets,
        closings=storage.closing_digests,
        ends_by_day=EndsByDay(storage.closing_digests),
        ratings=PublicRatings(storage.figures, storage.executors, clock, zone),
    )


def closings_publisher(
    settings: Settings, storage: Storage, clock: Clock = SYSTEM_CLOCK
) -> ClosingsPublisher:
    """Make what signs the closings of each day with the key among the secrets of this state."""
    signer = Signer(closings_key(settings), clock)
    return ClosingsPublisher(storage.closing_digests, signer, clock, settings.timezone)


def closings_key(settings: Settings) -> Path:
    return settings.folders.secrets / "closings-key"


def reporting(
    storage: Storage,
    zone: ZoneInfo,
    *,
    store: FileStore,
    events: Events,
    key: bytes,
    clock: Clock | None = None,
) -> Reporting:
    """Make the one act of reporting without a dispatcher; `key` signs the codes by which it is followed."""
    return Reporting(
        reports=storage.resident_reports,
        registry=storage.registry,
        files=storage.files,
        store=store,
        outages=storage.outages,
        streets=storage.streets,
        citizens=storage.citizens,
        matters=storage.public_matters,
        codes=FollowCodes(key),
        events=events,
        clock=clock or SystemClock(),
        zone=zone,
    )
