"""Whoever would not wait is called back: real Asterisk, and a desk and a provider that are real phones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls.call import CallRecord, Outcome, Step
from hotline.clock import SystemClock
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import NewJob
from hotline.line.presence_states import Presence
from storage.tables import call_attempts, queue_entries
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.fakes.jobs import dialled
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.outside import Outside
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, picks_up

pytestmark = pytest.mark.system

TALKS, WOULD_NOT_WAIT = "+380457900001", "+380457900002"
OTHER = "+380457900003"
NAME = "Марія Демченко"


@dataclass(kw_only=True)
class City(Outside):
    """The hotline, the provider through whom calls leave, and a dispatcher who talks with a citizen."""

    desk: Phone
    talk: IncomingCall

    async def keeps_a_place(self) -> CallRecord:
        """A second citizen does not wait: 1 for a call-back, 1 for this number; then they are thanked."""
        call = await asks_for_a_dispatcher(self.hotline, WOULD_NOT_WAIT)
        await self.hotline.reached(Step.JOINED_LINE, times=2)
        await self.hotline.until(lambda: self._heard("callback-offer"))
        await call.press("1")
        await self.hotline.until(lambda: self._heard("callback-number-0002"))
        await call.press("1")
        await self.hotline.until(lambda: self._heard("place-kept"))
        await call.hang_up()
        (record,) = [one for one in await self.hotline.calls() if one.number == WOULD_NOT_WAIT]
        await self.hotline.until(lambda: self._ended(record.id))
        return record

    async def duty_is(self, presence: Presence) -> None:
        async def so() -> bool:
            return (await self.hotline.dispatcher("201")).presence is presence

        await self.hotline.until(so)

    async def nobody_is_in_line(self) -> bool:
        return not await self.hotline.storage.line.entries()

    async def attempts(self) -> list[tuple[int, str, str | None]]:
        """Of all attempts to call back: which, to whom, and what it came to."""
        columns = call_attempts.c
        async with self.hotline.storage.database.reading() as connection:
            ordered = select(columns.attempt, columns.number, columns.result).order_by(columns.dialled_at)
            return [tuple(row) for row in await connection.execute(ordered)]

    async def came_to(self, *results: Result) -> None:
        """Wait until the attempts so far came to this."""
        expected = [(at, WOULD_NOT_WAIT, result) for at, result in enumerate(results, 1)]

        async def so() -> bool:
            return await self.attempts() == expected

        await self.hotline.until(so, seconds=60)

    async def _heard(self, name: str) -> bool:
        (record,) = [one for one in await self.hotline.calls() if one.number == WOULD_NOT_WAIT]
        return name in await self.hotline.phrases(record.id)

    async def _ended(self, call_id: str) -> bool:
        record = await self.hotline.storage.calls.find(call_id)
        return record is not None and record.ended_at is not None


@pytest.fixture
async def city(hotlines: Hotlines) -> AsyncIterator[City]:
    options = {
        "HOTLINE_ANNOUNCE_SECONDS": "2",
        "HOTLINE_AFTER_CALL_SECONDS": "0",
        "HOTLINE_CALLBACK_AFTER_SECONDS": "0",
    }
    async with hotlines.calling_outside(**options) as outside:
        hotline = outside.hotline
        await hotline.storage.citizens.add(NAME, "Київський квартал, 7", [WOULD_NOT_WAIT])
        desk = await hotline.desk("201")
        await asks_for_a_dispatcher(hotline, TALKS)
        talk = await picks_up(desk, FIRST)
        await hotline.reached(Step.TALK_STARTED)
        yield City(**vars(outside), desk=desk, talk=talk)


async def test_they_are_called_when_it_is_their_turn_and_a_key_brings_them_to_the_dispatcher(
    city: City,
) -> None:
    record = await city.keeps_a_place()
    promised = await city.hotline.storage.calls.find(record.id)
    assert promised is not None
    assert promised.outcome is Outcome.CALLBACK_PROMISED

    await city.talk.hang_up()
    called = await city.rung(WOULD_NOT_WAIT)
    await city.duty_is(Presence.OFFERED)
    await called.answer(tone(CITIZEN))
    await called.press("1")

    talk = await picks_up(city.desk, SECOND)
    assert NAME in talk.invite.first("From")
    await called.heard_tone(SECOND)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await called.ended()
    await city.duty_is(Presence.READY)
    await city.hotline.until(city.nobody_is_in_line)
    await city.came_to(Result.SETTLED)
    await compare(city.hotline)


@pytest.mark.parametrize(
    ("code", "result"), [(486, Result.BUSY), pytest.param(603, Result.REFUSED, marks=pytest.mark.nightly)]
)
async def test_whoever_is_engaged_or_refuses_frees_the_dispatcher_and_keeps_the_place(
    city: City, code: int, result: Result
) -> None:
    record = await city.keeps_a_place()
    await city.talk.hang_up()
    called = await city.rung(WOULD_NOT_WAIT)
    await called.reject(code)
    await city.duty_is(Presence.READY)
    await city.came_to(result)
    place = await city.hotline.storage.kept_places.of(WOULD_NOT_WAIT)
    assert place is not None
    assert place.call_id == record.id


async def test_a_machine_that_answers_is_no_person_and_the_next_caller_is_served(city: City) -> None:
    await city.keeps_a_place()
    other = await asks_for_a_dispatcher(city.hotline, OTHER)
    await city.hotline.reached(Step.JOINED_LINE, times=3)
    await city.talk.hang_up()
    called = await city.rung(WOULD_NOT_WAIT)
    await called.answer(tone(CITIZEN))
    await city.hotline.reached(Step.CALLED_BY_ITSELF)
    await city.hotline.reached(Step.ANSWERED, times=4)
    await called.hang_up()

    talk = await picks_up(city.desk, SECOND)
    assert talk.caller == OTHER
    assert NAME not in talk.invite.first("From")
    await other.heard_tone(SECOND)
    await city.came_to(Result.UNHEARD)


@pytest.mark.nightly  # by day `storage/dialling/test_jobs.py`
async def test_whom_the_hotline_is_just_calling_it_does_not_call_a_second_time(city: City) -> None:
    await city.keeps_a_place()
    storage, now = city.hotline.storage, SystemClock().now()
    survey = NewJob(source="survey", subject=1, number=WOULD_NOT_WAIT, kind=Kind.SURVEY)
    await storage.call_jobs.owe([survey], now)
    claimed = await storage.call_jobs.claim_this("survey", "", "out-survey", now, attempt=1)
    assert claimed is not None
    await dialled(storage, claimed, now)
    await city.talk.hang_up()

    async def put_off() -> bool:
        async with storage.database.reading() as connection:
            kept = select(queue_entries.c.not_before).where(queue_entries.c.callback_to == WOULD_NOT_WAIT)
            not_before = (await connection.execute(kept)).scalar_one()
        return bool(not_before > now + timedelta(seconds=45))

    await city.hotline.until(put_off)
    await city.duty_is(Presence.READY)
    assert await city.attempts() == [(1, WOULD_NOT_WAIT, None)]


async def test_whoever_calls_again_has_their_place_and_is_not_called(city: City) -> None:
    await city.keeps_a_place()
    later = await asks_for_a_dispatcher(city.hotline, OTHER)
    await city.hotline.reached(Step.JOINED_LINE, times=3)
    again = await city.hotline.citizen(WOULD_NOT_WAIT)
    await again.answered()
    await again.press("0")
    await city.hotline.reached(Step.JOINED_LINE, times=4)
    await city.talk.hang_up()

    talk = await picks_up(city.desk, SECOND)
    assert talk.caller == WOULD_NOT_WAIT
    assert NAME in talk.invite.first("From")
    await again.heard_tone(SECOND)
    await later.hang_up()


async def test_a_service_killed_while_it_calls_calls_again_and_nobody_twice_at_once(city: City) -> None:
    record = await city.keeps_a_place()
    await city.talk.hang_up()
    called = await city.rung(WOULD_NOT_WAIT)
    await city.hotline.kill_service()
    await city.hotline.start_service()
    await called.ended()
    await city.duty_is(Presence.READY)
    await city.came_to(Result.INTERRUPTED)
    place = await city.hotline.storage.kept_places.of(WOULD_NOT_WAIT)
    assert place is not None
    assert place.call_id == record.id


@pytest.mark.nightly  # by day killed in a talk that began otherwise: `test_calling_out.py`
async def test_a_service_that_is_stopped_in_their_talk_leaves_them_talking(city: City) -> None:
    await city.keeps_a_place()
    await city.talk.hang_up()
    called = await city.rung(WOULD_NOT_WAIT)
    await called.answer(tone(CITIZEN))
    await called.press("1")
    talk = await picks_up(city.desk, SECOND)
    await talk.heard_tone(CITIZEN)
    await city.hotline.stop_service()
    await city.hotline.start_service()
    assert called.end is None
    await called.heard_tone(SECOND)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await called.ended()
    await city.came_to(Result.SETTLED)
