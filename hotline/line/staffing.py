"""Advice for shifts: how many dispatchers each half-hour of a weekday needs, beside how many there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hotline.city.city_days import HALF_HOUR, HALF_HOURS
from hotline.line.erlang import Demand, needed
from hotline.line.report import Key, LineSum, in_all
from hotline.line.service_level import ANSWERED_WITHIN, TARGET

_SECONDS, _HOUR = HALF_HOUR.total_seconds(), 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfHourAdvice:
    """One half-hour of the day, from 0 at midnight; means over the days looked back at."""

    half_hour: int
    offered: float
    service_level: float | None
    needed: int
    """By Erlang A: callers give up."""
    needed_patient: int
    """By Erlang C: callers never give up; the careful figure."""
    on_shift: float

    @property
    def lacking(self) -> int:
        """How many dispatchers there were too few, to the nearest one."""
        return max(0, self.needed - round(self.on_shift))


def advise(
    rows: Mapping[Key, LineSum], shift_hours: Mapping[int, float], days: int
) -> Sequence[HalfHourAdvice]:
    """Give advice for each half-hour from the calls and shifts of that number of days alike.

    Handling time and patience are those of all half-hours together: one alone has few calls to tell them by.
    """
    whole = in_all(rows.values())
    patient = Demand(rate=0.0, handling=whole.handling or 0.0)
    within = ANSWERED_WITHIN.total_seconds()

    def advice(half_hour: int) -> HalfHourAdvice:
        counts = rows.get(half_hour, LineSum()).counts
        demand = replace(patient, rate=counts.offered / days / _SECONDS)
        impatient = replace(demand, patience=whole.patience)
        return HalfHourAdvice(
            half_hour=half_hour,
            offered=counts.offered / days,
            service_level=counts.service_level,
            needed=needed(impatient, within=within, target=TARGET),
            needed_patient=needed(demand, within=within, target=TARGET),
            on_shift=shift_hours.get(half_hour, 0.0) * _HOUR / _SECONDS / days,
        )

    return [advice(half_hour) for half_hour in range(HALF_HOURS)]
