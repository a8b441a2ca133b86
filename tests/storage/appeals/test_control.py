"""Control on both databases: enterprises counted, what waits, reports of the same."""

from datetime import timedelta

import pytest

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.applicants_word import AttemptInVain, BeginCheck
from hotline.appeals.acts.asking import AskBack
from hotline.appeals.acts.keeping import PutUnderControl
from hotline.appeals.acts.routing import HandBack
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealKind, ResultKind
from hotline.appeals.control import AppealWaitsFor, Moments
from hotline.appeals.lists import AppealFilter, Order
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

AT = Moments(
    now=NOON,
    today_ends=NOON + timedelta(hours=10),
    soon_ends=NOON + timedelta(days=2),
    since=NOON - timedelta(days=30),
)
ATTEMPTS = 2


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def do(city: City, appeal: Appeal, *acts: Act) -> Appeal:
    for act in acts:
        appeal = await city.storage.handling.carry_out(appeal.number, act, version=appeal.version)
    return appeal


def done(city: City) -> tuple[Act, ...]:
    result = ReportDone(by=city.executor, at=NOON, result=ResultKind.SATISFIED, answer="Полагоджено")
    return Accept(by=city.executor, at=NOON), BeginWork(by=city.executor, at=NOON), result


async def waiting(city: City, wait: AppealWaitsFor) -> list[str]:
    control = city.storage.control
    listed = await control.waiting(wait, attempts=ATTEMPTS, limit=9)
    assert await control.count(wait, attempts=ATTEMPTS, most=9) == len(listed)
    return [one.listed.appeal.number for one in listed]


async def test_enterprises_are_counted_by_how_their_terms_stand(city: City) -> None:
    long_ago = NOON - timedelta(days=20)
    for received, hours, kind in (
        (long_ago, -30, AppealKind.APPLICATION),
        (NOON, -1, AppealKind.APPLICATION),
        (long_ago, -30, AppealKind.REPORT),
    ):
        await city.enter(registered_at=received, due_at=NOON + timedelta(hours=hours), kind=kind)
    today = await city.enter(due_at=NOON + timedelta(hours=3))
    await city.enter(due_at=NOON + timedelta(hours=30))
    await city.enter(due_at=NOON + timedelta(days=9))
    nobody = await city.enter(category="noise")
    await do(city, nobody, PutUnderControl(by=acting(city.head), at=NOON, on=True))
    await do(city, today, *done(city), BeginCheck(by=city.dispatcher, at=NOON))
    free, heat = await city.storage.control.standings(AT)
    assert (free.executor_id, free.owed, free.controlled, free.received) == (None, 1, 1, 1)
    assert (heat.executor, heat.owed, heat.overdue, heat.today, heat.soon) == ("Тепломережі", 5, 3, 0, 1)
    assert (heat.breached, heat.unaccepted, heat.received, heat.confirmed) == (1, 5, 6, 0)
    wanted = AppealFilter(breached_at=NOON)
    (listed,) = await city.storage.appeal_lists.find(wanted, order=Order.TERM, limit=9)
    assert (listed.appeal.kind, listed.appeal.registered_at) == (AppealKind.APPLICATION, long_ago)


async def test_what_was_received_before_the_days_asked_for_is_not_counted(city: City) -> None:
    await city.enter(registered_at=NOON - timedelta(days=40), due_at=NOON)
    (heat,) = await city.storage.control.standings(AT)
    assert (heat.owed, heat.received) == (1, 0)


async def test_each_waits_for_one_thing_at_a_time(city: City) -> None:
    by_mail = {"reply_by": Channel.EMAIL, "reply_to": "maria@example.org"}  # whom the hotline does not call
    appeal = await city.enter(urgency=Urgency.EMERGENCY, **by_mail)
    assert await waiting(city, AppealWaitsFor.UNACCEPTED) == [appeal.number]
    question = AskBack(by=city.executor, at=NOON, text="Який під’їзд?")
    appeal = await do(city, appeal, *done(city)[:1], question)
    assert not await waiting(city, AppealWaitsFor.UNACCEPTED)
    assert await waiting(city, AppealWaitsFor.ASKED) == [appeal.number]
    appeal = await do(city, appeal, *done(city)[1:])
    assert not await waiting(city, AppealWaitsFor.ASKED)
    assert await waiting(city, AppealWaitsFor.TO_CHECK) == [appeal.number]
    vain = AttemptInVain(by=city.dispatcher, at=NOON, outcome="busy")
    appeal = await do(city, appeal, BeginCheck(by=city.dispatcher, at=NOON), vain)
    assert await waiting(city, AppealWaitsFor.TO_CHECK) == [appeal.number]
    await do(city, appeal, vain)
    assert not await waiting(city, AppealWaitsFor.TO_CHECK)
    assert await waiting(city, AppealWaitsFor.SPENT) == [appeal.number]


async def test_what_was_handed_back_comes_with_the_reason(city: City) -> None:
    appeal = await city.enter()
    await do(city, appeal, HandBack(by=city.executor, at=NOON, reason="Не наша труба"))
    fresh = await city.enter(category="noise", due_at=NOON + timedelta(days=30))
    listed = await city.storage.control.waiting(AppealWaitsFor.UNROUTED, attempts=ATTEMPTS, limit=9)
    assert [(one.listed.appeal.number, one.said, one.handed_back) for one in listed] == [
        (appeal.number, "Не наша труба", True),
        (fresh.number, "", False),
    ]


async def test_no_more_are_counted_than_asked_for(city: City) -> None:
    for _ in range(3):
        await city.enter(category="noise")
    assert await city.storage.control.count(AppealWaitsFor.UNROUTED, attempts=ATTEMPTS, most=2) == 2


async def test_reports_of_the_same_share_category_and_house(city: City) -> None:
    main = await city.enter(address="вулиця Атомників, 7, кв. 1")
    house = await city.enter(address="вулиця Атомників, 7, кв. 2")
    street = await city.enter(address="вулиця Атомників, 71")
    await city.enter(address="вулиця Атомників, 7", category="heat-cold")
    await city.enter(address="вулиця Атомників, 7", registered_at=NOON - timedelta(days=40))
    await city.enter(address="вулиця Атомників, 7", parent=main.number)

    async def same(*, whole_street: bool) -> list[str]:
        listed = await city.storage.control.same(
            main, whole_street=whole_street, since=NOON - timedelta(days=30), limit=9
        )
        return [one.appeal.number for one in listed]

    assert await same(whole_street=False) == [house.number]
    assert await same(whole_street=True) == [street.number, house.number]
