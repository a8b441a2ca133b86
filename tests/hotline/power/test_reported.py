"""Reports that there is no power: by the schedule they say nothing new, against it they count by queue."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.outages.alerts import Proposal, alerts
from hotline.outages.reports import KnownReport
from hotline.power.queues import read_power_queues
from hotline.power.reported import ReportedPower, against_schedule
from hotline.power.schedule import DaySchedule, EmergencyCuts, KnownPower
from service.talk.power import without_power
from tests.fakes.power import KYIV

DAY = date(2026, 12, 1)
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=KYIV).astimezone(UTC)
HOUSES = read_power_queues(
    """
[[house]]
place = "Київський квартал, 1–9"
queue = "4.1"
[[house]]
place = "вулиця Атомників, 1–30"
queue = "4.1"
[[house]]
place = "Ризький квартал, 1–9"
queue = "5.2"
""",
    1,
)


def report(place: int, street: str, house: str, utility: Utility = Utility.POWER) -> KnownReport:
    return KnownReport(
        id=place,
        utility=utility,
        address=Address(street=street, house=house),
        at=NOON - timedelta(minutes=5),
        number=f"+38067000000{place}",
        call_id=f"c{place}",
    )


def scattered(utility: Utility = Utility.POWER) -> Sequence[KnownReport]:
    """Three of one queue, in two streets, and one of another queue."""
    return [
        report(1, "Київський квартал", "3", utility),
        report(2, "вулиця Атомників", "5", utility),
        report(3, "вулиця Атомників", "12", utility),
        report(4, "Ризький квартал", "2", utility),
    ]


def found(off: str, reports: Sequence[KnownReport], *, emergency: bool = False) -> Sequence[Proposal]:
    days = {
        (queue, DAY): DaySchedule(
            queue=queue, day=DAY, halves=without_power(off), made_at=NOON, heard_at=NOON
        )
        for queue in ("4.1", "5.2")
    }
    known = KnownPower(schedules=days, emergency=EmergencyCuts(since=NOON) if emergency else None)
    schedule = ReportedPower(known=known, houses=HOUSES, now=NOON, zone=KYIV)
    return alerts(reports, (), NOON, schedule=schedule)


def test_those_of_one_queue_count_together_though_their_streets_differ() -> None:
    (one,) = found("18:00–20:00", scattered())
    assert one.areas == (
        Area(street="Київський квартал", first=3, last=3),
        Area(street="вулиця Атомників", first=5, last=12),
    )
    assert [each.id for each in one.reports] == [1, 2, 3]


def test_without_queues_they_are_three_streets_and_no_alert() -> None:
    assert alerts(scattered(), (), NOON) == []
    assert found("", scattered(Utility.WATER)) == []


@pytest.mark.parametrize("off", ["11:00–13:00", "11:30–12:00", "12:00–14:00"])
def test_what_the_schedule_explains_raises_nothing(off: str) -> None:
    assert found(off, scattered()) == []


def test_during_emergency_cuts_no_report_is_against_a_schedule() -> None:
    assert found("", scattered(), emergency=True) == []


def test_places_where_the_schedule_says_on_are_against_it() -> None:
    on = DaySchedule(queue="4.1", day=DAY, halves=without_power(""), made_at=NOON, heard_at=NOON)
    known = KnownPower(schedules={("4.1", DAY): on})

    def against(*areas: Area) -> bool:
        return against_schedule(known, HOUSES, areas, NOON, KYIV)

    assert against(Area(street="Київський квартал", first=3, last=3))
    assert not against(Area(street="Ризький квартал", first=3, last=3))
    assert not against(Area(street="Київський квартал"))
