"""Ports of the pages of cameras."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.attachments import AppealFiles, FileStore
from hotline.appeals.lists import AppealLists
from hotline.appeals.registering import Registry
from hotline.cameras.camera import Cameras
from hotline.cameras.incidents import Incidents
from hotline.cameras.streams import Streams
from hotline.cameras.watch_log import WatchLog
from hotline.city.addresses import Streets
from hotline.city.city_map import CityMaps
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.events import Events
from hotline.outages.outage import Outages
from hotline.shifts.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSources:
    """The registers and the streams. A page on which nobody did anything for `awake` watches no longer."""

    cameras: Cameras
    streams: Streams
    log: WatchLog
    incidents: Incidents
    registry: Registry
    files: AppealFiles
    store: FileStore
    lists: AppealLists
    outages: Outages
    maps: CityMaps
    executors: Executors
    streets: Streets
    roster: Roster
    events: Events
    clock: Clock
    timezone: ZoneInfo
    awake: timedelta


CAMERAS: web.AppKey[CameraSources] = web.AppKey("cameras")
SEEN: web.AppKey[MutableMapping[tuple[int, int], datetime]] = web.AppKey("cameras_seen")
"""When a user's browser, which plays a camera itself, last told of its picture: by ids of user and camera."""
