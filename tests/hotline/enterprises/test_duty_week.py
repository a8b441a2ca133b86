from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.enterprises.duty_week import DAY, WEEK, Gap, duty_week, gaps
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor
from tests.hotline.appeals.people import KYIV

WORKDAYS = frozenset(range(1, 6))
DESK = Contact(id=1, name="Диспетчерська", hours=ContactHours(since=time(8), until=time(17), days=WORKDAYS))
NIGHT = Contact(id=2, name="Черговий", order=2, hours=ContactHours(since=time(20), until=time(6)))
MANAGER = Contact(id=3, name="Директор", kind=ContactKind.MANAGER)
MONDAY = datetime(2026, 3, 2, tzinfo=KYIV)


def test_a_week_is_cut_where_duties_begin_and_end() -> None:
    monday = [(one.since, one.until, one.names) for one in duty_week((DESK, NIGHT, MANAGER)) if one.day == 1]
    assert monday == [
        (0, 6 * 60, ("Черговий",)),
        (6 * 60, 8 * 60, ()),
        (8 * 60, 17 * 60, ("Диспетчерська",)),
        (17 * 60, 20 * 60, ()),
        (20 * 60, DAY, ("Черговий",)),
    ]


def test_gaps_go_over_midnight_and_over_the_weeks_end() -> None:
    found = gaps(duty_week((DESK,)))
    assert found[0] == Gap(since=(1, 17 * 60), until=(2, 8 * 60))
    assert found[-1] == Gap(since=(5, 17 * 60), until=(1, 8 * 60))
    assert len(found) == 5
    assert gaps(duty_week((Contact(name="Завжди"),))) == []
    assert gaps(duty_week(())) == [Gap(since=(1, 0), until=(7, DAY))]
    assert gaps(duty_week((MANAGER,))) == [Gap(since=(1, 0), until=(7, DAY))]


HOURS = st.builds(
    ContactHours,
    since=st.integers(0, 23).map(time),
    until=st.integers(0, 23).map(time),
    days=st.frozensets(st.integers(1, 7), min_size=1),
)


@given(st.lists(HOURS, max_size=3), st.integers(0, WEEK - 1))
def test_the_week_says_of_each_minute_what_the_register_says(hours: list[ContactHours], minute: int) -> None:
    contacts = tuple(
        Contact(id=at, name=str(at), order=at, hours=one) for at, one in enumerate(hours, start=1)
    )
    week = duty_week(contacts)
    assert sum(one.until - one.since for one in week) == WEEK
    day, of_day = divmod(minute, DAY)
    (there,) = [one for one in week if one.day == day + 1 and one.since <= of_day < one.until]
    local = MONDAY + timedelta(minutes=minute)
    executor = Executor(id=1, name="x", short="x", contacts=contacts)
    assert bool(there.names) is executor.somebody_at(local)
    if there.names:
        assert there.names == tuple(one.name for one in executor.on_duty(local))
