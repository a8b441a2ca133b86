"""Spans of papers, what is due when, the rating, and what an address asks of the builder."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.appeals.counted import CountedAppeals
from hotline.reports.built import Drawn, Period, read_built
from hotline.reports.figures import Span, times_of
from hotline.reports.measures import DIMENSIONS, MEASURES, TIMES, Amounts, Dimension, Rows, Unit
from hotline.reports.papers import PaperKind, before, due_spans, span_of, year_before
from hotline.reports.rating import mark, rated
from hotline.shares import lower_bound

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (PaperKind.DAY, date(2026, 3, 29), date(2026, 3, 29)),
        (PaperKind.WEEK, date(2026, 3, 23), date(2026, 3, 29)),
        (PaperKind.MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (PaperKind.QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_a_paper_has_whole_days_and_the_span_before(kind: PaperKind, first: date, last: date) -> None:
    span = span_of(kind, date(2026, 3, 29))
    assert (span.first, span.last) == (first, last)
    assert before(kind, span).last == first - timedelta(days=1)
    past = year_before(kind, span)
    assert past == span_of(kind, past.first)
    assert abs((span.first - past.first).days - 365) <= 1


def test_of_a_leap_year_the_same_month_is_whole() -> None:
    february = span_of(PaperKind.MONTH, date(2025, 2, 3))
    assert year_before(PaperKind.MONTH, february).last == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("clock", "due"),
    [("06:59", date(2026, 3, 27)), ("07:00", date(2026, 3, 28)), ("23:59", date(2026, 3, 28))],
)
def test_the_first_paper_is_due_at_its_hour_also_when_the_clocks_are_changed(clock: str, due: date) -> None:
    now = datetime.fromisoformat(f"2026-03-29T{clock}").replace(tzinfo=KYIV)
    assert due_spans(PaperKind.DAY, now, 7, KYIV, None) == [Span(first=due, last=due)]


def test_missed_days_are_caught_up_with_the_earliest_first() -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=KYIV)
    latest = span_of(PaperKind.DAY, date(2026, 3, 6))
    assert [one.first.day for one in due_spans(PaperKind.DAY, now, 7, KYIV, latest)] == [7, 8, 9]
    assert due_spans(PaperKind.DAY, now, 7, KYIV, span_of(PaperKind.DAY, date(2026, 3, 9))) == []
    long_ago = span_of(PaperKind.DAY, date(2024, 3, 6))
    assert len(due_spans(PaperKind.DAY, now, 7, KYIV, long_ago)) == 31


def test_a_month_is_due_only_once_it_is_over() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=KYIV)
    assert due_spans(PaperKind.MONTH, now, 7, KYIV, None)[0].first == date(2026, 2, 1)
    later = datetime(2026, 4, 1, 8, tzinfo=KYIV)
    assert due_spans(PaperKind.MONTH, later, 7, KYIV, None)[0].first == date(2026, 3, 1)


def closed(many: int, **parts: int) -> Amounts:
    named = {MEASURES[name.replace("_", "-")].part: count for name, count in parts.items()}
    return Amounts(parts=Counter({CountedAppeals.CLOSED: many, **named}))


def test_ten_without_a_fault_do_not_come_before_a_thousand_with_few() -> None:
    few = closed(25, in_time=25, confirmed=25, returned=0, accepted=25)
    many = closed(1000, in_time=960, confirmed=955, returned=30, accepted=970)
    new = closed(10, in_time=10, confirmed=10, returned=0, accepted=10)
    found = rated({1: few, 2: many, 3: new, 0: many}, {}, {1: "Мале", 2: "Велике", 3: "Нове"})
    assert [(one.enterprise, one.place) for one in found] == [("Велике", 1), ("Мале", 2), ("Нове", None)]
    assert found[0].parts["in-time"] == 960


def test_more_of_the_same_share_proves_more_and_nothing_proves_nothing() -> None:
    bounds = [lower_bound(part, whole) for part, whole in ((0, 0), (9, 10), (90, 100), (900, 1000))]
    assert bounds == sorted(bounds)
    assert bounds[-1] < 0.9
    assert lower_bound(10, 10) == pytest.approx(0.722, abs=0.001)
    assert mark({"in-time": 5, "confirmed": 5, "returned": 0, "accepted": 5}, 5) < 1


def test_an_address_of_the_builder_comes_back_as_it_was_asked() -> None:
    asked = {
        "measure": "in-time",
        "by": "enterprise",
        "period": "days",
        "from": "2026-01-02",
        "to": "2026-01-05",
        "drawn": "line",
        "topic": "heat-none",
    }
    built = read_built(asked)
    assert dict(built.query()) == asked
    assert built.drawn is Drawn.LINE
    assert built.days(date(2026, 3, 1)).days == 4


@pytest.mark.parametrize(("period", "days"), [("today", 1), ("week", 7), ("month", 2), ("last-month", 28)])
def test_days_by_name_end_today_or_with_the_month(period: str, days: int) -> None:
    assert read_built({"period": period}).days(date(2026, 3, 2)).days == days


def test_what_cannot_be_asked_is_as_at_first() -> None:
    built = read_built({"measure": "calls", "by": "enterprise", "period": "days", "enterprise": "1"})
    assert (built.by, built.period, dict(built.where)) == (Dimension.DAY, Period.MONTH, {})
    assert read_built({"measure": "received", "topic": "x" * 99}).where == {}


def test_times_in_which_nothing_was_counted_have_their_place_as_well() -> None:
    span = Span(first=date(2026, 2, 27), last=date(2026, 3, 2))
    assert len(times_of(Dimension.DAY, span)) == 4
    assert [len(times_of(by, span)) for by in (Dimension.WEEK, Dimension.MONTH)] == [2, 2]
    assert [*times_of(Dimension.WEEKDAY, span)] == [0, 4, 5, 6]
    assert len(times_of(Dimension.HOUR, span)) == 24
    assert times_of(Dimension.TOPIC, span) == []


def test_every_measure_can_be_split_and_its_whole_is_of_the_same_rows() -> None:
    for one in MEASURES.values():
        assert DIMENSIONS[one.rows]
        assert (one.unit is Unit.SHARE) == (one.whole is not None), one.name
        assert one.rows is not Rows.OWED or not TIMES & {*DIMENSIONS[one.rows]}
