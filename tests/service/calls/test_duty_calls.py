"""From the outbox to an accepted appeal, on real storage: whom it calls, whom it does not, who may accept."""

from dataclasses import replace

import pytest

from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.duty_calls import Duty
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Result
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import Attempt
from hotline.enterprises.executors import Contact
from hotline.voice.speech import Language, Phrase
from service.calls.duty_calls import DutyCalls
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.jobs import Worker, standing
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

RETRIES_WHEN_BUSY = (60, 120)
"""Seconds before the second and the third attempt."""


class QuietVoice:
    """A voice that only remembers what it was to say."""

    def __init__(self) -> None:
        self.made: list[str] = []

    async def at_hand(self, phrase: Phrase, language: Language) -> str | None:
        """Nothing is made twice here."""

    async def media(self, phrase: Phrase, language: Language) -> str:
        self.made.append(phrase.text(language))
        return "sound:x"

    def seconds(self, media: str) -> float:
        return float(len(media))


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


@pytest.fixture
def voice() -> QuietVoice:
    return QuietVoice()


@pytest.fixture
def calls(storage: Storage, clock: SetClock, voice: QuietVoice) -> DutyCalls:
    return duty_calls(storage, clock, voice)


@pytest.fixture
def worker(storage: Storage, clock: SetClock, calls: DutyCalls) -> Worker:
    return Worker(storage, clock, calls)


def duty_calls(storage: Storage, clock: SetClock, voice: QuietVoice, *, demo: bool = False) -> DutyCalls:
    return DutyCalls(
        outbox=storage.outbox,
        appeals=storage.appeals,
        executors=storage.executors,
        handling=storage.handling,
        rules=CallingRules(),
        voice=voice,
        clock=clock,
        demo=demo,
    )


async def emergency(city: City) -> Appeal:
    return await city.enter(urgency=Urgency.EMERGENCY)


async def owed(city: City, appeal: Appeal) -> Notice:
    told = await city.storage.outbox.of_appeal(appeal.number)
    (call,) = [one for one in told if one.channel is Channel.CALL]
    return call


async def answers(calls: DutyCalls, attempt: Attempt[Duty], keys: str) -> FakeCall:
    call = FakeCall(keys, outgoing=True, call_id=attempt.call_id)
    await calls.attend(call, attempt)
    return call


async def test_what_is_said_is_made_before_anybody_is_rung(
    city: City, calls: DutyCalls, worker: Worker, voice: QuietVoice
) -> None:
    await emergency(city)
    (attempt,) = await worker.take()
    assert attempt.brief.number == city.heat.contacts[0].number
    await calls.prepare(attempt.brief.about)
    assert voice.made == ["Аварія. Немає опалення. Адреса: Київський квартал, 7, квартира 12."]


async def test_a_key_accepts_the_appeal_for_the_contact_that_was_called(
    city: City, calls: DutyCalls, worker: Worker
) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    call = await answers(calls, attempt, "1")
    await worker.over(attempt, Result.INTERRUPTED)
    assert attempt.settled
    assert call.heard[-1] == "duty-accepted"
    accepted = await city.storage.appeals.find(appeal.number)
    assert accepted is not None
    assert accepted.state is AppealState.ACCEPTED
    (entry,) = [
        one for one in await city.storage.handling.history(appeal.number, hidden=True) if one.act == "accept"
    ]
    assert entry.facts == {"acknowledged_by": "Диспетчерська", "call_id": call.id}
    notice = await owed(city, appeal)
    assert (notice.state, notice.tries) == (NoticeState.SENT, 1)


async def test_a_note_that_came_in_between_does_not_keep_it_from_being_accepted(
    city: City, calls: DutyCalls, worker: Worker
) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    await city.storage.handling.carry_out(
        appeal.number, Note(by=city.dispatcher, at=NOON, text="Телефонували ще раз"), version=appeal.version
    )
    await answers(calls, attempt, "1")
    assert attempt.settled
    then = await city.storage.appeals.find(appeal.number)
    assert then is not None
    assert then.state is AppealState.ACCEPTED


async def test_nobody_accepts_what_is_anothers_by_now(city: City, calls: DutyCalls, worker: Worker) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    await city.storage.handling.carry_out(
        appeal.number, Assign(by=city.dispatcher, at=NOON, executor_id=city.water.id), version=appeal.version
    )
    call = await answers(calls, attempt, "1")
    assert call.heard[-1] == "duty-not-needed"
    assert attempt.settled
    then = await city.storage.appeals.find(appeal.number)
    assert then is not None
    assert (then.state, then.executor_id) == (AppealState.ASSIGNED, city.water.id)


