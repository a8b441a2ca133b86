"""An emergency that nobody takes, on real storage: who is called after whom, and what each key comes to."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Escalate
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal
from hotline.appeals.untaken import TAKEN
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import StepKind
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import Attempt
from hotline.shifts.roster import Shift
from service.calls.untaken_calls import Untaken, UntakenCalls
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.jobs import Worker
from tests.service.calls.test_duty_calls import QuietVoice
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

SENIOR, HEAD, OTHER_HEAD = "+380670000001", "+380670000002", "112"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def voice() -> QuietVoice:
    return QuietVoice()


@pytest.fixture
def calls(storage: Storage, clock: SetClock, voice: QuietVoice) -> UntakenCalls:
    return untaken_calls(storage, clock, voice)


def untaken_calls(storage: Storage, clock: SetClock, voice: QuietVoice) -> UntakenCalls:
    return UntakenCalls(
        outbox=storage.outbox,
        appeals=storage.appeals,
        handling=storage.handling,
        users=storage.users,
        in_turn=storage.in_turn,
        rules=CallingRules(),
        voice=voice,
        clock=clock,
        zone=ZoneInfo("Europe/Kyiv"),
    )


@pytest.fixture
def worker(storage: Storage, clock: SetClock, calls: UntakenCalls) -> Worker:
    return Worker(storage, clock, calls)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await centre(storage)


async def centre(storage: Storage) -> City:
    """A city with a senior of the shift and two heads."""
    city = await found(storage)
    users = storage.users
    senior = await users.add(
        login="olena", name="Олена", role=Role.DISPATCHER, password_hash="h", telephone=SENIOR
    )
    for login, number in (("head", HEAD), ("other", OTHER_HEAD)):
        await users.add(login=login, name=login, role=Role.HEAD, password_hash="h", telephone=number)
    monday = date(2026, 3, 2)
    shift = Shift(user_id=senior.id, day=monday, since=time(8), until=time(20), senior=True)
    draft = await storage.roster.save(monday, [shift], instead_of=0, by=city.head.id, at=NOON)
    await storage.roster.publish(monday, edition=draft.edition, by=city.head.id, at=NOON)
    return city


async def emergency(city: City) -> Appeal:
    """An emergency that no rule gives to anybody, and the step at which that is told."""
    appeal = await city.enter(urgency=Urgency.EMERGENCY, category="water-leak")
    act = Escalate(by=SERVICE, at=NOON, kind=StepKind.UNROUTED, key="unrouted:1")
    return await city.storage.handling.carry_out(appeal.number, act, version=None)


async def owed(city: City, appeal: Appeal) -> list[tuple[str, NoticeState]]:
    """The calls about it, the first first: whom, and what came of each."""
    told = await city.storage.outbox.of_appeal(appeal.number)
    return [(one.address, one.state) for one in reversed(told) if one.channel is Channel.CALL]


async def answers(calls: UntakenCalls, attempt: Attempt[Untaken], keys: str) -> FakeCall:
    call = FakeCall(keys, outgoing=True, call_id=attempt.call_id)
    await calls.attend(call, attempt)
    return call


async def test_the_senior_takes_it_by_a_key_and_the_history_says_who_did(
    city: City, calls: UntakenCalls, worker: Worker, voice: QuietVoice
) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    assert attempt.brief.number == SENIOR
    await calls.prepare(attempt.brief.about)
    assert voice.made[1] == "Вона надійшла сьогодні о чотирнадцятій годині, і досі її ніхто не прийняв."
    call = await answers(calls, attempt, "31")
    await worker.over(attempt, Result.SETTLED)
    assert call.heard[-1] == "untaken-taken"
    note = (await city.storage.handling.history(appeal.number, hidden=True))[-1]
    olena = await city.storage.users.by_login("olena")
    assert olena is not None
    assert (note.act, note.said, note.user_id, note.hidden) == ("note", TAKEN, olena.id, True)
    assert await owed(city, appeal) == [(SENIOR, NoticeState.SENT)]


async def test_whoever_cannot_or_is_not_reached_is_followed_by_the_next_until_nobody_is_left(
    city: City, calls: UntakenCalls, worker: Worker, clock: SetClock
) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    assert (await answers(calls, attempt, "2")).heard[-1] == "untaken-next-called"
    assert (await answers(calls, attempt, "2")).heard[-1] == "untaken-nobody-left"  # owed once
    await worker.over(attempt, Result.SETTLED)
    second = await worker.dialled()
    assert second.brief.number == HEAD
    await worker.over(second, Result.BUSY)
    assert (await owed(city, appeal))[1:] == [(HEAD, NoticeState.OWED)]
    clock.pass_by(60)
    await worker.over(await worker.dialled(), Result.NO_ANSWER)
    assert await worker.take() == []  # the other head's number is none that we dial
    assert await owed(city, appeal) == [
        (SENIOR, NoticeState.SENT),
        (HEAD, NoticeState.FAILED),
        (OTHER_HEAD, NoticeState.FAILED),
    ]


async def test_what_is_accepted_meanwhile_is_told_so_and_calls_nobody_more(
    city: City, calls: UntakenCalls, worker: Worker
) -> None:
    appeal = await emergency(city)
    attempt = await worker.dialled()
    for act in (
        Assign(by=city.dispatcher, at=NOON, executor_id=city.heat.id, reason="Їхня мережа"),
        Accept(by=city.executor, at=NOON),
    ):
        await city.storage.handling.carry_out(appeal.number, act, version=None)
    assert (await answers(calls, attempt, "1")).heard[-1] == "duty-not-needed"
    assert [one.act for one in await city.storage.handling.history(appeal.number, hidden=True)][
        -1
    ] == "accept"
