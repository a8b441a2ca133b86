"""Ports of the pages of shifts."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.shifts.open_work import OpenWork
from hotline.clock import Clock
from hotline.shifts.attendance import PresenceLog
from hotline.shifts.handovers import Handovers
from hotline.shifts.roster import Roster, RosterFeeds
from hotline.shifts.swaps import Swaps
from hotline.shifts.wishes import Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSources:
    """Ports of the pages of shifts; `timezone` is the city's."""

    roster: Roster
    feeds: RosterFeeds
    presence: PresenceLog
    handovers: Handovers
    wishes: Wishes
    swaps: Swaps
    open_work: OpenWork
    clock: Clock
    timezone: ZoneInfo

    def today(self) -> date:
        return self.clock.now().astimezone(self.timezone).date()


SHIFTS: web.AppKey[ShiftSources] = web.AppKey("shifts")
