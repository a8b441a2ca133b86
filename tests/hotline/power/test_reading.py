"""Files of suppliers are read as what they say, or refused with what is amiss.

Two hundred drawn ones go the whole road in `tests/storage/power/test_day_schedules.py`.
"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.power.forecast import forecast
from hotline.power.reading import NoSchedule, read_told
from hotline.power.schedule import KnownPower, Supply, Told
from tests.fakes.drawn_power import CLOCKS_GO_BACK, CLOCKS_GO_FORWARD
from tests.fakes.power import KYIV

NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)


def known(told: Told) -> KnownPower:
    return KnownPower(schedules={(one.queue, one.day): one for one in told.schedules})


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
