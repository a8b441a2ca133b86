"""Several people, each in a process of their own, act on one appeal at the same moment."""

import pytest

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE, acting, applicant
from hotline.appeals.acts.applicants_word import BeginCheck, CloseUnconfirmed, Confirm, Dispute, Withdraw
from hotline.appeals.acts.extension import Extend
from hotline.appeals.acts.keeping import Amend, Note
from hotline.appeals.acts.routing import Assign, Forward, HandBack
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from storage.store import Storage
from tests.storage.appeals.test_handling import LATER, do
from tests.storage.enterprise import City, found
from tests.storage.others import CarryOut, Deed, Enter, at_once

MARIA = applicant("call:hotline-1.1")
WORD = "Так вирішено"


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


def acts(city: City) -> dict[str, Act]:
    executor, dispatcher, head = city.executor, city.dispatcher, acting(city.head)
    done = ReportDone(by=executor, at=LATER, result=ResultKind.SATISFIED, answer="Полагоджено")
    return {
        "accept": Accept(by=executor, at=LATER),
        "hand-back": HandBack(by=executor, at=LATER, reason=WORD),
        "begin-work": BeginWork(by=executor, at=LATER),
        "report-done": done,
        "begin-check": BeginCheck(by=SERVICE, at=LATER),
        "assign": Assign(by=dispatcher, at=LATER, executor_id=city.water.id),
        "forward": Forward(by=dispatcher, at=LATER, to="Поліція", reason=WORD),
        "amend": Amend(by=dispatcher, at=LATER, address="Ризький квартал, 1"),
        "note": Note(by=dispatcher, at=LATER, text=WORD),
        "close-unconfirmed": CloseUnconfirmed(by=dispatcher, at=LATER, reason=WORD),
        "confirm": Confirm(by=MARIA, at=LATER),
        "dispute": Dispute(by=MARIA, at=LATER),
        "withdraw": Withdraw(by=MARIA, at=LATER),
        "extend": Extend(by=head, at=LATER, until=LATER.date().replace(day=20), reason=WORD),
    }


@pytest.mark.parametrize(
    ("road", "rivals"),
    [
        ((), ("accept", "assign", "hand-back", "withdraw")),
        (("accept", "begin-work"), ("report-done", "assign", "extend", "withdraw")),
        (("accept", "begin-work", "report-done"), ("begin-check", "confirm", "dispute", "withdraw")),
        (("accept",), ("forward", "begin-work", "amend", "note")),
    ],
)
async def test_of_several_who_act_at_once_one_wins_and_the_others_are_told_what_was_done(
    city: City, url: str, road: tuple[str, ...], rivals: tuple[str, ...]
) -> None:
    possible = acts(city)
    appeal = await do(city, await city.enter(), *(possible[name] for name in road))
    deeds: list[Deed] = [CarryOut(appeal.number, possible[name], appeal.version) for name in rivals]
    outcomes = dict(zip(rivals, at_once(url, deeds), strict=True))
    (winner,) = [name for name, one in outcomes.items() if isinstance(one, Appeal)]
    then = await city.storage.registry.find(appeal.number)
    assert then == outcomes.pop(winner)
    assert set(map(str, outcomes.values())) == {str(("overtaken", appeal.version + 1, [winner]))}
    history = await city.storage.handling.history(appeal.number, hidden=True)
    assert [one.act for one in history] == ["register", "assign", *road, winner]
    about = [one.about for one in await city.storage.outbox.of_appeal(appeal.number)]
    assert not set(outcomes) - {"assign"} & set(about)


async def test_a_form_that_is_sent_by_several_at_once_is_one_appeal(city: City, url: str) -> None:
    found_by_each = at_once(url, [Enter(city.new(idempotency_key="one")) for _ in range(4)])
    assert len({one.number for one in found_by_each if isinstance(one, Appeal)}) == 1
    assert all(isinstance(one, Appeal) for one in found_by_each)


async def test_numbers_that_are_given_out_at_once_have_no_gap_and_none_is_given_twice(
    city: City, url: str
) -> None:
    entered = at_once(url, [Enter(city.new(idempotency_key=f"form {one}")) for one in range(6)])
    numbers = sorted(one.number for one in entered if isinstance(one, Appeal))
    assert numbers == [f"26{one:05d}" for one in range(1, 7)]
    indices = {one.registration_index for one in entered if isinstance(one, Appeal)}
    assert indices == {f"Д-{one}" for one in range(1, 7)}


async def test_what_several_write_down_at_once_is_all_there(city: City, url: str) -> None:
    appeal = await city.enter()
    texts = [f"Нотатка {one}" for one in range(6)]
    deeds: list[Deed] = [
        CarryOut(appeal.number, Note(by=city.dispatcher, at=LATER, text=text), None) for text in texts
    ]
    assert all(isinstance(one, Appeal) for one in at_once(url, deeds))
    history = await city.storage.handling.history(appeal.number, hidden=True)
    assert sorted(one.said for one in history if one.act == "note") == texts
    assert [one.version for one in history] == list(range(1, appeal.version + 7))
    assert (await city.storage.registry.find(appeal.number)).state is AppealState.ASSIGNED
