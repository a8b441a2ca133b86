"""An outage's form gives back what it was made of, whatever the clocks did that night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cti_server.frame.moments import read_moment
from cti_server.outages.register.typed import as_typed, outage_of
from hotline.city.addresses import Area, Gazetteer
from hotline.city.classifier import Utility
from hotline.outages.outage import NewOutage, OutageKind

KYIV = ZoneInfo("Europe/Kyiv")
THERE = Gazetteer([("вулиця Невська", "вулиця Невська")], {})
FIRST, SECOND = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
"""Half past three in the night on which the clocks go back, twice."""


def outage(starts_at: datetime, expected_end: datetime | None = None) -> NewOutage:
    return NewOutage(
        utility=Utility.HEAT,
        kind=OutageKind.REPAIR,
        starts_at=starts_at,
        expected_end=expected_end,
        areas=(Area(street="вулиця Невська"),),
    )


@pytest.mark.parametrize(
    "was", [outage(FIRST, SECOND), outage(SECOND), outage(SECOND, SECOND + timedelta(hours=2))]
)
def test_a_change_of_another_field_moves_no_moment_of_the_hour_that_comes_twice(was: NewOutage) -> None:
    typed = replace(as_typed(was, KYIV), reason="Заміна труби")
    made, faults = outage_of(typed, KYIV, THERE, frozenset(), was)
    assert faults.fields == {}
    assert made == replace(was, reason="Заміна труби")


def test_moments_are_compared_as_they_follow_and_not_as_clocks_show_them() -> None:
    typed = replace(as_typed(outage(FIRST), KYIV), unknown=False, ends="2026-10-25T04:00")
    made, _ = outage_of(typed, KYIV, THERE, frozenset())
    assert made is not None
    assert made.expected_end == datetime(2026, 10, 25, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "завтра",
        "2026-02-30T10:00",
        "2026-03-02",
        "2026-03-02T25:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text, KYIV) is None
