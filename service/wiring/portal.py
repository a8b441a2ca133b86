"""Wires the portal of residents with the storage and the settings."""

from zoneinfo import ZoneInfo

from hotline.appeals.attachments import FileStore
from hotline.clock import Clock, SystemClock
from hotline.events import Events
from hotline.portal.follow_codes import FollowCodes
from hotline.portal.reporting import Reporting
from storage.store import Storage


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
