"""From the outbox to an accepted appeal, on real storage: whom it calls, whom it does not, who may accept."""

from dataclasses import replace

import pytest

from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Attempt, Errand, Result
from hotline.enterprises.executors import Contact
from hotline.voice.speech import Language, Phrase
from service.calls.duty_calls import DutyCalls
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found


class QuietVoice:
    """A voice that only remembers what it was to say."""

    def __init__(self) -> None:
        self.made: list[str] = []

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


def duty_calls(storage: Storage, clock: SetClock, voice: QuietVoice, *, demo: bool = False) -> DutyCalls:
    return DutyCalls(
        owed=storage.calls_owed,
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


async def answers(calls: DutyCalls, errand: Errand, keys: str) -> tuple[FakeCall, Attempt]:
    call, attempt = (
        FakeCall(keys, outgoing=True, call_id=f"out-{errand.call}"),
        Attempt(errand, f"out-{errand.call}"),
    )
    await calls.attend(call, attempt)
    return call, attempt


async def test_what_is_said_is_made_before_anybody_is_rung(
    city: City, calls: DutyCalls, voice: QuietVoice
) -> None:
    await emergency(city)
    (errand,) = await calls.claim(NOON, 2)
    assert errand.number == city.heat.contacts[0].number
    await calls.prepare(errand)
    assert voice.made == ["Аварія. Немає опалення. Адреса: Київський квартал, 7, квартира 12."]


async def test_a_key_accepts_the_appeal_for_the_contact_that_was_called(city: City, calls: DutyCalls) -> None:
    appeal = await emergency(city)
    (errand,) = await calls.claim(NOON, 2)
    call, attempt = await answers(calls, errand, "1")
    await calls.ended(errand, Result.SETTLED, NOON)
    assert attempt.settled
    assert call.heard[-1] == "duty-accepted"
    accepted = await city.storage.appeals.find(appeal.number)
    assert accepted is not None
    assert accepted.state is AppealState.ACCEPTED
    (entry,) = [
        one for one in await city.storage.handling.history(appeal.number, hidden=True) if one.act == "accept"
    ]
    assert entry.facts == {"acknowledged_by": "Диспетчерська", "call_id": call.id}
    assert (await owed(city, appeal)).state is NoticeState.SENT


async def test_a_note_that_came_in_between_does_not_keep_it_from_being_accepted(
    city: City, calls: DutyCalls
) -> None:
    appeal = await emergency(city)
    (errand,) = await calls.claim(NOON, 2)
    await city.storage.handling.carry_out(
        appeal.number, Note(by=city.dispatcher, at=NOON, text="Телефонували ще раз"), version=appeal.version
    )
    _, attempt = await answers(calls, errand, "1")
    assert attempt.settled
    then = await city.storage.appeals.find(appeal.number)
    assert then is not None
    assert then.state is AppealState.ACCEPTED


async def test_nobody_accepts_what_is_anothers_by_now(city: City, calls: DutyCalls) -> None:
    appeal = await emergency(city)
    (errand,) = await calls.claim(NOON, 2)
    await city.storage.handling.carry_out(
        appeal.number, Assign(by=city.dispatcher, at=NOON, executor_id=city.water.id), version=appeal.version
    )
    call, attempt = await answers(calls, errand, "1")
    assert call.heard[-1] == "duty-not-needed"
    assert attempt.settled
    then = await city.storage.appeals.find(appeal.number)
    assert then is not None
    assert (then.state, then.executor_id) == (AppealState.ASSIGNED, city.water.id)


async def test_nobody_is_called_about_what_was_accepted_before(city: City, calls: DutyCalls) -> None:
    appeal = await emergency(city)
    await city.storage.handling.carry_out(
        appeal.number, Accept(by=city.executor, at=NOON), version=appeal.version
    )
    assert await calls.claim(NOON, 2) == []
    assert (await owed(city, appeal)).state is NoticeState.NEEDLESS


@pytest.mark.parametrize(
    ("number", "fault"),
    [("112", "not-allowed"), ("+48221234567", "not-allowed"), ("+380900123456", "premium")],
)
async def test_a_number_that_may_not_be_called_is_given_up_and_told(
    city: City, calls: DutyCalls, number: str, fault: str
) -> None:
    wrong = Contact(name="Хибний", number=number)
    await city.storage.executors.update(replace(city.heat, contacts=(wrong,)))
    appeal = await emergency(city)
    assert await calls.claim(NOON, 2) == []
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
    assert await duty_calls(storage, clock, voice).claim(NOON, 2) == []
    notice = await owed(city, appeal)
    assert (notice.state, notice.fault) == (NoticeState.FAILED, "fictional")
    await storage.outbox.decide(notice.id, NoticeEvent.SEND_AGAIN, NOON)
    (errand,) = await duty_calls(storage, clock, voice, demo=True).claim(NOON, 2)
    assert errand.number == "+380457900060"


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
    city: City, calls: DutyCalls, result: Result, state: NoticeState
) -> None:
    appeal = await emergency(city)
    (errand,) = await calls.claim(NOON, 2)
    await calls.ended(errand, result, NOON)
    notice = await owed(city, appeal)
    assert (notice.state, notice.fault) == (state, result.value)


async def test_a_call_that_a_person_has_placed_again_has_another_name(city: City, calls: DutyCalls) -> None:
    appeal = await emergency(city)
    (errand,) = await calls.claim(NOON, 2)
    await calls.ended(errand, Result.UNHEARD, NOON)
    later = NOON.replace(hour=14)
    await city.storage.outbox.decide((await owed(city, appeal)).id, NoticeEvent.SEND_AGAIN, later)
    (again,) = await calls.claim(later, 2)
    assert again.name == errand.name
    assert again.call != errand.call
