"""From a campaign's list to a telephone, on real storage; what a key says is on disk at once."""

import pytest

from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import TRIAL, NewCampaign, Person, PersonState
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from service.informing.calls import CampaignErrands
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import NOON, SetClock
from tests.service.calls.test_duty_calls import QuietVoice

NUMBER = "+380671112233"
WATER = NewCampaign(
    name="Вода", kind=Kind.INFORMING, says="Завтра не буде води.", exempt="наказ 17: вода непридатна"
)


@pytest.fixture
def errands(storage: Storage, clock: SetClock) -> CampaignErrands:
    return CampaignErrands(storage.campaign_calls, storage.do_not_call, voice=QuietVoice(), clock=clock)


async def claimed(storage: Storage, errands: CampaignErrands, about: str = "") -> Errand:
    made = await storage.campaigns.add(WATER, [(NUMBER, about)], NOON)
    await storage.campaigns.move(made.id, CampaignAct.START, NOON)
    (errand,) = await errands.claim(NOON, 5)
    return errand


async def person(storage: Storage) -> Person:
    (campaign,) = await storage.campaigns.latest(1)
    (found,) = await storage.campaigns.people(campaign.id, 1)
    return found


async def test_the_errand_has_the_campaigns_kind_and_the_reason_for_an_exemption(
    storage: Storage, errands: CampaignErrands
) -> None:
    errand = await claimed(storage, errands)
    assert (errand.name.partition("-")[0], errand.number, errand.attempt) == (errands.name, NUMBER, 1)
    assert (errand.kind, errand.exempt) == (WATER.kind, WATER.exempt)


@pytest.mark.parametrize(("keys", "unwanted"), [("1", []), ("9", [NUMBER])])
async def test_a_key_settles_it_whatever_becomes_of_the_call(
    storage: Storage, errands: CampaignErrands, keys: str, unwanted: list[str]
) -> None:
    errand = await claimed(storage, errands)
    call, attempt = FakeCall(keys, outgoing=True), Attempt(errand, "out-1")
    await errands.attend(call, attempt)
    assert attempt.settled
    await errands.ended(errand, Result.INTERRUPTED, NOON)
    assert (await person(storage)).state is PersonState.REACHED
    assert [one.number for one in await storage.do_not_call.latest(9)] == unwanted


async def test_nine_in_a_trial_counts_for_nothing(storage: Storage, errands: CampaignErrands) -> None:
    errand = await claimed(storage, errands, TRIAL)
    attempt = Attempt(errand, "out-1")
    await errands.attend(FakeCall("9", outgoing=True), attempt)
    assert attempt.settled
    assert await storage.do_not_call.latest(9) == []


async def test_silence_is_tried_again_later(storage: Storage, errands: CampaignErrands) -> None:
    errand = await claimed(storage, errands)
    attempt = Attempt(errand, "out-1")
    await errands.attend(FakeCall("", outgoing=True), attempt)
    assert not attempt.settled
    await errands.ended(errand, Result.UNHEARD, NOON)
    then = await person(storage)
    assert (then.state, then.result, then.call_id) == (PersonState.DUE, Result.UNHEARD, f"out-{errand.call}")
    assert then.due_at > NOON
