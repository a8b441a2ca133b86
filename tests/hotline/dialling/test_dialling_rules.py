"""When a machine may call somebody: by the clock on the wall, in summer and in winter."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.days_off import days_off
from hotline.dialling.dialler import Kind
from hotline.dialling.dialling_rules import CALLING_HOURS, CallingWeek, DayHours, DiallingRules, Rate

KYIV = ZoneInfo("Europe/Kyiv")
RULES = DiallingRules(zone=KYIV)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))
QUIET_FROM, QUIET_UNTIL = time(22), time(8)


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


@given(MOMENTS, st.sampled_from(sorted(CALLING_HOURS)))
def test_nobody_is_called_in_quiet_hours_nor_outside_the_hours_of_the_kind(at: datetime, kind: Kind) -> None:
    opens = RULES.opens(kind, at)
    wall = opens.astimezone(KYIV)
    hours = CALLING_HOURS[kind].of(off=days_off().is_off(wall.date()))
    assert opens >= at
    assert hours is not None
    assert hours.opens <= wall.time() < hours.closes
    assert QUIET_UNTIL <= wall.time() < QUIET_FROM


@given(MOMENTS, st.sampled_from(sorted(CALLING_HOURS)))
def test_what_may_be_called_now_is_called_now_and_no_moment_in_between_was_missed(
    at: datetime, kind: Kind
) -> None:
    opens = RULES.opens(kind, at)
    assert RULES.opens(kind, opens) == opens
    between = at + (opens - at) / 2
    assert opens == at or RULES.opens(kind, between) == opens


@given(MOMENTS, st.sampled_from(Kind))
def test_the_next_day_is_a_later_day_on_the_citys_walls(at: datetime, kind: Kind) -> None:
    then = RULES.next_day(kind, at)
    assert then.astimezone(KYIV).date() > at.astimezone(KYIV).date()
    assert RULES.day_begins(then) > RULES.day_begins(at)


@given(MOMENTS)
def test_an_emergency_and_who_waits_to_be_called_back_are_called_at_any_hour(at: datetime) -> None:
    assert RULES.opens(Kind.EMERGENCY, at) == at
    assert RULES.opens(Kind.CALL_BACK, at) == at
    assert RULES.opens(Kind.INFORMING, at, exempt=True) == at


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-03-02T12:00", "2026-03-02T12:00"),
        ("2026-03-02T08:59", "2026-03-02T09:00"),
        ("2026-03-02T20:00", "2026-03-03T09:00"),
        ("2026-03-06T20:00", "2026-03-07T10:00"),  # Friday evening: on Saturday from ten
        ("2026-03-28T18:00", "2026-03-29T10:00"),  # the clocks go forward that night
        ("2026-10-24T18:00", "2026-10-25T10:00"),  # and back
    ],
)
def test_a_survey_is_made_by_the_clock_on_the_wall(asked: str, opens: str) -> None:
    assert RULES.opens(Kind.SURVEY, kyiv(asked)) == kyiv(opens)


def test_a_kind_that_is_called_on_working_days_only_waits_over_holidays() -> None:
    weekdays = {Kind.SURVEY: CallingWeek(DayHours(time(9), time(20)))}
    rules = DiallingRules(zone=KYIV, week=weekdays)
    assert rules.opens(Kind.SURVEY, kyiv("2026-03-06T20:00")) == kyiv("2026-03-09T09:00")


def test_a_kind_that_is_never_called_is_a_mistake_of_whoever_set_it_up() -> None:
    rules = DiallingRules(zone=KYIV, week={Kind.SURVEY: CallingWeek(None)})
    with pytest.raises(ValueError, match="No day has hours"):
        rules.opens(Kind.SURVEY, kyiv("2026-03-02T12:00"))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)])
def test_a_day_begins_at_the_citys_midnight_also_when_the_clocks_change(day: date) -> None:
    begins = datetime.combine(day, time(), KYIV).astimezone(UTC)
    assert RULES.day_begins(begins) == begins
    assert RULES.day_begins(begins - timedelta(seconds=1)) < begins
    last = datetime.combine(day + timedelta(days=1), time(), KYIV) - timedelta(seconds=1)
    assert RULES.day_begins(last) == begins


@given(
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(0, 5), st.integers(0, 50)), min_size=1, max_size=60),
)
def test_no_second_sees_more_calls_than_it_may(per_second: int, looks: list[tuple[float, int]]) -> None:
    rate, at = Rate(per_second), datetime(2026, 3, 2, 12, tzinfo=UTC)
    placed: list[datetime] = []
    for pause, due in looks:
        at += timedelta(seconds=pause)
        now = min(due, rate.allowed(at))
        rate.placed(now)
        placed += [at] * now
    for begin in placed:
        within = [one for one in placed if begin <= one < begin + timedelta(seconds=1)]
        assert len(within) <= 2 * per_second
    span = (placed[-1] - placed[0]).total_seconds() if placed else 0
    assert len(placed) <= per_second * (span + 1) + 1e-6
