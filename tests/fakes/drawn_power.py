"""Day schedules drawn by lot with the oddities of the published form, and what each house has by them.

The answer is looked up in what was drawn, hour by hour of the clock, by nothing of the product.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hotline.power.schedule import Supply
from tests.fakes.power import KYIV

CLOCKS_GO_FORWARD, CLOCKS_GO_BACK = date(2026, 3, 29), date(2026, 10, 25)
STREET = "Київський квартал"
NEVER_TOLD = "9.9"
_DAYS = (date(2026, 12, 7), date(2027, 2, 28), CLOCKS_GO_FORWARD, CLOCKS_GO_BACK)
_WORDS = ("yes", "no", "first", "second", "maybe", "mfirst", "msecond")
_WHOLE = {"yes": Supply.ON, "no": Supply.OFF, "maybe": Supply.MAYBE}
_FIRST_HALF = {"first": Supply.OFF, "second": Supply.ON, "mfirst": Supply.MAYBE, "msecond": Supply.ON}
_SECOND_HALF = {"first": Supply.ON, "second": Supply.OFF, "mfirst": Supply.ON, "msecond": Supply.MAYBE}
_HALF_HOUR = timedelta(minutes=30)

Hours = Mapping[str, str]
Days = Mapping[date, Mapping[str, Hours]]


@dataclass(frozen=True)
class Heard:
    """A file of the supplier's, and when it came."""

    content: bytes
    at: datetime
    days: Days
    """All that holds from then on."""


@dataclass(frozen=True)
class City:
    """A city's day: the files of the morning and of after noon, and the queues of its houses by number."""

    today: date
    files: Sequence[Heard]
    houses: Mapping[str, Sequence[str]]

    @property
    def queues_of_houses(self) -> str:
        """Write the city's data of it: a house's second queue stands in another line."""
        return "".join(
            f'[[house]]\nplace = "{STREET}, {place}"\nqueue = "{queue}"\n'
            for house, queues in self.houses.items()
            for place, queue in zip((house, f"{house}–{house}"), queues, strict=False)
        )

    def half_hours(self) -> Iterator[datetime]:
        """Give each of today and tomorrow, as time passes: a day may have 46 or 50."""
        at = _midnight(self.today)
        while at < _midnight(self.today + timedelta(days=2)):
            yield at
            at += _HALF_HOUR


def drawn(number: int) -> City:
    """Draw one by lot: each has another pattern, and each oddity comes again and again."""
    lot = random.Random(number)  # noqa: S311 - a drawing, not a secret
    today = _DAYS[number % len(_DAYS)] - timedelta(days=lot.choice((0, 1)))
    tomorrow = today + timedelta(days=1)
    queues = [f"{one}.{other}" for one in range(1, lot.randint(3, 7)) for other in (1, 2)]
    morning = {
        day: _day(lot, queues)
        for day in lot.choice(([today], [today, tomorrow], [today, tomorrow], [tomorrow]))
    }
    after_noon = {
        day: _changed(lot, queues, morning.get(day))
        for day in lot.choice(([today], [today, tomorrow], [today, tomorrow], [tomorrow]))
    }
    files = (
        _file(lot, morning, morning, today, hour=6),
        _file(lot, after_noon, {**morning, **after_noon}, today, hour=14),
    )
    one, other, third = lot.choice(queues), lot.sample(queues, 2), lot.choice(queues)
    houses = {"1": [one], "2": other, "3": [NEVER_TOLD], "4": [NEVER_TOLD, third], "5": []}
    return City(today=today, files=files, houses=houses)


def expected(days: Days, queues: Sequence[str], moment: datetime) -> Supply:
    """Look up what a house of these queues has at a moment."""
    local = moment.astimezone(KYIV)
    halves = _FIRST_HALF if local.minute < 30 else _SECOND_HALF
    told = days.get(local.date(), {})
    each = {
        (_WHOLE | halves).get(told.get(queue, {}).get(str(local.hour + 1), ""), Supply.UNKNOWN)
        for queue in queues
    }
    if len(each) == 1:
        return each.pop()
    if not each:
        return Supply.UNKNOWN
    return Supply.UNKNOWN if Supply.UNKNOWN in each else Supply.MAYBE


def _day(lot: random.Random, queues: Sequence[str]) -> Mapping[str, Hours]:
    return {queue: _hours(lot) for queue in queues if lot.random() > 0.1}


def _changed(
    lot: random.Random, queues: Sequence[str], before: Mapping[str, Hours] | None
) -> dict[str, Hours]:
    """Draw it anew from noon on for some queues; some are there no more, others are for the first time."""
    day = _day(lot, queues)
    for queue, hours in (before or {}).items():
        if queue in day and lot.random() < 0.7:
            later = {hour: said for hour, said in day[queue].items() if int(hour) > 12}
            day = {**day, queue: {**{hour: hours[hour] for hour in hours if int(hour) <= 12}, **later}}
    return {**day}


def _hours(lot: random.Random) -> Hours:
    hours = {str(hour): lot.choice(_WORDS) for hour in range(1, 25)}
    if lot.random() < 0.2:
        del hours[str(lot.randint(1, 24))]
    if lot.random() < 0.1:
        hours[str(lot.randint(1, 24))] = "brownout"
    return hours


def _file(lot: random.Random, days: Days, holds: Days, today: date, *, hour: int) -> Heard:
    data = {}
    for day, there in days.items():
        wrong_by = lot.choice((0, 0, 3600, -3600))  # seconds: somebody's offset of another season
        midnight = int(_midnight(day).timestamp()) + wrong_by
        data[str(midnight)] = {lot.choice(("GPV", "gpv ", "")) + queue: one for queue, one in there.items()}
    fact = {"today": min(data), "update": f"{today:%d.%m.%Y} {hour:02}:10", "data": data}
    whole = lot.choice(({"regionId": "cherniv", "fact": fact}, fact))
    at = datetime(today.year, today.month, today.day, hour, 40, tzinfo=KYIV).astimezone(UTC)
    return Heard(content=json.dumps(whole).encode(), at=at, days=holds)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=KYIV).astimezone(UTC)
