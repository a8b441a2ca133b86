"""The sums of closed days say what reading all calls says, whatever has changed since they were made."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, insert, select, update

from hotline.access.permissions import Role
from hotline.calls.call import Outcome
from hotline.city.city_days import DaysPiece, city_days
from hotline.line.callbacks import EVER, Callback, CallbackResult
from hotline.line.closed_days import parts_of
from hotline.line.report import By, Key, LineSum, in_all
from hotline.reports.figures import Asked, Span
from hotline.reports.measures import MEASURES, Amounts, Dimension, Rows
from storage.line import closed_days
from storage.store import Storage
from storage.tables import (
    appeals,
    callbacks,
    calls,
    line_day_changes,
    line_days,
    presence_history,
    talks,
    unsettled_calls,
)
from tests.effort import effort
from tests.storage.line.counted_calls import FIRST, KYIV, LAST, keep_calls
from tests.storage.plans import plan

LATER = datetime(2026, 4, 3, 12, tzinfo=UTC)
AUTUMN = date(2026, 10, 25)
"""The clocks are put back, at four in the night."""
DAYS = city_days(FIRST - timedelta(days=1), LAST + timedelta(days=1), KYIV)
CLOSED = [part for day in range(-1, 2) for part in parts_of(FIRST + timedelta(days=day), KYIV)]
"""All but the last two days of them: these are read."""
ASKED = Asked(span=Span(first=FIRST - timedelta(days=1), last=LAST + timedelta(days=1)), now=LATER, zone=KYIV)
TIMES = ("answer_wait", "abandon_wait", "talk", "after_call")
"""Added up in another order they differ in the last digit."""
OF_CALLS = [one for one in MEASURES.values() if one.rows is Rows.CALLS]
CHOICES: Sequence[tuple[Dimension | None, Mapping[Dimension, str]]] = [
    (None, {}),
    *((by, {}) for by in (Dimension.DAY, Dimension.WEEK, Dimension.MONTH, Dimension.WEEKDAY)),
    *((by, {}) for by in (Dimension.HOUR, Dimension.DISPATCHER, Dimension.TOPIC, Dimension.OUTCOME)),
    (None, {Dimension.TOPIC: "k1"}),
    (Dimension.DAY, {Dimension.DISPATCHER: "2"}),
    (Dimension.WEEKDAY, {Dimension.OUTCOME: "abandoned-in-line"}),
    (Dimension.TOPIC, {Dimension.TOPIC: ""}),
    (Dimension.HOUR, {Dimension.TOPIC: "k1"}),
    (Dimension.OUTCOME, {Dimension.DISPATCHER: "0"}),
][:: effort(day=3, night=1)]


@pytest.fixture
async def year(storage: Storage) -> Random:
    """Calls of three days and around them, their talks, after-call work, appeals, and some call-backs."""
    rows = await keep_calls(storage)
    chance = Random(7)  # noqa: S311 - the same in each run
    olya = await storage.users.add(login="olya", name="Оля", role=Role.HEAD, password_hash="h")
    presence = []
    for at, row in enumerate([one for one in rows if one["talked_at"]]):
        ended = row["talked_at"] + timedelta(seconds=100)
        one = {"dispatcher_id": 1 + at % 2, "reason": ""}
        presence += [
            one | {"presence": "after-call", "at": ended},
            one | {"presence": "ready", "at": ended + timedelta(seconds=chance.uniform(1, 90))},
        ]
    async with storage.database.writing() as connection:
        await connection.execute(insert(presence_history), presence)
        await connection.execute(
            update(calls).where(calls.c.ended_at.is_(None)).values(ended_at=calls.c.arrived_at)
        )
        await connection.execute(update(calls).where(calls.c.id.like("%7")).values(number=None))
    for row in chance.sample(rows, 60):
        some = [CallbackResult.SETTLED, *([] if row["id"].endswith("7") else [CallbackResult.NO_ANSWER])]
        settled = chance.choice(some)
        await storage.callbacks.add(
            Callback(call_id=row["id"], user_id=olya.id, at=LATER, result=settled, note="Так")
        )
    return chance


async def reports(storage: Storage) -> Mapping[By, Mapping[Key, LineSum]]:
    return {by: await storage.line_report.by(by, DAYS) for by in By}


async def figures(storage: Storage) -> Sequence[Mapping[Key, Amounts]]:
    return [
        await storage.figures.count(OF_CALLS, replace(ASKED, by=by, where=where)) for by, where in CHOICES
    ]


async def said(storage: Storage) -> Any:
    """All that is counted of these days."""
    found = await reports(storage)
    lines = {
        (by, key): {one.name: getattr(row, one.name) for one in fields(row)}
        for by, rows in found.items()
        for key, row in rows.items()
    }
    times = {key: [row.pop(name) for name in TIMES] for key, row in lines.items()}
    return lines, await figures(storage), times


async def make(storage: Storage) -> None:
    for day in await storage.closed_days.missing(CLOSED):
        assert await storage.closed_days.make(day)


async def days_kept(storage: Storage) -> int:
    changed = select(line_day_changes.c.maker)
    made = select(func.count()).where(line_days.c.half_hours.is_not(None), line_days.c.maker.not_in(changed))
    async with storage.database.reading() as connection:
        return int((await connection.execute(made)).scalar_one())


async def forget(storage: Storage) -> None:
    async with storage.database.writing() as connection:
        await connection.execute(delete(line_days))


def assert_alike(one: Any, other: Any) -> None:
    assert one[0] == other[0]
    for choice, mine, theirs in zip(CHOICES, one[1], other[1], strict=True):
        assert mine.keys() == theirs.keys(), choice
        for key in mine:
            assert mine[key] == theirs[key], (choice, key)
    assert one[2].keys() == other[2].keys()
    for key, times in one[2].items():
        assert times == pytest.approx(other[2][key]), key


@pytest.mark.usefixtures("year")
async def test_the_sums_say_what_the_calls_say(storage: Storage) -> None:
    read = await said(storage)
    assert in_all((await storage.line_report.by(By.DAY, DAYS)).values()).after_call > 0
    await make(storage)
    assert await days_kept(storage) == len(CLOSED) == 4  # the day that is an hour short has two parts
    assert await storage.closed_days.missing(CLOSED) == []
    assert_alike(await said(storage), read)
    assert await storage.unsettled_calls.settle(EVER, LATER) > 0
    assert_alike(await said(storage), read)
    await forget(storage)
    assert_alike(await said(storage), read)


@pytest.mark.usefixtures("year")
async def test_the_sums_are_what_is_read(storage: Storage) -> None:
    """Else the others here would compare the calls with themselves."""
    await make(storage)
    async with storage.database.writing() as connection:
        nothing = dict.fromkeys(("half_hours", "dispatchers", "topics", "outcomes"), "{}")
        await connection.execute(update(line_days).values(nothing))
        await connection.execute(delete(unsettled_calls))
    found = await reports(storage)
    alone = [DaysPiece(since=CLOSED[-1].until, until=DAYS[-1].until, offset=DAYS[-1].offset)]
    for by in By:
        assert found[by] == await storage.line_report.by(by, alone), by
    asked = replace(ASKED, span=Span(first=FIRST - timedelta(days=1), last=FIRST + timedelta(days=1)))
    for by, where in CHOICES[:-2]:
        assert await storage.figures.count(OF_CALLS, replace(asked, by=by, where=where)) == {}, by


Change = Callable[[Any, Random], Awaitable[Any]]


def _of_calls(**values: Any) -> Change:
    async def change(connection: Any, chance: Random) -> None:
        one = calls.c.id.in_([f"c{chance.randrange(400)}" for _ in range(40)])
        await connection.execute(update(calls).where(one).values(values))

    return change


async def _a_late_call(connection: Any, chance: Random) -> None:
    at = CLOSED[0].since + timedelta(seconds=chance.uniform(0, 80 * 3600))
    row = {"id": "late", "number": None, "shown": "", "language": "uk", "arrived_at": at, "ended_at": at}
    await connection.execute(insert(calls), row | {"outcome": "lost", "recording_refused": False})


async def _late_talks(connection: Any, chance: Random) -> None:
    of = select(calls.c.id, calls.c.talked_at).where(calls.c.talked_at.is_not(None)).order_by(calls.c.id)
    rows = [
        {
            "call_id": one.id,
            "dispatcher_id": 2,
            "started_at": one.talked_at - timedelta(seconds=chance.random()),
        }
        | {"ended_at": one.talked_at}
        for one in (await connection.execute(of.limit(20))).all()
    ]
    await connection.execute(insert(talks), rows)


async def _other_topics(connection: Any, chance: Random) -> None:
    await connection.execute(update(appeals).where(appeals.c.category == "k1").values(category="k9"))
    assert chance


async def _an_appeal_ends_its_term(connection: Any, chance: Random) -> None:
    await connection.execute(update(appeals).where(appeals.c.category == "k2").values(call_id=None))
    assert chance


async def _a_late_appeal(connection: Any, chance: Random) -> None:
    of = select(calls.c.id).where(calls.c.talked_at.is_(None)).order_by(calls.c.id).limit(20)
    found = (await connection.execute(of)).scalars().all()
    row = {"number": "2699999", "state": "registered", "registered_at": LATER, "due_on": date(2026, 5, 1)}
    await connection.execute(insert(appeals), row | {"text": "", "call_id": found[7], "category": "k5"})
    assert chance


async def _presence_ends_its_term(connection: Any, chance: Random) -> None:
    await connection.execute(delete(presence_history).where(presence_history.c.at < CLOSED[1].since))
    assert chance


async def _a_dispatcher_of_a_talk(connection: Any, chance: Random) -> None:
    await connection.execute(update(talks).where(talks.c.id % 5 == 0).values(dispatcher_id=1))
    assert chance


async def _called_back(connection: Any, chance: Random) -> None:
    row = {"number": "+380457900011", "covers_until": LATER, "call_id": "c11", "user_id": 1, "at": LATER}
    await connection.execute(insert(callbacks), row | {"result": "reached", "note": ""})
    assert chance


CHANGES: Mapping[str, Change] = {
    "outcomes": _of_calls(outcome="lost"),
    "moments": _of_calls(joined_at=None, talked_at=None),
    "numbers end their term": _of_calls(number=None),
    "a late call": _a_late_call,
    "late talks": _late_talks,
    "another dispatcher": _a_dispatcher_of_a_talk,
    "topics": _other_topics,
    "an appeal ends its term": _an_appeal_ends_its_term,
    "a late appeal": _a_late_appeal,
    "presence ends its term": _presence_ends_its_term,
    "called back": _called_back,
}


async def test_whatever_is_changed_afterwards_the_sums_say_what_the_calls_say(
    storage: Storage, year: Random
) -> None:
    before = await said(storage)
    for name, change in CHANGES.items():
        await make(storage)
        async with storage.database.writing() as connection:
            await change(connection, year)
        by_sums = await said(storage)
        await forget(storage)
        read = await said(storage)
        assert_alike(by_sums, read)
        assert before[:2] != read[:2] or before[2] != read[2], f"{name} changed nothing"
        before = read


@pytest.mark.usefixtures("year")
async def test_a_number_that_ends_its_term_costs_no_day_its_sums(storage: Storage) -> None:
    await make(storage)
    async with storage.database.writing() as connection:
        await connection.execute(update(calls).values(number=None, shown=""))
    assert await days_kept(storage) == len(CLOSED)


@pytest.mark.usefixtures("year")
async def test_what_was_settled_stays_settled_when_numbers_and_call_backs_end_their_term(
    storage: Storage,
) -> None:
    before = in_all((await storage.line_report.by(By.DAY, DAYS)).values())
    await storage.unsettled_calls.settle(EVER, LATER)
    async with storage.database.writing() as connection:
        await connection.execute(delete(callbacks))
        await connection.execute(update(calls).values(number=None, shown=""))
    after = in_all((await storage.line_report.by(By.DAY, DAYS)).values())
    assert (after.owed, after.kept) == (before.owed, before.kept)
    assert 0 < before.kept < before.owed


async def test_a_change_while_a_day_is_being_made_leaves_it_unmade(
    storage: Storage, year: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    adding = closed_days._add_up

    async def changed_meanwhile(*given: Any) -> str:
        written = await adding(*given)
        async with storage.database.writing() as connection:
            await _of_calls(outcome="lost")(connection, year)
        return written

    monkeypatch.setattr(closed_days, "_add_up", changed_meanwhile)
    assert not await storage.closed_days.make(CLOSED[1])
    assert await days_kept(storage) == 0
    monkeypatch.undo()
    assert await storage.closed_days.make(CLOSED[1])


async def test_a_slower_maker_does_not_fill_in_what_has_changed_since_it_read(
    storage: Storage, year: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    adding, read, other = closed_days._add_up, asyncio.Event(), asyncio.Event()

    async def goes_on_later(*given: Any) -> str:
        written = await adding(*given)
        read.set()
        await other.wait()
        return written

    monkeypatch.setattr(closed_days, "_add_up", goes_on_later)
    slower = asyncio.create_task(storage.closed_days.make(CLOSED[1]))
    await read.wait()
    async with storage.database.writing() as connection:
        await _of_calls(outcome="lost")(connection, year)

    async def has_begun(*given: Any) -> str:
        if asyncio.current_task() is not slower:
            other.set()
            await asyncio.wait({slower})
        return await adding(*given)

    monkeypatch.setattr(closed_days, "_add_up", has_begun)
    assert await storage.closed_days.make(CLOSED[1])
    assert not await slower
    by_sums = await said(storage)
    await forget(storage)
    assert_alike(by_sums, await said(storage))


@pytest.mark.usefixtures("year")
async def test_a_change_begun_before_a_day_is_made_is_waited_for(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not storage.database.shared:
        return  # SQLite has one writer
    waits = asyncio.Event()

    async def wait(_seconds: float) -> None:
        waits.set()
        await asyncio.to_thread(lambda: None)

    async with storage.database.writing() as connection:
        await connection.execute(update(calls).where(calls.c.id.like("c1%")).values(outcome="lost"))
        monkeypatch.setattr(closed_days.asyncio, "sleep", wait)
        making = asyncio.create_task(storage.closed_days.make(CLOSED[1]))
        waiting = asyncio.create_task(waits.wait())
        await asyncio.wait({making, waiting}, return_when=asyncio.FIRST_COMPLETED)
        assert not making.done()
    monkeypatch.undo()
    assert await making
    by_sums = await said(storage)
    await forget(storage)
    assert_alike(by_sums, await said(storage))


@pytest.mark.usefixtures("year")
async def test_a_day_is_not_made_while_a_call_of_it_goes_on(storage: Storage) -> None:
    async with storage.database.writing() as connection:
        await connection.execute(update(calls).where(calls.c.id == "c3").values(ended_at=None))
        came = (await connection.execute(select(calls.c.arrived_at).where(calls.c.id == "c3"))).scalar_one()
    for day in CLOSED:
        assert await storage.closed_days.make(day) is not (day.since <= came < day.until)


async def test_a_day_is_not_made_while_somebody_is_at_their_after_call_work(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    at = CLOSED[0].since + timedelta(hours=1)
    row = {"id": "c1", "number": None, "shown": "", "language": "uk", "outcome": "talked", "joined_at": at}
    row |= {"arrived_at": at, "talked_at": at, "ended_at": at, "recording_refused": False}
    one = {"dispatcher_id": desk.id, "reason": ""}
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), row)
        spoke = {"call_id": "c1", "dispatcher_id": desk.id, "started_at": at, "ended_at": at}
        await connection.execute(insert(talks), spoke)
        await connection.execute(insert(presence_history), one | {"presence": "after-call", "at": at})
    assert not await storage.closed_days.make(CLOSED[0])
    async with storage.database.writing() as connection:
        later = at + timedelta(hours=40)
        await connection.execute(insert(presence_history), one | {"presence": "ready", "at": later})
    assert await storage.closed_days.make(CLOSED[0])


async def test_presence_that_is_told_after_midnight_changes_the_day_of_its_talks_call(
    storage: Storage,
) -> None:
    midnight = CLOSED[1].until
    desks = [await storage.dispatchers.add(f"20{at}", "Оля", "s", frozenset()) for at in (1, 2)]
    row = {"number": None, "shown": "", "language": "uk", "outcome": "talked", "recording_refused": False}
    came, talked = (midnight - timedelta(minutes=minutes) for minutes in (10, 9))
    moments = {"arrived_at": came, "joined_at": came, "talked_at": talked}
    ended = [midnight + timedelta(minutes=minutes) for minutes in (-1, 7)]
    told = [
        {"dispatcher_id": desk.id, "reason": "", "presence": presence, "at": midnight + timedelta(minutes=at)}
        for desk, presence, at in (
            (desks[0], "after-call", -1),
            (desks[0], "ready", 10),
            (desks[1], "ready", 20),
            (desks[0], "paused", 2),
            (desks[1], "after-call", 7),
        )
    ]
    async with storage.database.writing() as connection:
        for desk, end in zip(desks, ended, strict=True):
            one = {"id": f"m{desk.id}", "ended_at": end}
            await connection.execute(insert(calls), row | moments | one)
            talk = {"call_id": f"m{desk.id}", "dispatcher_id": desk.id, "started_at": talked, "ended_at": end}
            await connection.execute(insert(talks), talk)
        await connection.execute(insert(presence_history), told[:3])
    late = presence_history.c.at == told[3]["at"]
    after_call = [11 * 60]
    for change in (
        insert(presence_history).values(told[3]),
        delete(presence_history).where(late),
        insert(presence_history).values(told[4]),
    ):
        await make(storage)
        async with storage.database.writing() as connection:
            await connection.execute(change)
        by_sums = await said(storage)
        await forget(storage)
        assert_alike(by_sums, await said(storage))
        after_call.append(in_all((await storage.line_report.by(By.DAY, DAYS)).values()).after_call)
    assert after_call == [11 * 60, 3 * 60, 11 * 60, (11 + 13) * 60]


async def test_a_presence_of_today_costs_no_day_before_its_sums(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    one = {"dispatcher_id": desk.id, "reason": ""}
    at = CLOSED[1].until - timedelta(hours=1)
    async with storage.database.writing() as connection:
        await connection.execute(insert(presence_history), one | {"presence": "after-call", "at": at})
    await make(storage)
    async with storage.database.writing() as connection:
        at += timedelta(hours=10)
        await connection.execute(insert(presence_history), one | {"presence": "ready", "at": at})
    assert await days_kept(storage) == len(CLOSED)


@pytest.mark.usefixtures("year")
async def test_two_who_change_two_days_in_opposite_order_wait_for_nobody(storage: Storage) -> None:
    if not storage.database.shared:
        return  # SQLite has one writer
    await make(storage)
    first, second = (
        [
            update(calls)
            .where(calls.c.arrived_at >= CLOSED[at].since, calls.c.arrived_at < CLOSED[at].until)
            .where(calls.c.id.like(whose))
            .values(joined_at=None, talked_at=None)
            for at in order
        ]
        for order, whose in (((1, -1), "c%1"), ((-1, 1), "c%2"))
    )
    async with storage.database.writing() as one, storage.database.writing() as other:
        assert (await one.execute(first[0])).rowcount
        assert (await other.execute(second[0])).rowcount
        done = await asyncio.gather(one.execute(first[1]), other.execute(second[1]))
        assert all(each.rowcount for each in done)
    assert len(await storage.closed_days.missing(CLOSED)) == 2
    by_sums = await said(storage)
    await forget(storage)
    assert_alike(by_sums, await said(storage))


@pytest.mark.usefixtures("year")
async def test_what_changed_is_forgotten_when_its_days_are_made_anew(storage: Storage) -> None:
    await make(storage)
    async with storage.database.writing() as connection:
        await connection.execute(update(calls).values(outcome="lost"))
    changed = select(func.count()).select_from(line_day_changes)
    async with storage.database.reading() as connection:
        assert await connection.scalar(changed) == len(CLOSED)  # of each day once
    await make(storage)
    async with storage.database.reading() as connection:
        assert await connection.scalar(changed) == 0


@pytest.mark.usefixtures("year")
async def test_days_that_the_program_of_before_made_hold_no_call_up_and_count_for_nothing(
    storage: Storage,
) -> None:
    await make(storage)
    async with storage.database.writing() as connection:
        await connection.execute(update(line_days).values(maker=None))
        await connection.execute(update(calls).values(outcome="lost"))
        await connection.execute(update(presence_history).values(at=presence_history.c.at))
    assert await storage.closed_days.missing(CLOSED) == CLOSED
    await make(storage)
    assert await days_kept(storage) == len(CLOSED)


async def test_what_is_forgotten_is_found_without_reading_the_days(storage: Storage) -> None:
    assert "ix_line_days_maker" in await plan(storage, closed_days.FORGET, {})


@pytest.mark.usefixtures("year")
async def test_days_of_another_time_zone_count_for_nothing_and_are_replaced(storage: Storage) -> None:
    read = await said(storage)
    warsaw = ZoneInfo("Europe/Warsaw")
    for part in parts_of(FIRST, warsaw):
        assert await storage.closed_days.make(part)
    assert_alike(await said(storage), read)
    await make(storage)
    assert await days_kept(storage) == len(CLOSED)
    assert_alike(await said(storage), read)


async def test_the_hour_that_comes_twice_is_counted_in_its_half_hours(storage: Storage) -> None:
    parts = parts_of(AUTUMN, KYIV)
    assert [(one.until - one.since).total_seconds() / 3600 for one in parts] == [4, 21]
    came = [datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1)]
    row = {"number": None, "shown": "", "language": "uk", "outcome": "lost", "recording_refused": False}
    rows = [row | {"id": f"c{at}", "arrived_at": one, "ended_at": one} for at, one in enumerate(came)]
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), rows)
    read = [await storage.line_report.by(by, parts) for by in By]
    assert {key: row.incoming for key, row in read[0].items()} == {
        6: 2
    }  # at 3:15 by the clocks, and once more
    for part in parts:
        assert await storage.closed_days.make(part)
    assert [await storage.line_report.by(by, parts) for by in By] == read
    assert await days_kept(storage) == 2


async def test_open_calls_are_put_there_by_the_database_itself(storage: Storage) -> None:
    at = CLOSED[0].since
    row = {"number": None, "shown": "", "language": "uk", "recording_refused": False, "arrived_at": at}
    async with storage.database.writing() as connection:
        await connection.execute(
            insert(calls),
            [
                row | {"id": "a", "outcome": "lost"},
                row | {"id": "b", "outcome": "talked"},
                row | {"id": "c", "outcome": None},
                row | {"id": "d", "outcome": None},
            ],
        )
        await connection.execute(update(calls).where(calls.c.id == "c").values(outcome="callback-promised"))
        await connection.execute(update(calls).where(calls.c.id == "d").values(outcome="declined"))
        found = (await connection.execute(select(unsettled_calls.c.call_id))).scalars().all()
    assert sorted(found) == ["a", "c"]


async def test_the_outcomes_that_are_owed_a_call_are_those_of_the_trigger(storage: Storage) -> None:
    at = CLOSED[0].since
    row = {"number": None, "shown": "", "language": "uk", "recording_refused": False, "arrived_at": at}
    async with storage.database.writing() as connection:
        made = [row | {"id": one.value, "outcome": one.value} for one in Outcome]
        await connection.execute(insert(calls), made)
        found = set((await connection.execute(select(unsettled_calls.c.call_id))).scalars())
    (whole,) = (await storage.line_report.by(By.DAY, CLOSED[:1])).values()
    assert whole.owed == len(found)
    assert whole.kept == 0