async def test_nobody_is_called_about_what_was_accepted_before(city: City, worker: Worker) -> None:
    appeal = await emergency(city)
    await city.storage.handling.carry_out(
        appeal.number, Accept(by=city.executor, at=NOON), version=appeal.version
    )
    assert await worker.take() == []
    assert (await owed(city, appeal)).state is NoticeState.NEEDLESS


@pytest.mark.parametrize(
    ("number", "fault"),
    [("112", "not-allowed"), ("+48221234567", "not-allowed"), ("+380900123456", "premium")],
)
async def test_a_number_that_may_not_be_called_is_given_up_and_told(
    city: City, worker: Worker, number: str, fault: str
) -> None:
    wrong = Contact(name="Хибний", number=number)
    await city.storage.executors.update(replace(city.heat, contacts=(wrong,)))
    appeal = await emergency(city)
    assert await worker.take() == []
    notice = await owed(city, appeal)
    assert (notice.state, notice.fault) == (NoticeState.FAILED, fault)


async def test_a_fictional_contact_is_called_in_the_demo_alone(
    storage: Storage, clock: SetClock, voice: QuietVoice
) -> None:
    contact = Contact(name="Черговий (демо)", number="+380457900060")
    made = await storage.executors.add("КП «Демо»", "Демо", (contact,), demo=True)
    city = await found(storage)
    appeal = await city.enter(urgency=Urgency.EMERGENCY, category="water-leak")
    await storage.handling.carry_out(
        appeal.number, Assign(by=city.dispatcher, at=NOON, executor_id=made.id), version=appeal.version
    )
    assert await Worker(storage, clock, duty_calls(storage, clock, voice)).take() == []
    notice = await owed(city, appeal)
    assert (notice.state, notice.fault) == (NoticeState.FAILED, "fictional")
    await storage.outbox.decide(notice.id, NoticeEvent.SEND_AGAIN, NOON)
    (attempt,) = await Worker(storage, clock, duty_calls(storage, clock, voice, demo=True)).take()
    assert attempt.brief.number == "+380457900060"


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.BUSY, NoticeState.OWED),
        (Result.NO_ANSWER, NoticeState.OWED),
        (Result.FAILED, NoticeState.OWED),
        (Result.UNHEARD, NoticeState.FAILED),
        (Result.REFUSED, NoticeState.FAILED),
        (Result.NOT_IN_USE, NoticeState.FAILED),
    ],
)
async def test_what_came_of_a_call_is_noted(
    city: City, worker: Worker, result: Result, state: NoticeState
) -> None:
    appeal = await emergency(city)
    await worker.over(await worker.dialled(), result)
    notice = await owed(city, appeal)
    assert (notice.state, notice.fault, notice.tries) == (state, result.value, 1)
    job = await standing(city.storage, DutyCalls.name, notice.id)
    assert job["state"] == (JobState.DUE if state is NoticeState.OWED else JobState.GIVEN_UP)


async def test_a_call_that_is_to_be_tried_again_is_owed_again_after_its_pause(
    city: City, worker: Worker, clock: SetClock
) -> None:
    appeal = await emergency(city)
    for tries, pause in enumerate(RETRIES_WHEN_BUSY, 1):
        attempt = await worker.dialled()
        assert attempt.job.attempt == tries
        await worker.over(attempt, Result.BUSY)
        assert (await owed(city, appeal)).state is NoticeState.OWED
        clock.pass_by(pause - 1)
        assert await worker.take() == []
        clock.pass_by(1)
    await worker.over(await worker.dialled(), Result.BUSY)
    notice = await owed(city, appeal)
    assert (notice.state, notice.fault, notice.tries) == (NoticeState.FAILED, "busy", 3)


async def test_a_call_that_a_person_has_placed_again_has_another_name(
    city: City, worker: Worker, clock: SetClock
) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    await worker.over(attempt, Result.UNHEARD)
    clock.pass_by(1)
    await city.storage.outbox.decide((await owed(city, appeal)).id, NoticeEvent.SEND_AGAIN, clock.now())
    (again,) = await worker.take()
    assert (again.job.id, again.job.attempt) == (attempt.job.id, 1)
    assert again.call_id != attempt.call_id
