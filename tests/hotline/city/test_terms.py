from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.terms import Term, Unit, deadline, end_of, forward_until, longest_extension, soonest

KYIV = ZoneInfo("Europe/Kyiv")
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: BEGUN + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("received", "term", "due_on", "due_at"),
    [
        # 23:30 in Kyiv is still the same day there, though UTC has an evening left.
        ("2026-03-02T21:30+00:00", Term(15, Unit.DAYS), "2026-03-17", "2026-03-17T22:00+00:00"),
        ("2026-03-02T22:30+00:00", Term(15, Unit.DAYS), "2026-03-18", "2026-03-18T22:00+00:00"),
        # The clocks go forward on 29 March: midnight in Kyiv is an hour sooner in UTC.
        ("2026-03-20T10:00+00:00", Term(15, Unit.DAYS), "2026-04-04", "2026-04-04T21:00+00:00"),
        ("2026-10-20T10:00+00:00", Term(15, Unit.DAYS), "2026-11-04", "2026-11-04T22:00+00:00"),
        # Real hours through both nights on which the clocks change.
        ("2026-03-28T12:00+00:00", Term(24, Unit.HOURS), "2026-03-29", "2026-03-29T12:00+00:00"),
        ("2026-10-24T12:00+00:00", Term(24, Unit.HOURS), "2026-10-25", "2026-10-25T12:00+00:00"),
        ("2026-01-31T10:00+00:00", Term(1, Unit.MONTHS), "2026-02-28", "2026-02-28T22:00+00:00"),
        ("2026-12-15T10:00+00:00", Term(1, Unit.MONTHS), "2027-01-15", "2027-01-15T22:00+00:00"),
    ],
)
def test_a_term_ends_when_the_law_says(received: str, term: Term, due_on: str, due_at: str) -> None:
    found = deadline(datetime.fromisoformat(received), term, KYIV)
    assert found.due_on == date.fromisoformat(due_on)
    assert found.due_at == datetime.fromisoformat(due_at)


@pytest.mark.parametrize(
    ("received", "term", "due_on", "due_at"),
    [
        # Received before the night of 29 March 2026, when 03:00 becomes 04:00: the day has 23 hours.
        ("2026-03-28T23:30+02:00", Term(4, Unit.HOURS), "2026-03-29", "2026-03-29T04:30+03:00"),
        ("2026-03-29T02:50+02:00", Term(15, Unit.MINUTES), "2026-03-29", "2026-03-29T04:05+03:00"),
        ("2026-03-29T04:10+03:00", Term(2, Unit.HOURS), "2026-03-29", "2026-03-29T06:10+03:00"),
        ("2026-03-29T12:00+03:00", Term(1, Unit.DAYS), "2026-03-30", "2026-03-31T00:00+03:00"),
        ("2026-03-28T12:00+02:00", Term(1, Unit.DAYS), "2026-03-29", "2026-03-30T00:00+03:00"),
        ("2026-02-28T12:00+02:00", Term(1, Unit.MONTHS), "2026-03-28", "2026-03-29T00:00+02:00"),
        ("2026-03-01T12:00+02:00", Term(1, Unit.MONTHS), "2026-04-01", "2026-04-02T00:00+03:00"),
        # On 25 October 2026 the hour from 03:00 is there twice: the day has 25 hours.
        ("2026-10-24T23:30+03:00", Term(4, Unit.HOURS), "2026-10-25", "2026-10-25T03:30+03:00"),
        ("2026-10-24T23:30+03:00", Term(5, Unit.HOURS), "2026-10-25", "2026-10-25T03:30+02:00"),
        ("2026-10-25T03:50+03:00", Term(15, Unit.MINUTES), "2026-10-25", "2026-10-25T03:05+02:00"),
        ("2026-10-25T03:50+02:00", Term(24, Unit.HOURS), "2026-10-26", "2026-10-26T03:50+02:00"),
        ("2026-10-24T12:00+03:00", Term(1, Unit.DAYS), "2026-10-25", "2026-10-26T00:00+02:00"),
        ("2026-10-10T12:00+03:00", Term(15, Unit.DAYS), "2026-10-25", "2026-10-26T00:00+02:00"),
        # A term that ends with the stroke of midnight ends with the day before.
        ("2026-03-10T00:00+02:00", Term(24, Unit.HOURS), "2026-03-10", "2026-03-11T00:00+02:00"),
    ],
)
def test_clocks_that_change_take_nothing_from_anybody(
    received: str, term: Term, due_on: str, due_at: str
) -> None:
    found = deadline(datetime.fromisoformat(received), term, KYIV)
    assert found.due_on == date.fromisoformat(due_on)
    assert found.due_at == datetime.fromisoformat(due_at)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-03-30", 24), ("2026-10-25", 25)])
def test_a_day_is_as_long_as_its_clocks_make_it(day: str, hours: int) -> None:
    one = date.fromisoformat(day)
    length = end_of(one, KYIV).due_at - end_of(one - timedelta(days=1), KYIV).due_at
    assert length == timedelta(hours=hours)


@given(MOMENTS)
def test_five_days_to_forward_and_45_in_all_are_counted_from_the_day_after_the_receipt(
    received: datetime,
) -> None:
    day = received.astimezone(KYIV).date()
    assert forward_until(received, KYIV) - day == timedelta(days=5)
    assert longest_extension(received, KYIV) - day == timedelta(days=45)


@given(MOMENTS, st.sampled_from(Unit), st.integers(1, 50))
def test_the_last_day_is_the_one_in_which_the_last_moment_lies(
    received: datetime, unit: Unit, amount: int
) -> None:
    found = deadline(received, Term(amount, unit), KYIV)
    assert (found.due_at - timedelta(microseconds=1)).astimezone(KYIV).date() == found.due_on
    assert found.due_at > received


@given(MOMENTS, st.integers(1, 60))
def test_a_term_in_days_ends_with_a_day_of_the_city(received: datetime, days: int) -> None:
    found = deadline(received, Term(days, Unit.DAYS), KYIV)
    assert found.due_on - received.astimezone(KYIV).date() == timedelta(days=days)
    ends = found.due_at.astimezone(KYIV)
    assert (ends.hour, ends.minute) == (0, 0)
    assert ends.date() == found.due_on + timedelta(days=1)


@given(MOMENTS, st.integers(1, 96))
def test_a_term_in_hours_is_as_long_on_every_night(received: datetime, hours: int) -> None:
    assert deadline(received, Term(hours, Unit.HOURS), KYIV).due_at - received == timedelta(hours=hours)


@given(MOMENTS)
def test_a_month_is_never_longer_than_31_days_and_ends_in_the_next_month(received: datetime) -> None:
    due_on = deadline(received, Term(1, Unit.MONTHS), KYIV).due_on
    begun = received.astimezone(KYIV).date()
    assert timedelta(days=28) <= due_on - begun <= timedelta(days=31)
    assert due_on.month == begun.month % 12 + 1


@given(MOMENTS, st.integers(1, 48), st.integers(1, 5))
def test_of_two_terms_the_sooner_counts(received: datetime, hours: int, days: int) -> None:
    terms = (Term(hours, Unit.HOURS), Term(days, Unit.DAYS))
    assert soonest(received, terms, KYIV).due_at == min(deadline(received, one, KYIV).due_at for one in terms)
