from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactKind, Executor
from hotline.outages.entries import GRACE, LATE, OVERDUE, TOLD_FOR, Entries, entries_of, owed_for
from hotline.outages.outage import EntrySource, Outage, OutageKind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HEAT = Executor(
    id=7,
    name="КП «Тепломережі»",
    short="Тепломережі",
    contacts=(
        Contact(id=1, name="Черговий", number="+380457900032"),
        Contact(
            id=2,
            name="Директор",
            kind=ContactKind.MANAGER,
            email="d@example.org",
            number="+380457900033",
            channels=(Channel.EMAIL, Channel.CALL),
        ),
    ),
)
ON_TIME = Outage(
    id=1,
    utility=Utility.HEAT,
    kind=OutageKind.EMERGENCY,
    starts_at=NOON - HOUR,
    expected_end=NOON + HOUR,
    areas=(Area(street="Київський квартал"),),
    executor_id=7,
    entered_at=NOON - HOUR,
    source=EntrySource.ENTERPRISE,
)
ENTERED_LATE = replace(ON_TIME, id=2, entered_at=NOON)
PAST_ITS_END = replace(ON_TIME, id=3, expected_end=NOON - HOUR / 2)
SHORT_NOTICE = replace(
    ON_TIME, id=4, kind=OutageKind.PLANNED, starts_at=NOON + 9 * 24 * HOUR, entered_at=NOON
)


def told(outage: Outage, at: datetime = NOON, executor: Executor | None = HEAT) -> list[tuple[str, str, str]]:
    return [(one.about, one.to, one.channel.value) for one in owed_for(outage, executor, at)]


def test_what_is_entered_in_time_and_not_overdue_is_told_to_nobody() -> None:
    assert told(ON_TIME) == []
    assert told(SHORT_NOTICE) == [], "it is marked, and counted"


def test_a_late_entry_is_told_to_the_head_and_to_the_manager_but_nobody_is_called() -> None:
    assert told(ENTERED_LATE) == [(LATE, "head", "page"), (LATE, "contact:2", "email")]
    assert told(replace(ENTERED_LATE, executor_id=None), executor=None) == [(LATE, "head", "page")]


def test_nobody_is_told_of_what_was_late_long_ago_or_came_from_a_file() -> None:
    assert told(ENTERED_LATE, NOON + TOLD_FOR) == [(OVERDUE, "head", "page"), (OVERDUE, "contact:2", "email")]
    assert told(replace(ENTERED_LATE, source=EntrySource.FILE)) == []


def test_an_end_that_is_past_is_told_after_a_grace_and_again_when_a_new_end_is_past() -> None:
    assert told(PAST_ITS_END, NOON - HOUR / 2 + GRACE / 2) == []
    assert told(PAST_ITS_END) == [(OVERDUE, "head", "page"), (OVERDUE, "contact:2", "email")]
    assert told(replace(PAST_ITS_END, ended_at=NOON)) == []
    first = {one.matter for one in owed_for(PAST_ITS_END, HEAT, NOON)}
    moved = replace(PAST_ITS_END, expected_end=NOON + HOUR)
    assert {one.matter for one in owed_for(moved, HEAT, NOON)} == set()
    assert {one.matter for one in owed_for(moved, HEAT, NOON + 2 * HOUR)}.isdisjoint(first)
    assert {one.matter for one in owed_for(replace(PAST_ITS_END, version=9), HEAT, NOON + HOUR)} == first


def test_entries_are_counted_by_enterprise_whoever_has_most_amiss_first() -> None:
    water = replace(ON_TIME, id=5, executor_id=8)
    nobodys = replace(ENTERED_LATE, id=6, executor_id=None)
    reported = replace(ON_TIME, id=7, source=EntrySource.REPORTS)
    lately = [ON_TIME, ENTERED_LATE, SHORT_NOTICE, water, nobodys, reported]
    assert entries_of(lately, [ON_TIME, PAST_ITS_END, water], NOON) == [
        Entries(executor_id=7, entered=4, late=1, missing=1, short_notice=1, overdue=1),
        Entries(executor_id=None, entered=1, late=1, missing=0, short_notice=0, overdue=0),
        Entries(executor_id=8, entered=1, late=0, missing=0, short_notice=0, overdue=0),
    ]
