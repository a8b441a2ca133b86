"""Calls of ours in whose middle the database goes away: heard to their end, written later, made once."""

import asyncio

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import Outcome, Step
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import PersonState
from hotline.dialling.dialler import Result
from hotline.outages.answers import WatcherAnswer
from service.informing.calls import CampaignCalls
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.jobs import Worker
from tests.service.called_while_away import called_while_away, goes_on_at_once
from tests.service.calls import test_duty_calls as duty
from tests.service.calls import test_untaken_calls as untaken
from tests.service.informing import test_calls as informing
from tests.service.outages import test_calls as outages
from tests.service.power import test_calls as power
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

__all__ = ["goes_on_at_once"]
A_DAY = 24 * 3600


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


async def informs(storage: Storage, clock: SetClock) -> Worker:
    """A worker of whom one resident is to be called by order."""
    calls = CampaignCalls(storage.campaigns, storage.do_not_call, voice=duty.QuietVoice(), clock=clock)
    made = await storage.campaigns.add(informing.WATER, [(informing.NUMBER, "")], NOON)
    await storage.campaigns.move(made.id, CampaignAct.START, NOON)
    return Worker(storage, clock, calls)


async def emergency(storage: Storage, clock: SetClock) -> tuple[City, Appeal, Worker]:
    """A worker who is to call the duty contact of an enterprise about an emergency."""
    city = await found(storage)
    appeal = await duty.emergency(city)
    return city, appeal, Worker(storage, clock, duty.duty_calls(storage, clock, duty.QuietVoice()))


async def state(storage: Storage, appeal: Appeal) -> AppealState:
    found = await storage.appeals.find(appeal.number)
    assert found is not None
    return found.state


@pytest.mark.parametrize(
    ("key", "said", "unwanted"),
    [("1", "informing-thanks", []), ("9", "informing-no-more-calls", [informing.NUMBER])],
)
async def test_a_notice_is_heard_to_its_end_and_its_key_is_written_when_the_database_is_back(
    storage: Storage, clock: SetClock, key: str, said: str, unwanted: list[str]
) -> None:
    worker = await informs(storage, clock)
    async with called_while_away(worker, key) as called:
        assert called.call.heard[-1] == said
        assert Step.INFORMED in called.call.steps
        assert (await informing.person(storage)).state is not PersonState.REACHED
        await called.written()
    then = await informing.person(storage)
    assert (then.state, then.result) == (PersonState.REACHED, Result.SETTLED)
    assert [one.number for one in await storage.do_not_call.latest(9)] == unwanted
    clock.pass_by(A_DAY)
    assert await worker.take() == []


async def test_a_notice_to_whose_end_nobody_pressed_a_key_was_not_interrupted(
    storage: Storage, clock: SetClock
) -> None:
    worker = await informs(storage, clock)
    async with called_while_away(worker, "") as called:
        assert called.call.heard[-1] == "goodbye"
        called.back()
        await worker.survives(called.attempt)  # we: it is ours as long as its end is not written
        await called.written()
    assert (await informing.person(storage)).result is Result.UNHEARD


async def test_a_key_that_comes_after_another_has_judged_the_call_counts_and_nobody_is_called_again(
    storage: Storage, clock: SetClock
) -> None:
    worker = await informs(storage, clock)
    async with called_while_away(worker, "1") as called:
        called.back()
        worker.claims.let_go(called.attempt)  # another process knows nothing of who renews it
        await worker.survives(called.attempt)
        assert (await informing.person(storage)).state is PersonState.DUE
        await called.written()
    assert (await informing.person(storage)).state is PersonState.REACHED
    clock.pass_by(A_DAY)
    assert await worker.take() == []


async def test_an_emergency_is_accepted_by_the_key_that_was_pressed_without_a_database(
    storage: Storage, clock: SetClock
) -> None:
    city, appeal, worker = await emergency(storage, clock)
    async with called_while_away(worker, "1") as called:
        assert called.call.heard[-1] == "duty-owed"
        assert await state(storage, appeal) is AppealState.ASSIGNED
        clock.pass_by(60)
        await called.written()
    assert await state(storage, appeal) is AppealState.ACCEPTED
    entry = (await storage.handling.history(appeal.number, hidden=True))[-1]
    assert (entry.act, entry.at) == ("accept", NOON), "when they pressed it"
    assert (await duty.owed(city, appeal)).state is NoticeState.SENT


async def test_who_pressed_the_key_that_was_lost_with_the_process_is_called_again(
    storage: Storage, clock: SetClock
) -> None:
    city, appeal, worker = await emergency(storage, clock)
    async with called_while_away(worker, "1") as called:
        for one in asyncio.all_tasks():
            if one.get_name() == "owed":
                one.cancel()
        called.back()
        survivor = Worker(storage, clock, worker.source)
        await survivor.survives(called.attempt, Outcome.TOLD)
    notice = await duty.owed(city, appeal)
    assert (notice.state, notice.fault) == (NoticeState.OWED, Result.INTERRUPTED.value)
    assert await state(storage, appeal) is AppealState.ASSIGNED


@pytest.mark.parametrize(
    ("key", "then"),
    [
        ("1", [(untaken.SENIOR, NoticeState.SENT)]),
        ("2", [(untaken.SENIOR, NoticeState.SENT), (untaken.HEAD, NoticeState.OWED)]),
    ],
    ids=["takes it", "cannot"],
)
async def test_an_emergency_is_taken_or_passed_on_once_the_database_is_back(
    storage: Storage, clock: SetClock, key: str, then: list[tuple[str, NoticeState]]
) -> None:
    city = await untaken.centre(storage)
    appeal = await untaken.emergency(city)
    calls = untaken.untaken_calls(storage, clock, duty.QuietVoice())
    async with called_while_away(Worker(storage, clock, calls), key) as called:
        assert called.call.heard[-1] == "duty-owed"
        await called.written()
    assert await untaken.owed(city, appeal) == then
    notes = [one for one in await storage.handling.history(appeal.number, hidden=True) if one.act == "note"]
    assert len(notes) == (key == "1")


@pytest.mark.parametrize(
    ("key", "said", "answer"),
    [
        ("1", "outage-call-thanks", WatcherAnswer.RESTORED),
        ("2", "outage-call-registered-later", WatcherAnswer.NOT_RESTORED),
    ],
)
async def test_what_is_said_of_an_outage_counts_once_the_database_is_back(
    storage: Storage, clock: SetClock, key: str, said: str, answer: WatcherAnswer
) -> None:
    town = outages.Town(storage=storage, clock=clock)
    outage = await town.over(outages.MARIA)
    async with called_while_away(town.worker, key) as called:
        assert called.call.heard[-1] == said
        assert await storage.outage_answers.latest(outage.id) == {}
        await called.written()
    assert await storage.outage_answers.latest(outage.id) == {answer: 1}
    assert len(await town.appeals(called.call)) == (answer is WatcherAnswer.NOT_RESTORED)
    assert (await town.notice(called.attempt)).state is NoticeState.SENT


async def test_who_agrees_to_calls_about_power_is_called_once_the_database_is_back(
    storage: Storage, clock: SetClock
) -> None:
    town = power.Town(storage=storage, clock=clock)
    await town.asks()
    async with called_while_away(town.worker, "3") as called:
        assert called.call.heard[-1] == "power-call-agreed"
        assert await storage.power_subscribers.living() == []
        await called.written()
    (one,) = await storage.power_subscribers.living()
    assert one.ahead.minutes == 60
    assert await town.claimed() == []
