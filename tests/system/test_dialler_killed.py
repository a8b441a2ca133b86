"""A campaign under which the service is killed again and again: nobody is called twice, nobody forgotten.

What was done is told by two witnesses that know nothing of our database: Asterisk's CEL, and the phones.
`HOTLINE_TEST_PEOPLE=500` makes it the campaign of five hundred.
"""

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.clock import SystemClock
from hotline.dialling.campaign_states import CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign, NewCampaign, Person, PersonState
from hotline.dialling.dialler import Kind, Result, RetryRules
from storage.tables import call_attempts
from tests.bench.callees import (
    BUSY,
    HANGS_UP,
    NO_ANSWER,
    REFUSES,
    SILENT,
    Act,
    Callees,
    answering,
)
from tests.effort import effort
from tests.system.hotline import Hotline, running_hotline
from tests.system.oracle import Seen, compare, seen_calls
from tests.system.outside import PROVIDER

pytestmark = pytest.mark.system

PEOPLE = int(os.environ.get("HOTLINE_TEST_PEOPLE", effort(day=24, night=60)))
LINES = 20
KILLS = effort(day=2, night=3)
RING_SECONDS = 4
SECOND = timedelta(seconds=1)
PAUSES = {
    Result.BUSY: (SECOND, SECOND),
    Result.NO_ANSWER: (SECOND,),
    Result.FAILED: (SECOND, SECOND),
    Result.INTERRUPTED: (SECOND, SECOND, SECOND, SECOND),
}
PRESSES, WANTS_NO_CALLS = Act(keys="1"), Act(keys="9")
SCRIPT = (
    *(PRESSES, PRESSES, BUSY, PRESSES, NO_ANSWER),
    *(PRESSES, REFUSES, PRESSES, HANGS_UP, WANTS_NO_CALLS),
)
SILENT_EVERY = 30
COMES_TO = {
    PRESSES: Result.SETTLED,
    WANTS_NO_CALLS: Result.SETTLED,
    SILENT: Result.UNHEARD,
    HANGS_UP: Result.UNHEARD,
    BUSY: Result.BUSY,
    REFUSES: Result.REFUSED,
    NO_ANSWER: Result.NO_ANSWER,
}
ANSWERED = {Result.SETTLED, Result.UNHEARD}
LEFT_OPEN = timedelta(seconds=1)
"""By so much the moments of two accounts of one call may differ."""


def number_of(place: int) -> str:
    return f"+38067111{place:04}"


def acts(number: str, times: int) -> Act:
    """Busy once and then at home; the others are as they are, however often they are called."""
    place = int(number[-4:])
    if place % SILENT_EVERY == SILENT_EVERY - 1:
        return SILENT
    scripted = SCRIPT[place % len(SCRIPT)]
    return PRESSES if scripted == BUSY and times > 1 else scripted


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One attempt as our database has it, and Asterisk's account of the same channel."""

    number: str
    attempt: int
    dialled_at: datetime
    ended_at: datetime
    result: Result
    seen: Seen | None


@dataclass(kw_only=True)
class Scene:
    hotline: Hotline
    callees: Callees

    async def begin(self) -> Campaign:
        campaigns, now = self.hotline.storage.campaigns, SystemClock().now()
        new = NewCampaign(
            name="Перевірка", kind=Kind.CALL_BACK, says="Завтра вранці води не буде.", pauses=PAUSES
        )
        made = await campaigns.add(new, [(number_of(place), "") for place in range(PEOPLE)], now)
        return await campaigns.move(made.id, CampaignAct.START, now)

    async def over(self, campaign: Campaign) -> int:
        return (await self.hotline.storage.campaigns.progress(campaign.id)).over

    async def tried(self) -> dict[str, list[Tried]]:
        """All attempts by number, in their order."""
        seen = seen_calls(self.hotline.node)
        found: dict[str, list[Tried]] = defaultdict(list)
        async with self.hotline.storage.database.reading() as connection:
            ordered = select(call_attempts).order_by(call_attempts.c.dialled_at)
            for row in (await connection.execute(ordered)).mappings():
                assert row["result"], f"{row['call_id']} was never decided"
                one = Tried(
                    number=row["number"],
                    attempt=row["attempt"],
                    dialled_at=row["dialled_at"],
                    ended_at=row["ended_at"],
                    result=Result(row["result"]),
                    seen=seen.get(row["call_id"]),
                )
                found[row["number"]].append(one)
        return found


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with answering(acts, host=PROVIDER) as callees:
        settings = {
            "HOTLINE_TRUNK_HOST": PROVIDER,
            "HOTLINE_TRUNK_PORT": str(callees.phone.address[1]),
            "HOTLINE_AUTOMATIC_CALLS": str(LINES),
            "HOTLINE_AUTOMATIC_CALLS_PER_SECOND": "10",
            "HOTLINE_AUTOMATIC_CALLS_PER_PERSON": "9",
            "HOTLINE_CALL_OUT_RING_SECONDS": str(RING_SECONDS),
        }
        async with running_hotline(tmp_path, **settings) as hotline:
            yield Scene(hotline=hotline, callees=callees)


