"""What is told of power replaces what was told of the same days, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.access.permissions import Role
from hotline.power.schedule import DaySchedule, OlderSchedule, Supply, Told
from storage.store import Storage
from tests.storage.conftest import NOON

TODAY, TOMORROW = NOON.date(), NOON.date() + timedelta(days=1)
HOUR = timedelta(hours=1)


def told(*queues: str, made: int = 0, supply: Supply = Supply.ON, days: tuple[date, ...] = (TODAY,)) -> Told:
    made_at = NOON + made * HOUR
    schedules = [
        DaySchedule(queue=queue, day=day, halves=(supply,) * 48, made_at=made_at, heard_at=made_at)
        for day in days
        for queue in queues
    ]
    return Told(schedules=schedules, days=days, made_at=made_at, heard_at=made_at)


async def test_a_later_schedule_replaces_the_day_and_leaves_others(storage: Storage) -> None:
    power = storage.power
    assert await power.take(told("1.1", "10.1", "2.1", days=(TODAY, TOMORROW)), source="file", by=None)
    assert await power.take(told("1.1", made=1, supply=Supply.OFF), source="fetched", by=None)
    known = await power.known()
    assert known.queues == ["1.1", "2.1", "10.1"]
    assert set(known.schedules) == {("1.1", TODAY), *((one, TOMORROW) for one in ("1.1", "10.1", "2.1"))}
    assert known.schedules["1.1", TODAY].halves == (Supply.OFF,) * 48
    assert [(one.source, one.changed) for one in await power.lately_told(5)] == [("fetched", 3), ("file", 6)]


async def test_an_older_one_is_refused_and_changes_nothing(storage: Storage) -> None:
    await storage.power.take(told("1.1", made=2), source="file", by=None)
    with pytest.raises(OlderSchedule):
        await storage.power.take(told("1.1", made=1, supply=Supply.OFF), source="file", by=None)
    assert (await storage.power.known()).schedules["1.1", TODAY].halves == (Supply.ON,) * 48


async def test_the_same_again_is_heard_and_not_noted(storage: Storage) -> None:
    first = told("1.1")
    await storage.power.take(first, source="fetched", by=None)
    again = replace(
        first,
        heard_at=NOON + HOUR,
        schedules=[replace(one, heard_at=NOON + HOUR) for one in first.schedules],
    )
    assert not await storage.power.take(again, source="fetched", by=None)
    assert (await storage.power.known()).schedules["1.1", TODAY].heard_at == NOON + HOUR
    assert len(await storage.power.lately_told(5)) == 1


async def test_the_source_ends_only_the_cuts_that_it_began(storage: Storage) -> None:
    power = storage.power
    user = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    await power.take(replace(told("1.1"), emergency=True), source="fetched", by=None)
    await power.emergency_begins(NOON + HOUR, by=user.id)
    held = (await power.known()).emergency
    assert held is not None
    assert (held.since, held.by) == (NOON, None)
    await power.take(replace(told("1.1"), emergency=False), source="fetched", by=None)
    assert (await power.known()).emergency is None
    await power.emergency_begins(NOON + HOUR, by=user.id)
    await power.take(replace(told("1.1"), emergency=False), source="fetched", by=None)
    assert (await power.known()).emergency is not None
    await power.emergency_ends(NOON + 2 * HOUR, by=user.id)
    assert (await power.known()).emergency is None


async def test_cuts_that_a_person_has_ended_begin_again_only_when_the_source_says_new_ones(
    storage: Storage,
) -> None:
    power = storage.power
    user = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    said, over = replace(told("1.1"), emergency=True), replace(told("1.1"), emergency=False)
    await power.take(said, source="fetched", by=None)
    await power.emergency_ends(NOON + HOUR, by=user.id)
    await power.take(said, source="fetched", by=None)
    assert (await power.known()).emergency is None
    await power.take(over, source="fetched", by=None)
    assert await power.take(said, source="fetched", by=None)
    assert (await power.known()).emergency is not None


async def test_cuts_that_a_person_began_before_the_source_and_ended_stay_ended_as_well(
    storage: Storage,
) -> None:
    power = storage.power
    user = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    said = replace(told("1.1"), emergency=True)
    await power.emergency_begins(NOON, by=user.id)
    await power.emergency_ends(NOON + HOUR, by=user.id)
    await power.take(said, source="fetched", by=None)
    assert (await power.known()).emergency is not None, "the source has said nothing of it before"
    await power.take(replace(said, emergency=False), source="fetched", by=None)
    await power.emergency_begins(NOON + 2 * HOUR, by=user.id)
    await power.take(said, source="fetched", by=None)
    await power.emergency_ends(NOON + 3 * HOUR, by=user.id)
    await power.take(said, source="fetched", by=None)
    assert (await power.known()).emergency is None
