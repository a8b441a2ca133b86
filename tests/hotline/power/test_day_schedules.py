"""Two hundred day schedules with the oddities of the published form: every house and half-hour is right."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.power.forecast import forecast
from hotline.power.reading import NoSchedule, read_told
from hotline.power.schedule import KnownPower, Supply, Told

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
WORDS = ("yes", "no", "first", "second", "maybe", "mfirst", "msecond")
CLOCKS_GO_FORWARD, CLOCKS_GO_BACK = date(2026, 3, 29), date(2026, 10, 25)
FIRST_HALF = {"first": Supply.OFF, "second": Supply.ON, "mfirst": Supply.MAYBE, "msecond": Supply.ON}
SECOND_HALF = {"first": Supply.ON, "second": Supply.OFF, "mfirst": Supply.ON, "msecond": Supply.MAYBE}
WHOLE = {"yes": Supply.ON, "no": Supply.OFF, "maybe": Supply.MAYBE}

Hours = Mapping[str, str]


@dataclass(frozen=True)
class City:
    """Today and tomorrow as they were drawn up, the queues of two houses, and the file that tells of it."""

    days: Mapping[date, Mapping[str, Hours]]
    houses: Sequence[Sequence[str]]
    content: bytes
    today: date


def drawn(number: int) -> City:
    """Draw one by lot: each has another pattern, and each oddity comes again and again."""
    lot = random.Random(number)  # noqa: S311 - a drawing, not a secret
    today = lot.choice((date(2026, 12, 7), CLOCKS_GO_FORWARD, CLOCKS_GO_BACK, date(2027, 2, 28)))
    today -= timedelta(days=lot.choice((0, 1)))
    queues = [f"{one}.{other}" for one in range(1, lot.randint(3, 7)) for other in (1, 2)]
    days: dict[date, dict[str, dict[str, str]]] = {}
    for day in [today, today + timedelta(days=1)][: lot.choice((1, 2, 2))]:
        there = [queue for queue in queues if lot.random() > 0.1]
        days[day] = {queue: {str(hour): lot.choice(WORDS) for hour in range(1, 25)} for queue in there}
        for hours in days[day].values():
            if lot.random() < 0.2:
                del hours[str(lot.randint(1, 24))]
            if lot.random() < 0.1:
                hours[str(lot.randint(1, 24))] = "brownout"
    data = {}
    for day, there in days.items():
        wrong_by = lot.choice((0, 0, 3600, -3600))  # seconds: somebody's offset of another season
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=KYIV).timestamp()) + wrong_by
        data[str(midnight)] = {lot.choice(("GPV", "gpv ", "")) + queue: one for queue, one in there.items()}
    fact = {"today": min(data), "update": f"{today:%d.%m.%Y} 06:10", "data": data}
    whole = lot.choice(({"regionId": "cherniv", "fact": fact}, fact))
    houses = [[lot.choice(queues)], lot.sample(queues, 2)]
    return City(days=days, houses=houses, content=json.dumps(whole).encode(), today=today)


def expected(city: City, queue: str, moment: datetime) -> Supply:
    """Look it up in what was drawn, hour by hour of the clock."""
    local = moment.astimezone(KYIV)
    word = city.days.get(local.date(), {}).get(queue, {}).get(str(local.hour + 1), "")
    return (WHOLE | (FIRST_HALF if local.minute < 30 else SECOND_HALF)).get(word, Supply.UNKNOWN)


def known(told: Told) -> KnownPower:
    return KnownPower(schedules={(one.queue, one.day): one for one in told.schedules})


@pytest.mark.parametrize("number", range(200))
def test_every_house_and_half_hour_is_right(number: int) -> None:
    city = drawn(number)
    now = datetime(city.today.year, city.today.month, city.today.day, 6, 40, tzinfo=KYIV).astimezone(UTC)
    told = read_told(city.content, heard_at=now, zone=KYIV)
    begins = datetime(city.today.year, city.today.month, city.today.day, tzinfo=KYIV).astimezone(UTC)
    after = city.today + timedelta(days=2)
    ends = datetime(after.year, after.month, after.day, tzinfo=KYIV).astimezone(UTC)
    for house in city.houses:
        there = forecast(known(told), house, (), now=now, zone=KYIV, since=begins)
        assert (there.stretches[0].since, there.stretches[-1].until) == (begins, ends)
        at = begins
        while at < ends:
            each = {expected(city, queue, at) for queue in house}
            (stretch,) = [one for one in there.stretches if one.since <= at < one.until]
            if len(each) == 1:
                assert stretch.supply in each
            else:
                differ = Supply.UNKNOWN if Supply.UNKNOWN in each else Supply.MAYBE
                assert stretch.supply is differ
            at += timedelta(minutes=30)


def test_the_lot_draws_each_oddity() -> None:
    cities = [drawn(number) for number in range(200)]
    assert {len(city.days) for city in cities} == {1, 2}
    assert {CLOCKS_GO_BACK, CLOCKS_GO_FORWARD} <= {day for city in cities for day in city.days}
    assert any(
        queue not in there for city in cities for there in city.days.values() for queue in city.houses[0]
    )
    assert any(b"brownout" in city.content for city in cities)


def test_a_repeated_hour_counts_twice_and_a_missing_one_is_passed_over() -> None:
    hours = {str(hour): "no" if hour == 4 else "yes" for hour in range(1, 25)}
    lengths = {}
    for day in (date(2026, 3, 28), CLOCKS_GO_FORWARD, CLOCKS_GO_BACK):
        now = datetime(day.year, day.month, day.day, tzinfo=KYIV).astimezone(UTC)
        fact = {"data": {str(int(now.timestamp())): {"GPV4.1": hours}}}
        told = read_told(json.dumps(fact).encode(), heard_at=now, zone=KYIV)
        off = [
            one
            for one in forecast(known(told), ["4.1"], (), now=now, zone=KYIV).stretches
            if one.supply is Supply.OFF
        ]
        lengths[day] = sum((one.until - one.since for one in off), timedelta())
    assert [*lengths.values()] == [timedelta(hours=1), timedelta(0), timedelta(hours=2)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html>", "not JSON"),
        (b"[]", "no object"),
        (b"{}", "fact.data"),
        (b'{"fact": {"data": {}}}', "fact.data"),
        (b'{"fact": {"data": {"today": {}}}}', "no day"),
        (b'{"fact": {"data": {"99999999999999999": {}}}}', "no day"),
        (b'{"fact": {"data": {"1765058400": {"GPV1.1": "no"}}}}', "no queue"),
        (b'{"fact": {"update": "02.03.2027 12:00", "data": {"1765058400": {}}}}', "future"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_is_amiss(content: bytes, says: str) -> None:
    with pytest.raises(NoSchedule, match=says):
        read_told(content, heard_at=NOON, zone=KYIV)


def test_how_old_it_is_and_which_values_are_strange_is_told() -> None:
    content = json.dumps(
        {
            "lastUpdated": "2026-03-02T07:30:00.000Z",
            "fact": {
                "update": "02.03.2026 09:05",
                "data": {"1772402400": {"GPV1.1": {"1": "blink"}}},
                "status": "EmergencyShutdowns",
            },
        }
    ).encode()
    told = read_told(content, heard_at=NOON, zone=KYIV)
    assert (told.made_at, told.heard_at) == (
        datetime(2026, 3, 2, 7, 5, tzinfo=UTC),
        datetime(2026, 3, 2, 7, 30, tzinfo=UTC),
    )
    assert (told.strange, told.emergency, told.days) == (["blink"], True, [date(2026, 3, 2)])
    (one,) = told.schedules
    assert one.old(NOON)
    assert not one.old(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


def test_a_copy_that_claims_to_be_of_tomorrow_is_as_old_as_its_receipt() -> None:
    content = b'{"lastUpdated": "2027-01-01T00:00:00Z", "fact": {"data": {"1772402400": {"1.1": {}}}}}'
    with pytest.raises(NoSchedule, match="future"):
        read_told(content, heard_at=NOON, zone=KYIV)
