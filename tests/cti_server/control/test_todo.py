"""What waits for a person stands on one page, and nothing else does."""

import re

import pytest

from cti_server.control import todo
from hotline.appeals.acts.applicants_word import AttemptInVain
from hotline.appeals.acts.asking import AskBack
from hotline.appeals.acts.routing import HandBack
from hotline.appeals.appeal import AppealState
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from storage.store import Storage
from tests.cti_server.appeals.card.conftest import Road
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.outages.alerts.conftest import raised

GROUPS = re.compile(r'id="todo-([a-z-]+)-(\d+)"')

BY_MAIL = {"reply_by": Channel.EMAIL, "reply_to": "maria@example.org"}
"""Whom the hotline does not call by itself: dispatchers have to."""


async def waiting(person: Person) -> list[tuple[str, str]]:
    return GROUPS.findall(await person.text("/todo"))


async def test_nothing_waits_in_a_city_where_all_is_with_somebody(olena: Person, road: Road) -> None:
    await road.to(AppealState.IN_WORK)
    assert "Усе зроблено" in await olena.text("/todo")


async def test_each_appeal_stands_under_what_it_waits_for(olena: Person, road: Road) -> None:
    await road.begins(number=1)
    await road.to(AppealState.ASSIGNED, number=2, urgency=Urgency.EMERGENCY)
    asked = await road.to(AppealState.IN_WORK, number=3)
    await road.do(asked, AskBack(by=road.executor, at=road.clock.now(), text="Де ключ?"))
    await road.to(AppealState.DONE, number=4, **BY_MAIL)
    await road.to(AppealState.BEING_CHECKED, number=5, **BY_MAIL)
    await road.to(AppealState.ASSIGNED, number=6)
    assert await waiting(olena) == [
        ("unaccepted", "2600002"),
        ("unrouted", "2600001"),
        ("asked", "2600003"),
        ("to-check", "2600004"),
        ("to-check", "2600005"),
    ]
    assert "Де ключ?" in await olena.text("/todo")


async def test_what_was_handed_back_says_why(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.ASSIGNED)
    await road.do(appeal, HandBack(by=road.executor, at=road.clock.now(), reason="Це мережі водоканалу"))
    page = await olena.text("/todo")
    assert "повернуто" in page
    assert "Це мережі водоканалу" in page


async def test_spent_attempts_are_for_a_person_to_decide(olena: Person, road: Road) -> None:
    appeal = await road.to(AppealState.BEING_CHECKED, **BY_MAIL)
    for _ in range(3):
        assert await waiting(olena) == [("to-check", appeal.number)]
        vain = AttemptInVain(by=road.city, at=road.clock.now(), outcome="busy")
        appeal = await road.do(appeal, vain)
    assert await waiting(olena) == [("spent", appeal.number)]


async def test_opening_it_is_written_down_and_renewing_it_is_not(olena: Person, road: Road) -> None:
    await olena.text("/todo")
    await olena.get("/todo", headers={"HX-Request": "true"})
    entries = await road.storage.audit.latest()
    assert [one.detail for one in entries].count("todo") == 1


async def test_an_alert_of_many_reports_waits_for_a_person_too(
    olena: Person, storage: Storage, clock: MovedClock
) -> None:
    alert = await raised(storage, clock)
    page = await olena.text("/todo")
    assert f'href="/outage-register/alerts/{alert.id}">Вода</a>' in page
    assert "повідомляють 3 людини" in page
    assert ">1<" in await olena.text("/todo/count")


async def test_control_counts_alerts_of_which_nobody_has_made_an_outage_in_time(
    head: Person, storage: Storage, clock: MovedClock
) -> None:
    await raised(storage, clock)
    assert "ймовірне відключення чекає" not in await head.text("/control")
    clock.pass_(minutes=31)
    assert "1 ймовірне відключення чекає на рішення понад пів години" in await head.text("/control")


async def test_parts_are_counted_and_shown_alone(olena: Person, road: Road) -> None:
    await road.begins(number=1)
    await road.to(AppealState.ASSIGNED, number=2, urgency=Urgency.EMERGENCY)
    await raised(road.storage, road.clock)
    page = await olena.text("/todo")
    counts = dict(re.findall(r'href="/todo\?wait=([a-z-]+)">[^<]+<span class="list-count">(\d+)<', page))
    assert {part for part, count in counts.items() if count == "1"} == {"alerts", "unaccepted", "unrouted"}
    assert len(counts) == 21
    alone = await olena.text("/todo?wait=unrouted")
    assert GROUPS.findall(alone) == [("unrouted", "2600001")]
    assert "todo-alert-" not in alone
    assert 'hx-get="/todo?wait=unrouted"' in alone, "it renews itself as it is filtered"
    again = dict(re.findall(r'href="/todo\?wait=([a-z-]+)">[^<]+<span class="list-count">(\d+)<', alone))
    assert again.items() <= counts.items(), "other parts are counted while one is shown"
    assert GROUPS.findall(await olena.text("/todo?wait=asked")) == []
    assert len(GROUPS.findall(await olena.text("/todo?wait=nonsense"))) == 3


async def test_the_box_finds_what_waits_by_number_words_and_executor(olena: Person, road: Road) -> None:
    await road.begins(number=1, text="Прорвало трубу", address="вулиця Атомників, 7")
    await road.to(AppealState.ASSIGNED, number=2, urgency=Urgency.EMERGENCY, text="Іскрить щиток")
    for text, number in (("26 000 01", "2600001"), ("атомників труб", "2600001"), ("іскрить", "2600002")):
        assert [one for _, one in GROUPS.findall(await olena.text(f"/todo?q={text}"))] == [number], text
    for text, number in (("труби", "2600001"), ("щитків на", "2600002"), ("00002", "2600002")):
        assert [one for _, one in GROUPS.findall(await olena.text(f"/todo?q={text}"))] == [number], text
    found = await olena.text("/todo?q=нічого")
    assert "Нічого не знайдено" in found
    assert "list-count" not in found


async def test_where_not_all_of_a_part_was_looked_through_that_is_said(
    olena: Person, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(todo, "MOST_READ", 2)
    for number in (1, 2, 3):
        await road.begins(number=number, text="Прорвало трубу" if number == 3 else "Іскрить щиток")
    page = await olena.text("/todo?q=труба")
    assert GROUPS.findall(page) == []
    assert ": переглянуто лише перші 2." in page
    assert 'href="/appeals?q=%D1%82%D1%80%D1%83%D0%B1%D0%B0"' in page
    assert "переглянуто лише" not in await olena.text("/todo")
    monkeypatch.setattr(todo, "MOST_READ", 3)
    whole = await olena.text("/todo?q=труба")
    assert [one for _, one in GROUPS.findall(whole)] == ["2600003"]
    assert "переглянуто лише" not in whole


async def test_the_next_act_stands_in_the_row_and_filters_are_kept(olena: Person, road: Road) -> None:
    await road.begins(number=1)
    assert 'href="/appeals/2600001#act-assign"' in await olena.text("/todo")
    answer = await olena.post("/todo/views", {"name": "Нічиї", "query": "wait=unrouted"})
    assert answer.headers["Location"] == "/todo?wait=unrouted"
    assert 'aria-current="page">Нічиї' in await olena.text("/todo?wait=unrouted")
