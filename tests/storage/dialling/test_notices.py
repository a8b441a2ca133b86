"""Calls that notices owe: made in the transaction of whatever makes them owed, each once."""

from datetime import timedelta

import pytest

from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import NewNotice, Notice
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import GIVEN_UP, REACHED, Follows, Job
from hotline.dialling.notices import DUTY, OUTAGE
from storage.dialling.notices import being_called
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import NUMBER, City, found

LATER = NOON + timedelta(minutes=1)
OVER = NewNotice(
    matter="outage-1-v3",
    to="watcher:7",
    channel=Channel.CALL,
    address=NUMBER,
    about="outage-over",
    facts={"urgency": "urgent", "known": 0},
)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def emergency(city: City) -> Appeal:
    return await city.enter(urgency=Urgency.EMERGENCY)


async def calls_about(city: City, appeal: Appeal) -> list[Notice]:
    return [one for one in await city.storage.outbox.of_appeal(appeal.number) if one.channel is Channel.CALL]


async def ends(storage: Storage, job: Job, result: Result, follows: Follows) -> None:
    await storage.call_jobs.end(job.call_id, result, LATER)
    await storage.call_jobs.follow(job.call_id, follows, LATER)


async def test_an_emergency_owes_a_call_to_whoever_is_on_duty_and_what_is_not_urgent_owes_none(
    city: City,
) -> None:
    await city.enter()
    appeal = await emergency(city)
    (job,) = await city.storage.call_jobs.claim(NOON, 9)
    (notice,) = await calls_about(city, appeal)
    assert (notice.about, notice.to) == ("assign", f"contact:{city.heat.contacts[0].id}")
    assert (job.source, job.subject, job.about, job.kind) == (DUTY, notice.id, appeal.number, Kind.EMERGENCY)
    assert (job.number, job.due_at, job.attempt) == (city.heat.contacts[0].number, notice.due_at, 1)
    assert await city.storage.call_jobs.claim(LATER, 9) == []


async def test_nobody_is_called_to_be_told_that_it_is_accepted_or_confirmed(city: City) -> None:
    appeal = await emergency(city)
    await city.storage.handling.carry_out(
        appeal.number, Accept(by=city.executor, at=LATER), version=appeal.version
    )
    assert [one.about for one in await calls_about(city, appeal)] == ["assign"]
    assert len(await city.storage.call_jobs.claim(LATER, 9)) == 1


async def test_the_same_number_is_not_rung_about_two_things_at_once(city: City) -> None:
    first, second = await emergency(city), await emergency(city)
    (job,) = await city.storage.call_jobs.claim(NOON, 9)
    assert job.about == first.number
    assert await city.storage.call_jobs.claim(LATER, 9) == []
    await ends(city.storage, job, Result.SETTLED, REACHED)
    (then,) = await city.storage.call_jobs.claim(LATER, 9)
    assert then.about == second.number


async def test_calls_are_left_to_whoever_calls_when_others_deliver_the_rest(city: City) -> None:
    await emergency(city)
    claimed = await city.storage.outbox.claim((Channel.EMAIL, Channel.SMS), NOON)
    assert Channel.CALL not in {one.channel for one in claimed}
    assert len(await city.storage.call_jobs.claim(NOON, 9)) == 1


async def test_what_is_owed_because_of_one_matter_owes_one_call(storage: Storage) -> None:
    for _ in range(2):
        await storage.outbox.owe([OVER], NOON)
    (job,) = await storage.call_jobs.claim(NOON, 9)
    assert (job.source, job.about, job.kind, job.number) == (OUTAGE, "", Kind.OUTAGE, NUMBER)
    await ends(storage, job, Result.REFUSED, GIVEN_UP)
    await storage.outbox.owe([OVER], LATER)
    assert await storage.call_jobs.claim(LATER, 9) == []


async def test_a_call_that_a_person_wants_again_is_owed_anew(city: City) -> None:
    appeal, outbox = await emergency(city), city.storage.outbox
    (job,) = await city.storage.call_jobs.claim(NOON, 9)
    (notice,) = await calls_about(city, appeal)
    await outbox.call_over(notice.id, NoticeEvent.NOT_REACHED, LATER, tries=1, fault="unheard")
    await ends(city.storage, job, Result.UNHEARD, GIVEN_UP)
    assert await city.storage.call_jobs.claim(LATER, 9) == []
    await outbox.decide(notice.id, NoticeEvent.SEND_AGAIN, LATER)
    (again,) = await city.storage.call_jobs.claim(LATER, 9)
    assert (again.id, again.subject, again.attempt) == (job.id, notice.id, 1)
    assert again.call_id != job.call_id


async def test_a_late_word_of_a_call_changes_no_notice_that_is_over(city: City) -> None:
    appeal, outbox = await emergency(city), city.storage.outbox
    (notice,) = await calls_about(city, appeal)
    await outbox.call_over(notice.id, NoticeEvent.HAND_OVER, NOON, tries=1)
    await outbox.call_over(notice.id, NoticeEvent.NOT_REACHED, LATER, tries=2, fault="busy")
    (kept,) = await calls_about(city, appeal)
    assert (kept.state, kept.tries, kept.fault) == (NoticeState.SENT, 1, "")


async def test_it_is_known_of_which_notices_somebody_is_called(city: City) -> None:
    appeal = await emergency(city)
    (notice,) = await calls_about(city, appeal)

    async def called() -> frozenset[int]:
        async with city.storage.database.writing() as connection:
            return await being_called(connection, [notice.id, 99])

    assert await called() == frozenset()
    (job,) = await city.storage.call_jobs.claim(NOON, 9)
    assert await called() == {notice.id}
    await city.storage.call_jobs.end(job.call_id, Result.SETTLED, NOON)
    assert await called() == {notice.id}, "what follows is not noted yet"
    await city.storage.call_jobs.follow(job.call_id, REACHED, NOON)
    assert await called() == frozenset()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)  # to SQLite one writes at a time
async def test_while_a_notice_is_taken_back_no_call_about_it_begins(city: City) -> None:
    (notice,) = await calls_about(city, await emergency(city))
    async with city.storage.database.writing() as connection:
        assert await being_called(connection, [notice.id]) == frozenset()
        assert await city.storage.call_jobs.claim(NOON, 9) == []
    assert len(await city.storage.call_jobs.claim(NOON, 9)) == 1
