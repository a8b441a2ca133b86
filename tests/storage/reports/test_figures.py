"""Each measure on both databases: it counts the rows beneath it, and what other pages count by its name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from hotline.appeals.control import Moments
from hotline.appeals.counted import CountedAppeals
from hotline.appeals.figures import Days
from hotline.calls.counted import Counted
from hotline.line.report import By, in_all
from hotline.reports.figures import Asked, Span, in_order
from hotline.reports.measures import DIMENSIONS, MEASURES, TIMES, Amounts, Dimension, Measure, Rows
from storage.reports.figures import StoredFigures
from storage.store import Storage
from tests.storage.line.counted_calls import FIRST, LAST, keep_calls
from tests.storage.reports.city import ASKED, DAY, KYIV, NOON, keep_city

ALL = 10_000


@pytest.fixture
async def kept(storage: Storage) -> Sequence[dict[str, object]]:
    return await keep_city(storage)


def of_rows(rows: Rows) -> Sequence[Measure]:
    return [one for one in MEASURES.values() if one.rows is rows]


def days_of_calls() -> Asked:
    return replace(ASKED, span=Span(first=FIRST, last=LAST))


async def held(storage: Storage, rows: Rows, asked: Asked) -> Amounts:
    """Compare each figure with its rows, in all and by each dimension; give what was counted in all."""
    measures = of_rows(rows)
    (whole,) = (await storage.figures.count(measures, asked)).values()
    parts = {part for one in measures for part in one.parts}
    for part in parts:
        assert len(await storage.figures.rows(rows, part, asked, None, limit=ALL)) == whole.parts[part], part
    for by in DIMENSIONS[rows]:
        split = replace(asked, by=by)
        groups = await storage.figures.count(measures, split)
        total = Amounts()
        for key in in_order(by, groups):
            total += groups[key]
            for part in parts:
                beneath = await storage.figures.rows(rows, part, split, key, limit=ALL)
                assert len(beneath) == groups[key].parts[part], (by, key, part)
            if by not in TIMES:
                chosen = replace(asked, where={by: str(key)})
                (alone,) = (await storage.figures.count(measures, chosen)).values()
                assert alone == groups[key], (by, key)
        assert total == whole, by
    return whole


@pytest.mark.parametrize("rows", [Rows.RECEIVED, Rows.CLOSED, Rows.OWED, Rows.SURVEYS, Rows.OUTAGES])
async def test_each_figure_counts_the_rows_beneath_it(
    storage: Storage, kept: Sequence[dict[str, object]], rows: Rows
) -> None:
    assert kept
    whole = await held(storage, rows, ASKED)
    for measure in of_rows(rows):
        assert whole.part(measure), measure.name


async def test_each_figure_of_calls_counts_the_calls_beneath_it(storage: Storage) -> None:
    await keep_calls(storage)
    whole = await held(storage, Rows.CALLS, days_of_calls())
    assert whole.parts[Counted.ANSWERED]


async def test_the_line_has_the_same_figures_in_its_own_report(storage: Storage) -> None:
    await keep_calls(storage)
    asked = days_of_calls()
    (found,) = (await storage.figures.count(of_rows(Rows.CALLS), asked)).values()
    line = in_all((await storage.line_report.by(By.DAY, asked.span.pieces(KYIV))).values())
    own = {
        "calls": line.incoming,
        "self-served": line.self_served,
        "offered": line.counts.offered,
        "answered": line.counts.answered,
        "abandoned": line.counts.abandoned,
        "elsewhere": line.counts.elsewhere,
        "service-level": line.counts.service_level,
        "mean-wait": line.counts.mean_wait,
        "long-wait": line.long_wait,
        "callbacks-owed": line.owed,
        "callbacks-kept": line.kept / line.owed,
    }
    assert {name: found.value(MEASURES[name]) for name in own} == pytest.approx(own)
    assert set(own) == {one.name for one in of_rows(Rows.CALLS)}


async def test_the_citys_page_and_control_have_the_same_figures(
    storage: Storage, kept: Sequence[dict[str, object]]
) -> None:
    assert kept
    days = Days(now=NOON, zone=KYIV)
    asked = replace(ASKED, span=Span(first=days.first, last=days.today))
    (closed,) = (await storage.figures.count(of_rows(Rows.CLOSED), asked)).values()
    city = await storage.appeal_figures.closings(days.midnight(1 - days.count))
    assert closed.value(MEASURES["closed"]) == city.closed
    assert closed.part(MEASURES["in-time"]) == city.in_time
    assert closed.part(MEASURES["confirmed"]) == city.confirmed
    assert closed.value(MEASURES["days-to-close"]) == city.median_days
    by_day = await storage.figures.count([MEASURES["received"]], replace(asked, by=Dimension.DAY))
    shown = [one.received for one in await storage.appeal_figures.by_day(days) if one.received]
    assert [by_day[key].parts[CountedAppeals.RECEIVED] for key in sorted(by_day)] == shown
    at = Moments(now=NOON, today_ends=days.midnight(1), soon_ends=days.midnight(3), since=days.midnight(-40))
    control = {one.executor_id or 0: one for one in await storage.control.standings(at)}
    owed = await storage.figures.count(of_rows(Rows.OWED), replace(ASKED, by=Dimension.ENTERPRISE))
    names = {"due-today": "today", "due-soon": "soon", "more-time": "more_time"}
    for name in (
        "owed",
        "overdue",
        "due-today",
        "due-soon",
        "breached",
        "unaccepted",
        "disputed",
        "more-time",
    ):
        for enterprise, amounts in owed.items():
            own = getattr(control[int(enterprise)], names.get(name, name))
            assert amounts.value(MEASURES[name]) == own, (name, enterprise)
    backlog = await storage.appeal_figures.backlog(NOON, days.midnight(1), days.midnight(3))
    assert sum(one.part(MEASURES["overdue"]) for one in owed.values()) == backlog.overdue > 0


async def test_who_took_it_down_and_accepted_it_late_is_told_apart(
    storage: Storage, kept: Sequence[dict[str, object]]
) -> None:
    (closed,) = (await storage.figures.count(of_rows(Rows.CLOSED), ASKED)).values()
    ended = [int(str(row["number"])) for row in kept if str(row["state"]).startswith("closed")]
    assert closed.part(MEASURES["accepted"]) == sum(index % 3 != 0 for index in ended)
    assert closed.part(MEASURES["returned"]) == sum(index % 4 == 0 for index in ended)


async def test_what_takes_too_long_is_stopped_and_the_next_is_answered(storage: Storage) -> None:
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    async with storage.database.reading_long(0.5) as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(endless)
    with pytest.raises(TimeoutError):
        await endlessly(storage, endless)
    assert await storage.figures.count(of_rows(Rows.OWED), ASKED) == {}


async def endlessly(storage: Storage, statement: TextClause) -> None:
    async with storage.database.reading_long(0.5) as connection:
        await connection.execute(statement)


async def test_after_a_count_none_is_begun_for_twice_as_long_and_for_a_third_of_a_second_at_most(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        if seconds:  # between rows the loop only goes on
            rests.append(round(seconds, 3))

    monkeypatch.setattr("storage.reports.figures.asyncio.sleep", rest)
    clock = iter([10.0, 10.0, 10.05, 10.05, 10.05, 15.0, 15.1, 15.1, 15.1])
    figures = StoredFigures(storage.database, lambda: next(clock))
    for _ in range(3):
        await figures.count(of_rows(Rows.OWED), ASKED)
    assert rests == [-10.0, 0.1, 0.2], "nothing before; of 0.05 s 0.1; of 5 s 0.3, of which 0.1 had passed"


def test_a_span_is_cut_to_what_may_be_counted_at_once() -> None:
    year = Span(first=NOON.date() - timedelta(days=700), last=NOON.date())
    assert year.within(Rows.CALLS).days == 92
    assert year.within(Rows.CLOSED).days == 366
    assert Span(first=NOON.date(), last=NOON.date()).within(Rows.CALLS).days == 1
    assert DAY