@pytest.mark.nightly  # by day `storage/dialling/test_jobs_killed.py`, `test_survey_call.py`
async def test_killed_again_and_again_each_person_is_called_as_the_rules_say(scene: Scene) -> None:
    campaign = await scene.begin()
    killed = await kill_now_and_then(scene, campaign)

    async def done() -> bool:
        found = await scene.hotline.storage.campaigns.find(campaign.id)
        return found is not None and found.state is CampaignState.DONE

    await scene.hotline.until(done, seconds=240 + PEOPLE)
    await compare(scene.hotline, reconciled=True)
    people = await scene.hotline.storage.campaigns.people(campaign.id, PEOPLE + 1)
    tried = await scene.tried()
    everybody_was_called(people, tried)
    for person in people:
        nobody_was_called_twice_at_once(tried[person.number])
        the_rules_were_kept(person, tried[person.number])
        asterisk_says_the_same(tried[person.number], killed)
    the_phones_rang_as_often_as_asterisk_says(scene.callees, tried)


async def kill_now_and_then(scene: Scene, campaign: Campaign) -> list[tuple[datetime, datetime]]:
    """Kill the service while calls are under way, start it again; from when until when it was away."""
    chance = random.Random()  # noqa: S311 - any moment will do, and another one each time
    killed = []
    for kill in range(1, KILLS + 1):
        share = PEOPLE * kill / (KILLS + 2)

        async def far_enough(share: float = share) -> bool:
            return await scene.over(campaign) >= share

        await scene.hotline.until(far_enough, seconds=120 + PEOPLE)
        await asyncio.sleep(chance.uniform(0, 2))
        at = SystemClock().now()
        await scene.hotline.kill_service()
        await asyncio.sleep(chance.uniform(0, 3))
        await scene.hotline.start_service()
        killed.append((at, SystemClock().now()))
    return killed


def everybody_was_called(people: Sequence[Person], tried: dict[str, list[Tried]]) -> None:
    assert {one.number for one in people} == {number_of(place) for place in range(PEOPLE)} == set(tried)
    assert {one.state for one in people} <= {PersonState.REACHED, PersonState.GIVEN_UP}


def nobody_was_called_twice_at_once(calls: Sequence[Tried]) -> None:
    seen = sorted((one.seen for one in calls if one.seen), key=lambda one: one.arrived)
    for before, after in pairwise(seen):
        assert before.ended is not None
        assert before.ended <= after.arrived, f"{calls[0].number} was called twice at once"


def the_rules_were_kept(person: Person, calls: Sequence[Tried]) -> None:
    """Whoever has another attempt was owed one, after its pause; who has none was owed none."""
    rules = RetryRules(PAUSES)
    counted = [one for one in calls if one.result is not Result.NOT_PLACED]
    assert [one.attempt for one in counted] == list(range(1, len(counted) + 1))
    for before, after in pairwise(counted):
        pause = rules.again_in(before.result, before.attempt)
        assert pause is not None, f"{person.number} was called again after {before.result}"
        assert after.dialled_at >= before.ended_at + pause - LEFT_OPEN
    last = counted[-1]
    if person.state is PersonState.REACHED:
        assert person.result is Result.SETTLED
    else:
        assert last.result is person.result
        assert rules.again_in(last.result, last.attempt) is None, f"{person.number} was forgotten"


def asterisk_says_the_same(calls: Sequence[Tried], killed: Sequence[tuple[datetime, datetime]]) -> None:
    for one in calls:
        if one.result is Result.NOT_PLACED:
            assert one.seen is None or one.seen.answered is None
            continue
        assert one.seen, f"{one.number}: attempt {one.attempt} is not in CEL"
        if one.result in ANSWERED:
            assert one.seen.answered
        elif one.result is not Result.INTERRUPTED:
            assert one.seen.answered is None
        if one.result is Result.INTERRUPTED:
            assert one.seen.ended
            assert any(one.seen.arrived <= back and one.seen.ended >= at for at, back in killed), (
                f"{one.number}: attempt {one.attempt} was interrupted by nothing"
            )


def the_phones_rang_as_often_as_asterisk_says(callees: Callees, tried: dict[str, list[Tried]]) -> None:
    rang: dict[str, list[Act]] = defaultdict(list)
    for rung in callees.rung:
        rang[rung.number].append(rung.act)
    for number, calls in tried.items():
        dialled = [one for one in calls if one.result is not Result.NOT_PLACED]
        scripted = rang[number]
        assert len(scripted) <= len(dialled)
        assert len(dialled) - len(scripted) <= sum(one.result is Result.INTERRUPTED for one in dialled)
        if len(scripted) == len(dialled):
            for act, one in zip(scripted, dialled, strict=True):
                assert one.result in {COMES_TO[act], Result.INTERRUPTED}
