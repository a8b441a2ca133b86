"""Which errands are carried out now, and what becomes of those that a dead worker left: on real storage."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.city.days_off import days_off
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from hotline.dialling.dialling_rules import DiallingRules
from hotline.people.do_not_call import Unwanted
from storage.store import Storage, open_storage
from telephony.dialling.claims import (
    ENGAGED_FOR,
    GIVEN_BACK_AFTER,
    LEFT_AFTER,
    RENEWED_EVERY,
    ROUNDS,
    STANDS_FOR,
    Claims,
)
from telephony.dialling.sources import Sources
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import empty_database
from tests.fakes.errands import NUMBER, ListedErrands

KYIV = ZoneInfo("Europe/Kyiv")
RULES = DiallingRules(zone=KYIV, days_off=days_off(), budget=2)


def claims(storage: Storage, clock: SetClock, *sources: ListedErrands) -> Claims:
    return Claims(Sources(sources), storage.call_attempts, storage.calls, rules=RULES, clock=clock)


class Forgetful(ListedErrands):
    """Its database is lost whenever something was put off."""

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        await super().put_off(errand, until, at)
        raise ConnectionError


class Slow(ListedErrands):
    """Whoever claims here is stopped for so long that the claim counts as left behind."""

    def __init__(self, name: str, due: int, clock: SetClock) -> None:
        super().__init__(name, due)
        self._clock = clock

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        claimed = await super().claim(at, most)
        self._clock.pass_by(LEFT_AFTER.total_seconds())
        return claimed


async def on_record(
    storage: Storage, attempt: Attempt, *, ended: Outcome | None = None, answered: bool = False
) -> None:
    """The attempt's call as Asterisk's own account leaves it."""
    record = CallRecord(
        id=attempt.call_id,
        number=NUMBER,
        shown=NUMBER,
        arrived_at=NOON,
        answered_at=NOON if answered else None,
        direction=Direction.OUTGOING,
    )
    await storage.calls.open(record)
    if ended is not None:
        await storage.calls.close(attempt.call_id, ended, NOON)
    await storage.calls.flush()


async def left_alone(survivor: Claims, clock: SetClock) -> None:
    """So much time passes that whatever nobody renews counts as left behind."""
    clock.pass_by((LEFT_AFTER + RENEWED_EVERY).total_seconds())
    await survivor.keep()


@pytest.fixture
async def both(tmp_path: Path, clock: SetClock) -> AsyncIterator[tuple[Storage, Storage]]:
    """One database, opened by the worker that dies and by the one that survives."""
    url = await asyncio.to_thread(empty_database, tmp_path)
    async with open_storage(url, clock) as first, open_storage(url, clock) as second:
        yield first, second


async def test_out_of_hours_an_errand_is_put_off_to_the_moment_at_which_they_begin(
    storage: Storage, clock: SetClock
) -> None:
    clock.pass_by(timedelta(hours=10).total_seconds())
    surveys = ListedErrands("survey", 1)
    assert await claims(storage, clock, surveys).take(5) == []
    ((name, until, at),) = surveys.told
    assert (name, at) == ("survey-1", clock.now())
    assert until.astimezone(KYIV).hour in {9, 10}
    exempt = ListedErrands("notice", 1, kind=Kind.EMERGENCY, exempt="an emergency")
    assert len(await claims(storage, clock, exempt).take(5)) == 1


async def test_errands_that_are_put_off_leave_their_room_to_others(storage: Storage, clock: SetClock) -> None:
    clock.pass_by(timedelta(hours=10).total_seconds())
    surveys = ListedErrands("survey", ROUNDS - 1)
    notices = ListedErrands("notice", 1, kind=Kind.EMERGENCY, exempt="an emergency")
    (taken,) = await claims(storage, clock, surveys, notices).take(1)
    assert taken.errand.name == "notice-1"


async def test_it_is_not_looked_for_others_without_an_end(storage: Storage, clock: SetClock) -> None:
    clock.pass_by(timedelta(hours=10).total_seconds())
    surveys = ListedErrands("survey", 1000)
    assert await claims(storage, clock, surveys).take(1) == []
    assert len(surveys.told) == ROUNDS


@pytest.mark.parametrize(
    ("kind", "claimed_in", "waited"),
    [
        (Kind.EMERGENCY, timedelta(0), STANDS_FOR),
        (Kind.SURVEY, timedelta(hours=7, minutes=59, seconds=59), timedelta(seconds=1)),
    ],
)
async def test_what_was_not_placed_while_it_stood_is_judged_anew(
    storage: Storage, clock: SetClock, kind: Kind, claimed_in: timedelta, waited: timedelta
) -> None:
    source = ListedErrands("news", 1, kind=kind)
    clock.pass_by(claimed_in.total_seconds())
    ours = claims(storage, clock, source)
    (taken,) = await ours.take(1)
    assert ours.stands(taken)
    clock.pass_by(waited.total_seconds())
    assert not ours.stands(taken)
    await ours.give_back(taken)
    assert source.told == [("news-1", clock.now(), clock.now())]
    assert not await ours.dialling(taken)
    assert await storage.call_attempts.untold() == []


async def test_a_number_with_which_a_call_is_under_way_is_looked_at_again_in_a_minute(
    storage: Storage, clock: SetClock
) -> None:
    surveys, news = ListedErrands("survey", 1), ListedErrands("news", 1)
    (taken,) = await claims(storage, clock, surveys, news).take(5)
    assert taken.errand.name == "survey-1"
    assert news.told == [("news-1", clock.now() + ENGAGED_FOR, clock.now())]


async def test_an_errand_that_fails_takes_none_of_the_others_with_it(
    storage: Storage, clock: SetClock
) -> None:
    surveys, news = ListedErrands("survey", 1), Forgetful("news", 1)
    ours = claims(storage, clock, surveys, news)
    (taken,) = await ours.take(5)
    assert taken.errand.name == "survey-1"
    assert await ours.dialling(taken)


async def test_who_was_called_as_often_as_anybody_may_be_is_called_the_next_day(
    storage: Storage, clock: SetClock
) -> None:
    surveys = ListedErrands("survey", 3)
    ours = claims(storage, clock, surveys)
    for _ in range(RULES.budget):
        (taken,) = await ours.take(1)
        assert await ours.dialling(taken)
        await ours.ended(taken, Result.NO_ANSWER)
    assert await ours.take(1) == []
    name, until, _ = surveys.told[-1]
    assert name == "survey-3"
    assert until.astimezone(KYIV).date() == clock.now().astimezone(KYIV).date() + timedelta(days=1)


async def test_who_does_not_want_to_be_called_is_not_and_the_source_is_told(
    storage: Storage, clock: SetClock
) -> None:
    await storage.do_not_call.add(Unwanted(number=NUMBER, reason="Просить не турбувати", at=clock.now()))
    surveys = ListedErrands("survey", 1)
    assert await claims(storage, clock, surveys).take(5) == []
    assert surveys.told == [("survey-1", Result.UNWANTED, clock.now())]


@pytest.mark.parametrize(
    ("ended", "answered", "result"),
    [
        (Outcome.TOLD, True, Result.SETTLED),
        (Outcome.TALKED, True, Result.SETTLED),
        (Outcome.CALLBACK_WANTED, True, Result.SETTLED),
        (Outcome.NOT_HEARD_OUT, True, Result.INTERRUPTED),
        (Outcome.GIVEN_UP, False, Result.INTERRUPTED),
        (Outcome.BUSY, False, Result.BUSY),
    ],
)
async def test_what_was_dialled_by_one_who_died_is_told_once_by_what_asterisk_says(
    both: tuple[Storage, Storage],
    clock: SetClock,
    ended: Outcome,
    answered: bool,  # noqa: FBT001 - a fact, not a mode
    result: Result,
) -> None:
    (theirs, ours), surveys = both, ListedErrands("survey", 1)
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    (taken,) = await dead.take(1)
    assert await dead.dialling(taken)
    await on_record(ours, taken, ended=ended, answered=answered)
    await left_alone(survivor, clock)
    assert ("survey-1", result, clock.now()) in surveys.told
    surveys.told.clear()
    await left_alone(survivor, clock)
    assert "survey-1" not in {one[0] for one in surveys.told}


async def test_what_was_claimed_by_one_who_died_and_never_dialled_is_due_again(
    both: tuple[Storage, Storage], clock: SetClock
) -> None:
    (theirs, ours), surveys = both, ListedErrands("survey", 1)
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    (taken,) = await dead.take(1)
    await left_alone(survivor, clock)
    assert ("survey-1", clock.now(), clock.now()) in surveys.told
    assert not await dead.dialling(taken), "it was only asleep, and must not dial any more"


async def test_while_it_is_not_known_what_came_of_it_it_stays_claimed(
    both: tuple[Storage, Storage], clock: SetClock
) -> None:
    (theirs, ours), surveys = both, ListedErrands("survey", 1)
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    (taken,) = await dead.take(1)
    await dead.dialling(taken)
    await on_record(ours, taken, answered=True)
    await left_alone(survivor, clock)
    assert surveys.told == [
        ("renewed", ["survey-1"], clock.now()),
        ("left behind", clock.now() - GIVEN_BACK_AFTER, clock.now()),
    ]
    await on_record(ours, taken, ended=Outcome.NOT_HEARD_OUT)
    await left_alone(survivor, clock)
    assert ("survey-1", Result.INTERRUPTED, clock.now()) in surveys.told


async def test_a_result_that_the_source_could_not_take_down_is_told_again(
    both: tuple[Storage, Storage], clock: SetClock
) -> None:
    (theirs, ours), surveys = both, ListedErrands("survey", 1)
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    (taken,) = await dead.take(1)
    await dead.dialling(taken)
    surveys.broken = True
    with pytest.raises(ConnectionError):
        await dead.ended(taken, Result.SETTLED)
    surveys.broken = False
    dead.over(taken)
    await left_alone(survivor, clock)
    assert ("survey-1", Result.SETTLED, clock.now()) in surveys.told


async def test_one_that_cannot_be_decided_holds_no_other_up(
    both: tuple[Storage, Storage], clock: SetClock
) -> None:
    theirs, ours = both
    broken, surveys = ListedErrands("news", 1, number="+380671112234"), ListedErrands("survey", 1)
    dead, survivor = claims(theirs, clock, broken, surveys), claims(ours, clock, broken, surveys)
    for taken in await dead.take(2):
        assert await dead.dialling(taken)
        await on_record(ours, taken, ended=Outcome.BUSY)
    broken.broken = True
    await left_alone(survivor, clock)
    assert ("survey-1", Result.BUSY, clock.now()) in surveys.told
    broken.broken = False
    await left_alone(survivor, clock)
    assert ("news-1", Result.BUSY, clock.now()) in broken.told


async def test_whoever_says_late_what_came_of_it_changes_nothing(
    both: tuple[Storage, Storage], clock: SetClock
) -> None:
    (theirs, ours), surveys = both, ListedErrands("survey", 1)
    asleep, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    (taken,) = await asleep.take(1)
    assert await asleep.dialling(taken)
    await on_record(ours, taken, ended=Outcome.BUSY)
    await left_alone(survivor, clock)
    surveys.told.clear()
    await asleep.ended(taken, Result.FAILED)
    assert surveys.told == []


async def test_what_was_claimed_by_one_who_fell_asleep_over_it_is_not_called(
    storage: Storage, clock: SetClock
) -> None:
    surveys = Slow("survey", 1, clock)
    assert await claims(storage, clock, surveys).take(1) == []
    assert surveys.told == [], "the source takes it back by itself"
    assert await storage.call_attempts.untold() == []


async def test_whoever_calls_us_while_their_call_is_made_ready_is_not_called(
    storage: Storage, clock: SetClock
) -> None:
    surveys = ListedErrands("survey", 1)
    ours = claims(storage, clock, surveys)
    (taken,) = await ours.take(1)
    assert not await ours.gives_way(taken)
    await storage.calls.open(CallRecord(id="1.1", number=NUMBER, shown=NUMBER, arrived_at=clock.now()))
    await storage.calls.flush()
    assert await ours.gives_way(taken)
    assert surveys.told[-1] == ("survey-1", clock.now() + ENGAGED_FOR, clock.now())
    assert await storage.call_attempts.untold() == []


async def test_no_source_has_the_hotline_call_itself(storage: Storage, clock: SetClock) -> None:
    surveys = ListedErrands("survey", 1, exempt="an emergency")
    rules = replace(RULES, own=frozenset({NUMBER}))
    ours = Claims(Sources([surveys]), storage.call_attempts, storage.calls, rules=rules, clock=clock)
    assert await ours.take(1) == []
    assert surveys.told == [("survey-1", Result.NOT_IN_USE, clock.now())]


async def test_an_attempt_whose_moment_has_come_is_claimed_beside_the_sources_and_counts(
    storage: Storage, clock: SetClock
) -> None:
    await storage.do_not_call.add(Unwanted(number=NUMBER, reason="Просить не турбувати", at=clock.now()))
    surveys = ListedErrands("survey", 1)
    ours = claims(storage, clock, surveys)
    waits = Errand(name="place-hotline-1.2", attempt=1, claimed_at=clock.now(), number=NUMBER, exempt="waits")
    for _ in range(RULES.budget):
        attempt = Attempt(replace(waits, claimed_at=clock.now()), f"out-{clock.now().timestamp()}")
        assert await ours.take_this(attempt)
        assert not await ours.take_this(replace(attempt, call_id="out-another"))
        assert await ours.dialling(attempt)
        await storage.call_attempts.ended(attempt.call_id, Result.NO_ANSWER, clock.now())
        clock.pass_by(1)
    await storage.do_not_call.remove(NUMBER)
    assert await ours.take(1) == []
    assert surveys.told[-1][0] == "survey-1"


async def test_what_is_under_way_is_renewed_and_nobody_takes_it_over(
    both: tuple[Storage, Storage], clock: SetClock
) -> None:
    (theirs, ours), surveys = both, ListedErrands("survey", 1)
    busy, other = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    (taken,) = await busy.take(1)
    for _ in range(10):
        clock.pass_by(RENEWED_EVERY.total_seconds())
        await busy.keep()
        await other.keep()
    assert {one[0] for one in surveys.told} == {"renewed", "left behind"}
    await busy.ended(taken, Result.SETTLED)
    busy.over(taken)
    surveys.told.clear()
    await left_alone(busy, clock)
    assert {one[0] for one in surveys.told} == {"left behind"}
