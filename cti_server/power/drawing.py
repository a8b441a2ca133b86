"""Today and tomorrow drawn: a strip for each day, from one midnight to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cti_server.frame.language import N_
from cti_server.outages.public.words import Words
from hotline.power.forecast import Forecast, Stretch, Why, midnight
from hotline.power.schedule import Supply

SAID: Mapping[Supply, str] = {
    Supply.ON: N_("power"),
    Supply.OFF: N_("no power"),
    Supply.MAYBE: N_("perhaps no power"),
    Supply.UNKNOWN: N_("not known"),
}
WHY: Mapping[Why, str] = {
    Why.SCHEDULE: "",
    Why.OUTAGE: N_("works or a breakdown"),
    Why.EMERGENCY_CUTS: N_("emergency cuts"),
    Why.NOT_TOLD: N_("the supplier has not told it yet"),
}
HOURS = (0, 6, 12, 18)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch within its day: left edge and width in percent of the day, and its words."""

    left: float
    width: float
    supply: Supply
    times: str
    said: str
    past: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day; `now` is where the present moment is, in percent, None on another day."""

    name: str
    pieces: Sequence[Piece]
    now: float | None


def days_of(forecast: Forecast, words: Words) -> Sequence[Day]:
    """Cut what is known into days."""
    first = words.now.astimezone(words.timezone).date()
    return [_day(forecast, first + timedelta(days=ahead), words, ahead) for ahead in (0, 1)]


def _day(forecast: Forecast, day: date, words: Words, ahead: int) -> Day:
    begins, ends = midnight(day, words.timezone), midnight(day + timedelta(days=1), words.timezone)
    name = words.say(N_("Tomorrow")) if ahead else words.say(N_("Today"))
    return Day(
        name=f"{name}, {words.day(day)}",
        pieces=[*_pieces(forecast.stretches, begins, ends, words)],
        now=None if ahead else _share(words.now, begins, ends),
    )


def _pieces(stretches: Sequence[Stretch], begins: datetime, ends: datetime, words: Words) -> Iterator[Piece]:
    for one in stretches:
        since, until = max(one.since, begins), min(one.until, ends)
        if since >= until:
            continue
        left = _share(since, begins, ends)
        why = WHY[one.why]
        said = words.say(SAID[one.supply])
        yield Piece(
            left=left,
            width=round(_share(until, begins, ends) - left, 2),
            supply=one.supply,
            times=f"{_clock(since, words.timezone)}–{_clock(until, words.timezone, end=True)}",
            said=f"{said}: {words.say(why)}" if why else said,
            past=until <= words.now,
        )


def _clock(moment: datetime, zone: ZoneInfo, *, end: bool = False) -> str:
    """Write an hour; a day ends at 24:00."""
    written = f"{moment.astimezone(zone):%H:%M}"
    return "24:00" if end and written == "00:00" else written


def _share(moment: datetime, begins: datetime, ends: datetime) -> float:
    return round((moment - begins) / (ends - begins) * 100, 2)
