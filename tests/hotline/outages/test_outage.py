from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.outages.outage import EntryFlaw, NewOutage, Outage, OutageKind, alike, concerning

NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KYIV_QUARTER = Area(street="Київський квартал")


def outage(number: int = 1, entered: timedelta = timedelta(0), **differs: Any) -> Outage:
    values = {"utility": Utility.WATER, "kind": OutageKind.UNPLANNED, "starts_at": NOON} | differs
    return Outage(id=number, entered_at=NOON + entered, **values)


def test_it_concerns_those_in_its_areas_and_without_areas_everybody() -> None:
    there = Address(street="Київський квартал", house="7")
    here = outage(1, areas=(KYIV_QUARTER,))
    elsewhere = outage(2, areas=(Area(street="Ризький квартал"),))
    everywhere = outage(3)
    assert concerning([there], [here, elsewhere, everywhere]) == [here, everywhere]
    assert concerning([], [here, elsewhere, everywhere]) == [everywhere]


@pytest.mark.parametrize(
    ("known", "same"),
    [
        (outage(areas=(KYIV_QUARTER,)), True),
        (outage(), True),
        (outage(utility=Utility.POWER), False),
        (outage(areas=(Area(street="Ризький квартал"),)), False),
        (outage(ended_at=NOON + HOUR), False),
        (outage(expected_end=NOON + HOUR), True),
        (outage(starts_at=NOON + DAY), False),
        (outage(starts_at=NOON - 3 * DAY), True),
    ],
)
def test_entered_again_it_is_recognised_by_utility_place_and_time(known: Outage, *, same: bool) -> None:
    new = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.EMERGENCY,
        starts_at=NOON + 2 * HOUR,
        expected_end=NOON + 5 * HOUR,
        areas=(Area(street="Київський квартал", first=7, last=7),),
    )
    assert bool(alike(new, [known], NOON + 2 * HOUR)) is same


def test_what_is_planned_for_a_later_day_is_not_the_breakdown_whose_end_nobody_knows() -> None:
    planned = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.PLANNED,
        starts_at=NOON + 23 * DAY,
        expected_end=NOON + 23 * DAY + HOUR,
        areas=(KYIV_QUARTER,),
    )
    breakdown = outage(areas=(KYIV_QUARTER,))
    assert alike(planned, [breakdown], NOON) == []
    assert alike(planned, [breakdown], NOON + 23 * DAY) == [breakdown], "it still goes on that day"
    assert alike(replace(planned, expected_end=None), [outage(starts_at=NOON + 25 * DAY)], NOON) == []


@pytest.mark.parametrize(
    ("one", "flaws"),
    [
        (outage(entered=29 * timedelta(minutes=1)), []),
        (outage(entered=HOUR), [EntryFlaw.LATE]),
        (outage(kind=OutageKind.PLANNED, entered=-10 * DAY), []),
        (outage(kind=OutageKind.PLANNED, entered=-9 * DAY), [EntryFlaw.SHORT_NOTICE]),
        (outage(expected_end=NOON + HOUR), [EntryFlaw.OVERDUE]),
        (outage(expected_end=NOON + HOUR, ended_at=NOON + 2 * HOUR), []),
    ],
)
def test_what_the_regulation_asks_of_an_entry_is_told_where_it_lacks(
    one: Outage, flaws: list[EntryFlaw]
) -> None:
    assert one.flaws(NOON + 3 * HOUR) == flaws
