"""Wires the portal of residents with the storage and the settings."""

from zoneinfo import ZoneInfo

from cti_server.portal.sources import PortalSources
from hotline.appeals.attachments import FileStore
from hotline.clock import Clock, SystemClock
from hotline.events import Events
from hotline.portal.accounts import Accounts
from hotline.portal.follow_codes import FollowCodes
from hotline.portal.reporting import Reporting
from storage.store import Storage


def portal_sources(storage: Storage, key: bytes, clock: Clock | None = None) -> PortalSources:
    accounts = Accounts(
        kept=storage.resident_accounts,
        appeals=storage.appeals,
        handling=storage.handling,
        clock=clock or SystemClock(),
    )
    return PortalSources(key=key, maps=storage.city_maps, accounts=accounts)


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
        codes=FollowCodes(key),
        events=events,
        clock=clock or SystemClock(),
        zone=zone,
    )
