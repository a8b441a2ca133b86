"""What is laid over a schedule: works, breakdowns, emergency cuts; and the queues of houses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.documents.faults import DocumentFaults, Flaw
from hotline.outages.outage import NewOutage, Outage, OutageKind, draft
from hotline.power.forecast import Forecast, Why, forecast
from hotline.power.queues import read_power_queues
from hotline.power.schedule import DaySchedule, EmergencyCuts, KnownPower, Supply

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = date(2026, 3, 2)
HOUSE = Address(street="Київський квартал", house="7")
HOUR = timedelta(hours=1)
ON_ALL_DAY = DaySchedule(queue="4.1", day=TODAY, halves=(Supply.ON,) * 48, made_at=NOON, heard_at=NOON)
OFF_IN_THE_EVENING = replace(ON_ALL_DAY, halves=(Supply.ON,) * 36 + (Supply.OFF,) * 8 + (Supply.ON,) * 4)


def at(
    *, known: KnownPower, outages: tuple[Outage, ...] = (), queues: tuple[str, ...] = ("4.1",)
) -> Forecast:
    return forecast(known, queues, outages, now=NOON, zone=KYIV, address=HOUSE)


def scheduled(one: DaySchedule = OFF_IN_THE_EVENING) -> KnownPower:
    return KnownPower(schedules={(one.queue, one.day): one})


def outage(
    since: timedelta, until: timedelta | None, *, utility: Utility = Utility.POWER, house: int = 7
) -> Outage:
    new = NewOutage(
        utility=utility,
        kind=OutageKind.PLANNED,
        starts_at=NOON + since,
        expected_end=None if until is None else NOON + until,
        areas=(Area(street=HOUSE.street, first=house, last=house),),
    )
    return replace(draft(new, NOON), id=house)


def told(there: Forecast) -> list[tuple[str, Supply, Why]]:
    return [(f"{one.until.astimezone(KYIV):%d %H:%M}", one.supply, one.why) for one in there.stretches]


def test_an_evening_without_power_and_a_tomorrow_that_nobody_has_told() -> None:
    there = at(known=scheduled())
    assert told(there) == [
        ("02 18:00", Supply.ON, Why.SCHEDULE),
        ("02 22:00", Supply.OFF, Why.SCHEDULE),
        ("03 00:00", Supply.ON, Why.SCHEDULE),
        ("04 00:00", Supply.UNKNOWN, Why.NOT_TOLD),
    ]
    assert not there.old(NOON + 2 * HOUR)
    assert there.old(NOON + 3 * HOUR)


def test_works_go_before_the_schedule_to_the_minute() -> None:
    there = at(known=scheduled(), outages=(outage(HOUR, HOUR + timedelta(minutes=50)),))
    assert told(there)[:3] == [
        ("02 13:00", Supply.ON, Why.SCHEDULE),
        ("02 13:50", Supply.OFF, Why.OUTAGE),
        ("02 18:00", Supply.ON, Why.SCHEDULE),
    ]


def test_behind_a_breakdown_without_an_end_nobody_promises_power() -> None:
    there = at(known=scheduled(), outages=(outage(-HOUR, None),))
    assert told(there) == [
        ("02 12:30", Supply.OFF, Why.OUTAGE),
        ("04 00:00", Supply.UNKNOWN, Why.OUTAGE),
    ]


def test_what_is_off_elsewhere_or_is_water_changes_nothing() -> None:
    elsewhere = outage(-HOUR, None, house=8)
    water = outage(-HOUR, None, utility=Utility.WATER)
    assert at(known=scheduled(), outages=(elsewhere, water)) == at(known=scheduled())


def test_while_emergency_cuts_hold_no_schedule_does() -> None:
    cut = replace(scheduled(), emergency=EmergencyCuts(since=NOON - HOUR))
    assert told(at(known=cut)) == [("04 00:00", Supply.UNKNOWN, Why.EMERGENCY_CUTS)]


def test_a_house_in_two_queues_has_power_for_sure_only_by_both() -> None:
    other = replace(ON_ALL_DAY, queue="5.2")
    both = KnownPower(schedules={(one.queue, one.day): one for one in (OFF_IN_THE_EVENING, other)})
    assert [supply for _, supply, _ in told(at(known=both, queues=("4.1", "5.2")))] == [
        Supply.ON,
        Supply.MAYBE,
        Supply.ON,
        Supply.UNKNOWN,
    ]


def test_the_queues_of_a_house_are_found_by_street_quarter_and_letter() -> None:
    queues = read_power_queues(
        """
        [[house]]
        place = "Київський квартал, 1–9 непарні"
        queue = "10.1"
        [[house]]
        place = "Київський квартал, 7"
        queue = "4.1"
        [[house]]
        place = "вулиця Атомників, 7а, 9"
        queue = "2.2"
        [[house]]
        place = "Добринінський квартал"
        queue = "1.1"
        """,
        1,
    )
    assert queues.at(HOUSE) == ["4.1", "10.1"]
    assert queues.at(Address(street="Київський квартал", house="8")) == []
    assert queues.at(Address(street="вулиця Атомників", house="7а")) == ["2.2"]
    assert queues.at(Address(street="вулиця Атомників", house="7")) == []
    assert queues.at(Address(street="вулиця Лісова", house="3", quarter="Добринінський квартал")) == ["1.1"]
    assert queues.at(Address(street="Київський квартал")) == ()


@pytest.mark.parametrize(
    ("place", "flaw"),
    [("Київський квартал, 9–1", Flaw.NO_PLACE), (", 7", Flaw.NO_PLACE), ("", Flaw.MISSING)],
)
def test_a_place_that_cannot_be_read_is_named(place: str, flaw: Flaw) -> None:
    with pytest.raises(DocumentFaults) as refused:
        read_power_queues(f'[[house]]\nplace = "{place}"\nqueue = "1.1"', 1)
    assert [one.flaw for one in refused.value.faults] == [flaw]
