"""Reports that there is no power, held against the schedule: by it there was to be none, or there was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import reduce

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.outages.reports import KnownReport
from hotline.power.queues import PowerQueues
from hotline.power.schedule import KnownPower, Supply, of_both


def supply_at(known: KnownPower, queues: Sequence[str], at: datetime, zone: tzinfo) -> Supply:
    """Give what the schedules say of this moment for a house of these queues."""
    day = at.astimezone(zone).date()
    found = (known.schedules.get((queue, day)) for queue in queues)
    each = [Supply.UNKNOWN if one is None else one.at(at, zone) for one in found]
    return reduce(of_both, each) if each else Supply.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPower:
    """Implements `hotline.outages.alerts.BySchedule` with what is known at this moment."""

    known: KnownPower
    houses: PowerQueues
    now: datetime
    zone: tzinfo

    def explains(self, report: KnownReport) -> bool:
        if report.utility is not Utility.POWER:
            return False
        if self.known.emergency is not None:
            return True
        queues = self.houses.at(report.address)
        then = {supply_at(self.known, queues, at, self.zone) for at in (report.at, self.now)}
        return not then.isdisjoint({Supply.OFF, Supply.MAYBE})

    def queues(self, report: KnownReport) -> Sequence[str]:
        return self.houses.at(report.address) if report.utility is Utility.POWER else ()


def against_schedule(
    known: KnownPower, houses: PowerQueues, areas: Sequence[Area], now: datetime, zone: tzinfo
) -> bool:
    """Tell whether by the schedule there is power now somewhere in these areas."""
    if known.emergency is not None:
        return False
    found = (Address(street=one.street, house=str(one.first)) for one in areas if one.first)
    return any(supply_at(known, houses.at(one), now, zone) is Supply.ON for one in found)
