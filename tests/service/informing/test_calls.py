"""From a campaign's list to a telephone, on real storage; what a key says is on disk at once."""

import pytest

from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import TRIAL, Campaign, NewCampaign, Person, PersonState
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import Attempt
from service.informing.calls import CampaignCalls
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import NOON, SetClock
from tests.fakes.jobs import Worker
from tests.service.calls.test_duty_calls import QuietVoice

NUMBER = "+380671112233"
WATER = NewCampaign(
    name="Вода", kind=Kind.INFORMING, says="Завтра не буде води.", exempt="наказ 17: вода непридатна"
)


@pytest.fixture
def calls(storage: Storage, clock: SetClock) -> CampaignCalls:
    return CampaignCalls(storage.campaigns, storage.do_not_call, voice=QuietVoice(), clock=clock)


@pytest.fixture
def worker(storage: Storage, clock: SetClock, calls: CampaignCalls) -> Worker:
    return Worker(storage, clock, calls)


async def dialled(storage: Storage, worker: Worker, about: str = "") -> Attempt[Campaign]:
    made = await storage.campaigns.add(WATER, [(NUMBER, about)], NOON)
    await storage.campaigns.move(made.id, CampaignAct.START, NOON)
    return await worker.dialled()


async def attended(calls: CampaignCalls, attempt: Attempt[Campaign], keys: str) -> None:
    await calls.attend(FakeCall(keys, outgoing=True, call_id=attempt.call_id), attempt)


async def person(storage: Storage) -> Person:
    (campaign,) = await storage.campaigns.latest(1)
    (found,) = await storage.campaigns.people(campaign.id, 1)
    return found


async def test_the_job_has_the_campaigns_kind_and_the_reason_for_an_exemption(
    storage: Storage, worker: Worker
) -> None:
    attempt = await dialled(storage, worker)
    assert (attempt.job.number, attempt.job.attempt, attempt.job.kind) == (NUMBER, 1, WATER.kind)
    assert (attempt.brief.number, attempt.brief.exempt) == (NUMBER, WATER.exempt)


@pytest.mark.parametrize(("keys", "unwanted"), [("1", []), ("9", [NUMBER])])
async def test_a_key_settles_it_whatever_becomes_of_the_call(
    storage: Storage, calls: CampaignCalls, worker: Worker, keys: str, unwanted: list[str]
) -> None:
    attempt = await dialled(storage, worker)
    survivor = Worker(storage, worker.clock, calls)
    await attended(calls, attempt, keys)
    assert attempt.settled
    await survivor.survives(attempt)
    then = await person(storage)
    assert (then.state, then.result) == (PersonState.REACHED, Result.SETTLED)
    assert [one.number for one in await storage.do_not_call.latest(9)] == unwanted


async def test_nine_in_a_trial_counts_for_nothing(
    storage: Storage, calls: CampaignCalls, worker: Worker
) -> None:
    attempt = await dialled(storage, worker, TRIAL)
    await attended(calls, attempt, "9")
    assert attempt.settled
    assert await storage.do_not_call.latest(9) == []


async def test_silence_is_tried_again_later(storage: Storage, calls: CampaignCalls, worker: Worker) -> None:
    attempt = await dialled(storage, worker)
    await attended(calls, attempt, "")
    assert not attempt.settled
    await worker.over(attempt, Result.UNHEARD)
    then = await person(storage)
    assert (then.state, then.result, then.call_id) == (PersonState.DUE, Result.UNHEARD, attempt.call_id)
    assert then.due_at > NOON
