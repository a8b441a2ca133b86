"""kill -9 between any two steps of one automatic call: nobody is called twice for it, nobody is forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import Campaign, NewCampaign, Person, PersonState
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import Attempt
from service.informing.calls import CampaignCalls
from storage.store import Storage
from telephony.dialling.claims import LEFT_AFTER, RENEWED_EVERY, Claims
from tests.effort import effort
from tests.fakes.clock import SetClock
from tests.fakes.jobs import claims_of
from tests.service.calls.test_duty_calls import QuietVoice
from tests.storage.conftest import NOON
from tests.storage.others import killed_somewhere

NUMBER = "+380671112233"
SOON = timedelta(seconds=1)
WATER = NewCampaign(
    name="Вода",
    kind=Kind.CALL_BACK,
    says="Завтра не буде води.",
    pauses={Result.BUSY: (SOON,), Result.INTERRUPTED: (SOON,)},
)
TALKS_FOR = LEFT_AFTER + 2 * RENEWED_EVERY
A_ROUND = timedelta(seconds=1) + LEFT_AFTER
LEAST_STEPS = effort(day=6, night=10)
LOOKS = 30
SECOND = 2
CEL_AFTER = timedelta(seconds=10)


def worker(storage: Storage, clock: SetClock) -> Claims:
    campaign = CampaignCalls(storage.campaigns, storage.do_not_call, voice=QuietVoice(), clock=clock)
    return claims_of(storage, clock, campaign)


@dataclass(frozen=True)
class Calls:
    """A worker that claims, dials and ends one call; `rang` is the telephone, which tells by being there."""

    rang: Path
    result: Result = Result.BUSY

    async def __call__(self, storage: Storage) -> None:
        ours = worker(storage, SetClock(NOON))
        (attempt,) = await ours.take(1)
        await storage.calls.open(_record(attempt.call_id))
        await storage.calls.flush()
        assert await ours.dial(attempt)
        self.rang.touch()
        await ours.end(attempt, self.result)


class GivesBack:
    """A worker that claims a call and gives it back, as no line was free."""

    async def __call__(self, storage: Storage) -> None:
        ours = worker(storage, SetClock(NOON))
        (attempt,) = await ours.take(1)
        await ours.give_back(attempt)


@dataclass(frozen=True)
class TakesOver:
    """A worker that decides what another left behind."""

    at: datetime

    async def __call__(self, storage: Storage) -> None:
        await _looks(storage, self.at)


async def _looks(storage: Storage, at: datetime) -> None:
    clock = SetClock(at - RENEWED_EVERY)
    ours = worker(storage, clock)
    clock.pass_by(RENEWED_EVERY.total_seconds())
    await ours.keep()


def _record(call_id: str) -> CallRecord:
    return CallRecord(id=call_id, number=NUMBER, shown=NUMBER, arrived_at=NOON, direction=Direction.OUTGOING)


async def due(storage: Storage) -> Campaign:
    made = await storage.campaigns.add(WATER, [(NUMBER, "")], NOON)
    return await storage.campaigns.move(made.id, CampaignAct.START, NOON)


async def stands(storage: Storage, campaign: Campaign) -> Person:
    (person,) = await storage.campaigns.people(campaign.id, 9)
    return person


async def asterisk_tells(storage: Storage, rang: Path) -> None:
    """CEL's account of what was under way."""
    for one in await storage.call_jobs.under_way(9):
        call_id = one.job.call_id
        if await storage.calls.find(call_id):
            await storage.calls.close(call_id, Outcome.BUSY if rang.exists() else Outcome.GIVEN_UP, NOON)
            await storage.calls.flush()


async def taken(storage: Storage, at: datetime) -> list[Attempt[Any]]:
    return list(await worker(storage, SetClock(at)).take(9))


async def _talks_longer_than_a_claim_lasts(storage: Storage, rang: Path | None = None) -> None:
    """A worker that is started at once calls who is due, and looks meanwhile at what was left behind.

    `rang`: the telephone that the one before may have rung, of which CEL tells some seconds later.
    """
    clock = SetClock(NOON)
    survivor, talks = worker(storage, clock), None
    for _ in range(LOOKS):
        clock.pass_by(RENEWED_EVERY.total_seconds())
        await survivor.keep()
        if rang is not None and clock.now() >= NOON + CEL_AFTER:
            await asterisk_tells(storage, rang)
        if talks is None:
            for talks in await survivor.take(9):
                assert await survivor.dial(talks)
                ends = clock.now() + TALKS_FOR
        else:
            assert await survivor.take(9) == []
            if clock.now() == ends:
                await survivor.end(talks, Result.SETTLED)


async def test_whoever_is_started_after_one_who_was_killed_anywhere_calls_as_often_as_the_rules_say(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    for step in count(1):
        campaign, rang = await due(storage), tmp_path / f"rang-{step}"
        if not killed_somewhere(url, Calls(rang), step):
            break
        await _talks_longer_than_a_claim_lasts(storage, rang)
        person = await stands(storage, campaign)
        assert person.state is PersonState.REACHED, f"killed at step {step}"
        if rang.exists():
            assert person.attempt == SECOND, f"killed at step {step}"
    assert step > LEAST_STEPS


async def test_what_was_settled_is_not_called_again_though_whoever_takes_it_over_is_killed_too(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    for step in count(1):
        campaign = await due(storage)
        (attempt,) = await taken(storage, NOON)
        assert await storage.call_jobs.dial(attempt.call_id, NOON)
        assert await storage.call_jobs.end(attempt.call_id, Result.SETTLED, NOON)
        if not killed_somewhere(url, TakesOver(NOON + A_ROUND), step):
            break
        await _looks(storage, NOON + A_ROUND + RENEWED_EVERY)
        assert await taken(storage, NOON + A_ROUND + RENEWED_EVERY) == [], f"killed at step {step}"
        await _looks(storage, NOON + 3 * A_ROUND)
        assert (await stands(storage, campaign)).state is PersonState.REACHED, f"killed at step {step}"
    assert step > 1


async def test_what_was_given_back_by_one_who_was_killed_over_it_is_called_once(
    storage: Storage, url: str
) -> None:
    for step in count(1):
        campaign = await due(storage)
        if not killed_somewhere(url, GivesBack(), step):
            break
        await _talks_longer_than_a_claim_lasts(storage)
        assert (await stands(storage, campaign)).state is PersonState.REACHED, f"killed at step {step}"
    assert step > LEAST_STEPS
