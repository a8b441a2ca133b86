"""Ports of the pages of shifts."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.shifts.open_work import OpenWork
from hotline.clock import Clock
from hotline.shifts.attendance import PresenceLog
from hotline.shifts.handovers import Handovers
from hotline.shifts.roster import Roster, RosterFeeds


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSources:
    """Ports of the pages of shifts; `timezone` is the city's."""

    roster: Roster
    feeds: RosterFeeds
    presence: PresenceLog
    handovers: Handovers
    open_work: OpenWork
    clock: Clock
    timezone: ZoneInfo


SHIFTS: web.AppKey[ShiftSources] = web.AppKey("shifts")
