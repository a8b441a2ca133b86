"""The line's report on both databases, held against calls that are looked at one by one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from hotline.access.permissions import Role
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from hotline.calls.counted import Counted, CountedFilter
from hotline.calls.history import CallFilter
from hotline.city.city_days import city_days
from hotline.line.callbacks import Callback, CallbackResult
from hotline.line.presence_states import Presence
from hotline.line.report import By, LineSum, in_all
from hotline.line.service_level import ANSWERED_WITHIN, SHORT_WAIT, Fate, fate
from storage.store import Storage
from storage.tables import presence_history, talks
from tests.storage.conftest import NOON
from tests.storage.line.counted_calls import DAYS, FIRST, KYIV, LAST, Row, keep_calls
from tests.storage.past_calls import call

MOST = 1000


@pytest.fixture
async def kept(storage: Storage) -> Sequence[Row]:
    return await keep_calls(storage)


def counted_so(row: Row) -> frozenset[Counted]:
    """The figures of this call, by the definitions alone."""
    figures = {Counted.INCOMING}
    outcome = row["outcome"] and Outcome(row["outcome"])
    if row["joined_at"] is None:
        figures.add(Counted.SELF_SERVED if outcome is Outcome.ANSWERED_BY_MACHINE else Counted.NOT_IN_LINE)
        return frozenset(figures)
    what = fate(row["talked_at"], outcome)
    figures.add(Counted(what.value))
    if what is not Fate.WAITING:
        figures.add(Counted.OFFERED)
        waited = (row["talked_at"] or row["ended_at"] or row["joined_at"]) - row["joined_at"]
        if what is Fate.ANSWERED and waited <= ANSWERED_WITHIN:
            figures.add(Counted.IN_TIME)
        if what is Fate.ABANDONED and waited < SHORT_WAIT:
            figures.add(Counted.SHORT)
    return frozenset(figures)


def shown(whole: LineSum) -> Mapping[Counted, int]:
    counts = whole.counts
    return {
        Counted.INCOMING: whole.incoming,
        Counted.SELF_SERVED: whole.self_served,
        Counted.NOT_IN_LINE: whole.calls[Counted.NOT_IN_LINE],
        Counted.OFFERED: counts.offered,
        Counted.ANSWERED: counts.answered,
        Counted.IN_TIME: counts.answered_in_time,
        Counted.ABANDONED: counts.abandoned,
        Counted.SHORT: counts.short_abandoned,
        Counted.ELSEWHERE: counts.elsewhere,
        Counted.WAITING: counts.waiting,
        Counted.OWED: whole.owed,
        Counted.KEPT: whole.kept,
    }


def of_these_days(rows: Sequence[Row]) -> list[Row]:
    return [
        row
        for row in rows
        if row["direction"] == "incoming" and FIRST <= row["arrived_at"].astimezone(KYIV).date() <= LAST
    ]


@pytest.mark.parametrize("by", [*By])
async def test_the_rows_are_those_of_the_definitions_and_add_up(
    storage: Storage, kept: Sequence[Row], by: By
) -> None:
    rows = await storage.line_report.by(by, DAYS)
    whole = in_all(rows.values())
    mine = of_these_days(kept)
    for figure, number in shown(whole).items():
        if figure not in {Counted.OWED, Counted.KEPT}:
            assert number == sum(figure in counted_so(row) for row in mine), figure
    counts = whole.counts
    assert counts.offered == counts.answered + counts.abandoned + counts.elsewhere
    assert (
        whole.incoming
        == whole.self_served + whole.calls[Counted.NOT_IN_LINE] + counts.offered + counts.waiting
    )
    assert 0 < whole.kept < whole.owed
    waits = sorted((row["talked_at"] - row["joined_at"]).total_seconds() for row in mine if row["talked_at"])
    assert counts.mean_wait == pytest.approx(sum(waits) / len(waits))
    assert whole.long_wait == int(waits[-(-len(waits) * 9 // 10) - 1])
    assert whole.talk == 100.0 * counts.answered


async def test_each_figure_of_each_row_finds_just_its_calls(storage: Storage, kept: Sequence[Row]) -> None:
    local = {row["id"]: row["arrived_at"].astimezone(KYIV) for row in kept}
    since, until = DAYS[0].since, DAYS[-1].until
    by_half_hour = await storage.line_report.by(By.HALF_HOUR, DAYS)
    by_dispatcher = await storage.line_report.by(By.DISPATCHER, DAYS)
    by_topic = await storage.line_report.by(By.TOPIC, DAYS)
    by_day = await storage.line_report.by(By.DAY, DAYS)
    assert len(by_day) == 3
    assert set(by_dispatcher) == {0, 1, 2}
    assert set(by_topic) == {"", "k0", "k1", "k2"}
    for figure in Counted:
        wanted = CountedFilter(figure=figure)
        found = await storage.history.find(CallFilter(since=since, until=until, counted=wanted), limit=MOST)
        ids = [one.call.id for one in found]
        assert len(ids) == shown(in_all(by_day.values()))[figure], figure
        for half_hour in (0, 6, 7, 20, 47):
            wanted = CountedFilter(figure=figure, half_hour=half_hour, days=DAYS)
            found = await storage.history.find(
                CallFilter(since=since, until=until, counted=wanted), limit=MOST
            )
            got = {one.call.id for one in found}
            assert got == {one for one in ids if local[one].hour * 2 + local[one].minute // 30 == half_hour}
            assert len(got) == shown(by_half_hour.get(half_hour, LineSum()))[figure]
        for desk in (0, 1, 2):
            wanted = CountedFilter(figure=figure, answered_by=desk)
            found = await storage.history.find(
                CallFilter(since=since, until=until, counted=wanted), limit=MOST
            )
            assert len(found) == shown(by_dispatcher[desk])[figure]
        for topic in ("", "k1"):
            wanted = CountedFilter(figure=figure, topic=topic)
            found = await storage.history.find(
                CallFilter(since=since, until=until, counted=wanted), limit=MOST
            )
            assert len(found) == shown(by_topic[topic])[figure]


async def test_the_journey_tells_when_a_caller_joined_and_a_dispatcher_first_spoke(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    await storage.calls.open(CallRecord(id="c1", number=None, shown="", arrived_at=NOON))

    async def took(number: int, seconds: int, step: Step, **detail: int | str) -> None:
        at = NOON + timedelta(seconds=seconds)
        await storage.calls.note(JourneyStep(call_id="c1", number=number, at=at, step=step, detail=detail))
        await storage.calls.flush()

    await took(1, 30, Step.JOINED_LINE, priority="ordinary")
    await took(2, 50, Step.TALK_STARTED, contact="out-alarm-1")
    await took(3, 60, Step.TALK_STARTED, dispatcher=desk.id)
    await took(4, 90, Step.JOINED_LINE)
    await took(5, 99, Step.TALK_STARTED, dispatcher=desk.id)
    await took(1_000_000, 25, Step.FELL_BACK)  # by Asterisk's own account, which comes later
    found = await storage.calls.find("c1")
    assert found is not None
    assert (found.joined_at, found.talked_at) == (NOON + timedelta(seconds=25), NOON + timedelta(seconds=60))


async def test_after_call_work_belongs_to_the_talk_before_it(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    await storage.dispatchers.set_presence(desk.id, Presence.READY, NOON)
    await call(storage, "c1", None, 0)
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    assert await storage.line.answered("c1", desk.id, NOON)
    for number, step in enumerate((Step.JOINED_LINE, Step.TALK_STARTED)):
        await storage.calls.note(JourneyStep(call_id="c1", number=number, at=NOON, step=step))
    await storage.calls.flush()
    ended = NOON + timedelta(seconds=42)
    await storage.line.talk_ended("c1", desk.id, ended, wrap_up=timedelta(seconds=60))
    await storage.dispatchers.more_time(desk.id, ended + timedelta(seconds=10), timedelta(seconds=60))
    await storage.dispatchers.set_presence(desk.id, Presence.READY, ended + timedelta(seconds=75))
    colleague = await storage.dispatchers.add("202", "Петро", "s", frozenset())
    passed_on = {"call_id": "c1", "dispatcher_id": colleague.id, "started_at": ended}
    async with storage.database.writing() as connection:
        await connection.execute(insert(talks), passed_on | {"ended_at": ended + timedelta(seconds=8)})
    day = city_days(NOON.date(), NOON.date(), KYIV)
    first, second = (await storage.line_report.by(By.DISPATCHER, day)).values()
    assert (first.counts.answered, first.talk, first.after_call, first.handling) == (1, 42.0, 75.0, 117.0)
    assert (second.counts.answered, second.talk, second.handling) == (0, 8.0, None)
    (row,) = (await storage.line_report.by(By.DAY, day)).values()
    assert (row.counts.answered, row.talk, row.after_call) == (1, 50.0, 75.0)


async def test_a_hidden_number_is_kept_only_when_its_own_call_was_settled(storage: Storage) -> None:
    olya = await storage.users.add(login="olya", name="Оля", role=Role.HEAD, password_hash="h")
    await call(storage, "hidden", None, 0, Outcome.MESSAGE_LEFT)
    await call(storage, "other", None, 1, Outcome.MESSAGE_LEFT)
    await storage.callbacks.add(
        Callback(call_id="hidden", user_id=olya.id, at=NOON, result=CallbackResult.SETTLED, note="Порада")
    )
    day = city_days(NOON.date(), NOON.date(), KYIV)
    (row,) = (await storage.line_report.by(By.DAY, day)).values()
    assert (row.owed, row.kept) == (2, 1)


async def test_the_hours_on_shift_are_those_of_who_was_neither_away_nor_paused(storage: Storage) -> None:
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=KYIV).astimezone(UTC)

    ids = [(await storage.dispatchers.add(f"20{one}", "Оля", "s", frozenset())).id for one in range(3)]
    history = [
        (ids[0], "ready", at(8) - timedelta(days=1)),  # on shift since the day before
        (ids[0], "away", at(0, 45)),
        (ids[1], "ready", at(9)),
        (ids[1], "offered", at(9, 5)),
        (ids[1], "talking", at(9, 6)),
        (ids[1], "paused", at(9, 15)),
        (ids[1], "ready", at(9, 30)),
        (ids[1], "away", at(10, 15)),
    ]
    rows = [
        {"dispatcher_id": who, "presence": presence, "reason": "", "at": when}
        for who, presence, when in history
    ]
    async with storage.database.writing() as connection:
        await connection.execute(insert(presence_history), rows)
    day = date(2026, 3, 2)
    hours = await storage.line_report.on_shift(city_days(day, day, KYIV))
    assert hours == pytest.approx({0: 0.5, 1: 0.25, 18: 0.25, 19: 0.5, 20: 0.25})
