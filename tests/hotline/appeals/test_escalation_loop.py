"""The escalation's rounds on real storage: what is due is done, once, and nothing else."""

import logging
from collections import Counter
from datetime import timedelta

import pytest

from hotline.appeals import escalation_loop
from hotline.appeals.escalation_loop import LATE_AFTER, Escalations
from hotline.city.classifier import Urgency
from hotline.errors import NotFound
from storage.appeals.handling import StoredHandling
from storage.store import SLAVUTYCH, Storage
from tests.fakes.clock import SetClock
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

CLOCK_MINUTES = 15


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


@pytest.fixture
def escalations(storage: Storage, clock: SetClock) -> Escalations:
    return Escalations(storage.watch, storage.handling, clock, SLAVUTYCH)


async def steps(city: City, number: str) -> list[str]:
    history = await city.storage.handling.history(number, hidden=True)
    return [one.facts["kind"] for one in history if one.act == "escalate"]


def pass_minutes(clock: SetClock, minutes: float) -> None:
    clock.pass_by(minutes * 60)


async def test_silence_on_an_emergency_goes_from_contact_to_contact_to_the_head(
    city: City, escalations: Escalations, clock: SetClock
) -> None:
    appeal = await city.enter(urgency=Urgency.EMERGENCY)
    seen = []
    for _ in range(4):
        await escalations.emergencies()
        seen.append(await steps(city, appeal.number))
        pass_minutes(clock, CLOCK_MINUTES)
    assert seen[0] == []
    assert seen[1] == ["unacknowledged"]
    assert seen[2] == ["unacknowledged"] * 2
    assert seen[3] == [*["unacknowledged"] * 2, "nobody-acknowledges"]
    (told, *_) = await city.storage.outbox.on_page("head")
    assert told.about == "nobody-acknowledges"


async def test_after_hours_of_sleep_all_that_became_due_is_done_once_and_in_its_order(
    city: City, escalations: Escalations, clock: SetClock
) -> None:
    appeal = await city.enter(urgency=Urgency.EMERGENCY, due_at=NOON + timedelta(hours=4))
    clock.pass_by(timedelta(hours=30).total_seconds())
    for _ in range(3):
        await escalations.emergencies()
        await escalations.terms()
    assert await steps(city, appeal.number) == [
        *["unacknowledged"] * 2,
        "nobody-acknowledges",
        "overdue",
    ]
    clock.pass_by(timedelta(days=31).total_seconds())
    await escalations.terms()
    assert (await steps(city, appeal.number))[-1] == "breach"


async def test_of_missed_reminders_only_the_last_is_sent(
    city: City, escalations: Escalations, clock: SetClock
) -> None:
    appeal = await city.enter(due_at=NOON + timedelta(days=15))
    clock.pass_by(timedelta(days=14, hours=12).total_seconds())
    await escalations.terms()
    await escalations.terms()
    assert await steps(city, appeal.number) == ["reminder"]


async def test_an_appeal_on_which_a_step_fails_does_not_keep_the_others_waiting(
    city: City,
    storage: Storage,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = await city.enter(urgency=Urgency.EMERGENCY)
    second = await city.enter(urgency=Urgency.EMERGENCY)
    carry_out = storage.handling.carry_out

    async def fails_on_the_first(_self: object, number: str, *given: object, **named: object) -> object:
        if number == first.number:
            raise RuntimeError("a defect")
        return await carry_out(number, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(StoredHandling, "carry_out", fails_on_the_first)
    pass_minutes(clock, CLOCK_MINUTES)
    with caplog.at_level(logging.ERROR):
        await Escalations(storage.watch, storage.handling, clock, SLAVUTYCH).emergencies()
    assert await steps(city, second.number) == ["unacknowledged"]
    assert first.number in caplog.text
    monkeypatch.undo()
    await Escalations(storage.watch, storage.handling, clock, SLAVUTYCH).emergencies()
    assert await steps(city, first.number) == ["unacknowledged"]


async def test_what_is_gone_in_this_very_moment_is_passed_over(
    city: City, storage: Storage, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await city.enter(urgency=Urgency.EMERGENCY)
    pass_minutes(clock, CLOCK_MINUTES)

    async def gone(_self: object, number: str, *_given: object, **_named: object) -> object:
        raise NotFound(number)

    monkeypatch.setattr(StoredHandling, "carry_out", gone)
    await Escalations(storage.watch, storage.handling, clock, SLAVUTYCH).emergencies()


async def test_it_is_told_when_emergencies_were_not_looked_at_for_long(
    escalations: Escalations, clock: SetClock
) -> None:
    assert escalations.keeps_pace()
    clock.pass_by(LATE_AFTER.total_seconds())
    assert not escalations.keeps_pace()
    await escalations.emergencies()
    assert escalations.keeps_pace()


async def test_more_than_one_reading_finds_all_of_them(
    city: City, escalations: Escalations, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalation_loop, "AT_ONCE", 10)
    numbers = [(await city.enter(urgency=Urgency.EMERGENCY)).number for _ in range(15)]
    pass_minutes(clock, CLOCK_MINUTES)
    await escalations.emergencies()
    assert Counter([len(await steps(city, number)) for number in numbers]) == {1: 15}
