"""Campaigns in the database: whom they call, in which order, how fast, and until when."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from hotline.dialling.campaign_states import CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign, NewCampaign, PersonState
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import REACHED, Job, later
from hotline.errors import ForbiddenTransition, NotFound
from storage.store import Storage, open_storage
from tests.fakes.databases import fresh_storage
from tests.fakes.jobs import carried_out, dialled
from tests.storage.conftest import NOON, FixedClock

LATER = NOON + timedelta(minutes=1)
PAUSES = {Result.BUSY: (timedelta(minutes=1),)}


def numbers(count: int, start: int = 0) -> list[tuple[str, str]]:
    return [(f"+38067111{at:04}", f"26-{at}") for at in range(start, start + count)]


async def running(
    storage: Storage,
    count: int,
    *,
    kind: Kind = Kind.SURVEY,
    most: int = 0,
    per_minute: int = 0,
    start: int = 0,
) -> Campaign:
    new = NewCampaign(
        name="Опитування", kind=kind, says="Доброго дня.", most=most, per_minute=per_minute, pauses=PAUSES
    )
    made = await storage.campaigns.add(new, numbers(count, start), NOON)
    return await storage.campaigns.move(made.id, CampaignAct.START, NOON)


async def claim(storage: Storage, most: int = 99, at: datetime = NOON) -> list[Job]:
    return list(await storage.call_jobs.claim(at, most))


async def ended(storage: Storage, job: Job, result: Result, at: datetime = NOON) -> None:
    await carried_out(storage, job, result, at, pauses=PAUSES)


async def put_off(storage: Storage, job: Job, at: datetime = NOON) -> None:
    await storage.call_jobs.follow(job.call_id, later(LATER), at)


async def test_a_campaign_is_kept_with_its_people_each_number_once(storage: Storage) -> None:
    new = NewCampaign(
        name="Вода", kind=Kind.INFORMING, says="Води не буде.", most=3, per_minute=20, pauses=PAUSES
    )
    made = await storage.campaigns.add(new, [*numbers(3), *numbers(1)], NOON)
    assert await storage.campaigns.find(made.id) == made
    assert made.state is CampaignState.DRAFT
    assert (made.name, made.says, made.most, made.per_minute) == ("Вода", "Води не буде.", 3, 20)
    assert made.pauses == PAUSES
    assert (await storage.campaigns.progress(made.id)).states == {PersonState.DUE: 3}
    assert await storage.campaigns.find(made.id + 1) is None
    assert await claim(storage) == [], "a draft calls nobody"


async def test_people_are_claimed_once_in_their_order_and_the_pressing_kind_first(storage: Storage) -> None:
    survey = await running(storage, 2)
    news = await running(storage, 2, kind=Kind.OUTAGE, start=50)
    claimed = await claim(storage, 3)
    assert [one.campaign_id for one in claimed] == [news.id, news.id, survey.id]
    assert [one.about for one in claimed] == ["26-50", "26-51", "26-0"]
    assert {one.attempt for one in claimed} == {1}
    assert [one.about for one in await claim(storage)] == ["26-1"]
    assert await claim(storage) == []


async def test_many_workers_claim_each_person_once(storage: Storage, url: str) -> None:
    await running(storage, 20)
    async with open_storage(url) as elsewhere:
        both = (storage, elsewhere)
        claims = await asyncio.gather(*(claim(both[at % 2], 5) for at in range(8)))
    taken = [one.id for claimed in claims for one in claimed]
    assert len(taken) == len(set(taken)) == 20


async def test_a_campaign_keeps_to_its_own_number_of_calls_and_its_own_pace(storage: Storage) -> None:
    await running(storage, 9, most=2)
    first, second = await claim(storage)
    assert await claim(storage) == []
    await ended(storage, first, Result.SETTLED)
    assert len(await claim(storage)) == 1
    await running(storage, 9, kind=Kind.OUTAGE, per_minute=3, start=50)
    paced = [one for one in await claim(storage) if one.kind is Kind.OUTAGE]
    assert len(paced) == 3
    for one in paced:
        await dialled(storage, one, NOON)
    assert await claim(storage, at=NOON + timedelta(seconds=59)) == []
    assert len(await claim(storage, at=NOON + timedelta(seconds=61))) == 3
    assert second.id


async def test_paused_nobody_is_called_and_resumed_it_goes_on(storage: Storage) -> None:
    campaign = await running(storage, 2)
    (first,) = await claim(storage, 1)
    await storage.campaigns.move(campaign.id, CampaignAct.PAUSE, LATER)
    assert await claim(storage) == []
    await ended(storage, first, Result.SETTLED)
    await storage.campaigns.move(campaign.id, CampaignAct.START, LATER)
    assert len(await claim(storage)) == 1


async def test_stopped_it_calls_nobody_any_more(storage: Storage) -> None:
    campaign = await running(storage, 2)
    await storage.campaigns.move(campaign.id, CampaignAct.STOP, LATER)
    assert await claim(storage) == []
    with pytest.raises(ForbiddenTransition):
        await storage.campaigns.move(campaign.id, CampaignAct.START, LATER)
    with pytest.raises(NotFound):
        await storage.campaigns.move(campaign.id + 1, CampaignAct.START, LATER)


async def test_it_is_done_when_nobody_is_left_and_not_before(storage: Storage) -> None:
    campaign = await running(storage, 2)
    first, second = await claim(storage)

    async def state() -> CampaignState:
        await claim(storage)
        found = await storage.campaigns.find(campaign.id)
        assert found is not None
        return found.state

    await ended(storage, first, Result.SETTLED)
    assert await state() is CampaignState.RUNNING
    await ended(storage, second, Result.BUSY)
    assert await state() is CampaignState.RUNNING, "they are to be called once more"
    (again,) = await claim(storage, at=LATER)
    assert (again.id, again.attempt) == (second.id, 2)
    await ended(storage, again, Result.BUSY)
    assert await state() is CampaignState.DONE
    progress = await storage.campaigns.progress(campaign.id)
    assert progress.states == {PersonState.REACHED: 1, PersonState.GIVEN_UP: 1}
    assert progress.results == {Result.SETTLED: 1, Result.BUSY: 1}
    assert (progress.people, progress.over) == (2, 2)


async def test_what_was_put_off_or_left_behind_is_due_again_and_was_no_attempt(storage: Storage) -> None:
    await running(storage, 2)
    off, left = await claim(storage)
    await put_off(storage, off)
    assert await claim(storage) == []
    (again,) = await claim(storage, at=LATER)
    assert (again.id, again.attempt) == (off.id, 1)
    await storage.call_jobs.renew([again.call_id], LATER)
    assert await storage.call_jobs.give_back(LATER, LATER) == 1
    (again,) = await claim(storage, at=LATER)
    assert (again.id, again.attempt) == (left.id, 1)
    assert await storage.call_jobs.give_back(LATER, LATER) == 0


@pytest.mark.parametrize("result", [None, Result.UNWANTED])
async def test_whom_it_did_not_call_after_all_does_not_count_as_called(
    storage: Storage, result: Result | None
) -> None:
    campaign = await running(storage, 3, per_minute=1)
    (first,) = await claim(storage)
    assert await claim(storage) == []
    if result is None:
        await put_off(storage, first)
    else:
        await ended(storage, first, result)
    (second,) = await claim(storage)
    await ended(storage, second, Result.BUSY)
    assert [one.about for one in await storage.campaigns.people(campaign.id, 9)] == ["26-1", "26-0", "26-2"]


async def test_whom_it_called_before_still_counts_as_called_when_the_next_call_is_put_off(
    storage: Storage,
) -> None:
    campaign = await running(storage, 2)
    first, second = await claim(storage)
    await put_off(storage, first)
    await ended(storage, second, Result.BUSY)
    for again in await claim(storage, at=LATER):
        await put_off(storage, again, LATER)
    assert [one.id for one in await storage.campaigns.people(campaign.id, 9)] == [second.id, first.id]


async def test_a_campaign_that_calls_nobody_now_keeps_no_writer_waiting(storage: Storage) -> None:
    commits: list[object] = []
    event.listen(storage.database._writer.sync_engine, "commit", commits.append)
    await running(storage, 3, most=1)
    await running(storage, 3, per_minute=1, start=50)
    await running(storage, 1, start=90)
    full, paced, off = await claim(storage, at=NOON)
    await put_off(storage, off)
    commits.clear()
    assert await claim(storage) == []
    assert commits == []
    assert [one.id for one in await claim(storage, at=LATER) if one.id == off.id] == [off.id]
    assert len(commits) == 1
    assert full.campaign_id != paced.campaign_id


async def test_that_nobody_is_left_is_found_by_an_index() -> None:
    explain = (
        "EXPLAIN QUERY PLAN SELECT id FROM call_jobs WHERE campaign_id = 1"
        " AND state IN ('due', 'claimed', 'admitted', 'dialled', 'over') ORDER BY state LIMIT 1"
    )
    async with fresh_storage(FixedClock()) as opened, opened.database.reading() as connection:
        plan = await connection.exec_driver_sql(explain)
        assert "ix_call_jobs_campaign_unended (campaign_id=?" in str(plan.all())


async def test_what_a_key_said_is_not_unsaid_by_how_the_call_ended(storage: Storage) -> None:
    campaign = await running(storage, 1)
    (person,) = await claim(storage)
    await dialled(storage, person, NOON)
    await storage.call_jobs.settle(person.call_id)
    (kept,) = await storage.campaigns.people(campaign.id, 9)
    assert (kept.state, kept.result) == (PersonState.CLAIMED, Result.SETTLED)
    over = await storage.call_jobs.end(person.call_id, Result.INTERRUPTED, LATER)
    assert over is not None
    assert over.result is Result.SETTLED
    await storage.call_jobs.follow(person.call_id, REACHED, LATER)
    (kept,) = await storage.campaigns.people(campaign.id, 9)
    assert (kept.state, kept.result, kept.call_id) == (
        PersonState.REACHED,
        Result.SETTLED,
        person.call_id,
    )


async def test_a_late_word_of_one_attempt_ends_no_later_one(storage: Storage) -> None:
    campaign = await running(storage, 1)
    (person,) = await claim(storage)
    await ended(storage, person, Result.BUSY)
    (again,) = await claim(storage, at=LATER)
    assert await storage.call_jobs.end(person.call_id, Result.REFUSED, LATER) is None
    await put_off(storage, person, LATER)
    (kept,) = await storage.campaigns.people(campaign.id, 9)
    assert (kept.state, kept.attempt, kept.result) == (PersonState.CLAIMED, 2, Result.BUSY)
    await ended(storage, again, Result.SETTLED, LATER)
    (kept,) = await storage.campaigns.people(campaign.id, 9)
    assert (kept.state, kept.result) == (PersonState.REACHED, Result.SETTLED)


async def test_people_are_found_by_what_came_of_it_the_latest_first(storage: Storage) -> None:
    campaign = await running(storage, 3)
    first, second = await claim(storage, 2)
    await ended(storage, first, Result.REFUSED)
    await ended(storage, second, Result.SETTLED)
    everybody = await storage.campaigns.people(campaign.id, 9)
    assert [one.about for one in everybody][-1] == "26-2", "who was never called comes last"
    refused = await storage.campaigns.people(campaign.id, 9, result=Result.REFUSED)
    assert [one.id for one in refused] == [first.id]
    due = await storage.campaigns.people(campaign.id, 9, state=PersonState.DUE)
    assert [one.about for one in due] == ["26-2"]
    assert await storage.campaigns.people(campaign.id + 1, 9) == []


async def test_campaigns_under_way_stand_before_newer_ones_that_are_not(storage: Storage) -> None:
    first = await running(storage, 1)
    second = await running(storage, 1)
    await storage.campaigns.move(second.id, CampaignAct.STOP, LATER)
    assert [one.id for one in await storage.campaigns.latest(9)] == [first.id, second.id]
