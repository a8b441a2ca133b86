import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from hotline.access.users import AuditFilter, User
from hotline.appeals.acts.actors import Actor
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.work import Accept, BeginWork, PassInside
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.recounting import notices_of_recount
from hotline.city.classifier import Urgency, classifier
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.storage.conftest import NOON
from tests.storage.enterprise import City

from .conftest import do


def rows(page: str) -> list[str]:
    return re.findall(r'id="row-(\d+)"', page)


def counts(page: str) -> dict[str, int]:
    found = re.findall(r'<a class="btn[^>]*>([^<]+?) ?<span class="work-count[^>]*>(\d+)', page)
    return {title.replace("✓ ", ""): int(number) for title, number in found}


async def several(city: City) -> list[Appeal]:
    """An ordinary one, one with an early term, an emergency, and one of another enterprise."""
    return [
        await city.enter(),
        await city.enter(due_at=NOON + timedelta(hours=2), address="Ризький квартал, 3"),
        await city.enter(urgency=Urgency.EMERGENCY, due_at=NOON + timedelta(days=2)),
        await city.enter(category="water-none"),
    ]


async def test_only_their_own_stand_there_emergencies_first_then_by_the_term(
    petro: Person, city: City
) -> None:
    ordinary, early, emergency, anothers = await several(city)
    page = html.unescape(await petro.text("/enterprise"))
    assert rows(page) == [emergency.number, early.number, ordinary.number]
    assert anothers.number not in page
    assert counts(page)["Нові"] == 3
    entries = await city.storage.audit.find(AuditFilter(subject="work"), limit=9)
    assert [one.action for one in entries] == ["view"]


async def test_whoever_is_served_first_by_law_is_marked_in_the_list_and_on_the_card(
    petro: Person, city: City
) -> None:
    other, first = await city.enter(), await city.enter(categories=("7.1",))
    page = html.unescape(await petro.text("/enterprise"))
    assert rows(page) == [first.number, other.number]
    assert page.count("першочергово") == 1
    assert "першочергово" in await petro.text(f"/enterprise/{first.number}")


async def test_an_emergency_shows_by_when_it_has_to_be_accepted(
    petro: Person, city: City, by: Actor, clock: MovedClock
) -> None:
    emergency = await city.enter(urgency=Urgency.EMERGENCY)
    wait = classifier(1).acknowledgement(emergency.category, emergency.urgency)
    assert wait is not None
    until = f"{(NOON + wait).astimezone(KYIV):%H:%M}"
    for path in ("/enterprise", f"/enterprise/{emergency.number}"):
        assert f"прийняти до {until}" in html.unescape(await petro.text(path))
    clock.moment = NOON + wait
    assert f"не прийнято до {until}: телефонуємо іншим" in html.unescape(await petro.text("/enterprise"))
    await do(city, emergency, Accept(by=by, at=clock.now()))
    assert "прийнято до" not in html.unescape(await petro.text("/enterprise"))


async def test_they_are_divided_counted_and_found(
    petro: Person, city: City, by: Actor, clock: MovedClock, accounts_of: Mapping[str, User]
) -> None:
    ordinary, early, emergency, _ = await several(city)
    mine = PassInside(by=by, at=clock.now(), assignee_id=accounts_of["petro"].id)
    await do(city, ordinary, Accept(by=by, at=clock.now()), BeginWork(by=by, at=clock.now()), mine)
    clock.pass_(hours=3)
    page = html.unescape(await petro.text("/enterprise?tab=overdue"))
    assert rows(page) == [early.number]
    assert "прострочено на 1 годину" in page
    assert {"Нові": 2, "У роботі": 1, "Прострочені": 1, "Лише мої": 1}.items() <= counts(page).items()
    for query, expected in (
        ("tab=new", [emergency.number, early.number]),
        ("tab=work", [ordinary.number]),
        ("mine=1", [ordinary.number]),
        ("q=ризький", [early.number]),
        ("tab=ended", []),
        ("tab=nonsense&page=x", [emergency.number, early.number, ordinary.number]),
        ("page=2", []),
    ):
        assert rows(await petro.text(f"/enterprise?{query}")) == expected, query


async def test_a_bulk_act_tells_the_result_of_each_one(
    petro: Person, city: City, by: Actor, clock: MovedClock
) -> None:
    fresh, changed, accepted, anothers = await several(city)
    await do(city, accepted, Accept(by=by, at=clock.now()))
    await do(city, changed, Note(by=by, at=clock.now(), text="Зайти зранку"))
    ticked = [(one.number, one.version) for one in (fresh, changed, anothers)]
    ticked += [(accepted.number, accepted.version + 1), ("999", 1)]
    page = await bulk(petro, "accept", ticked)
    results = dict(re.findall(r">№ ([\d ]+)</a>: ([^<]+)</li>", page))
    told = {number.replace(" ", ""): text for number, text in results.items()}
    assert told == {
        fresh.number: "зроблено",
        changed.number: "тим часом змінилося: перегляньте його ще раз",
        accepted.number: "уже прийняте або зараз його прийняти не можна",
        anothers.number: "вже не серед ваших звернень",
        "999": "вже не серед ваших звернень",
    }
    assert "Прийнято: 1 з 5" in page
    states = [(await city.storage.registry.find(one.number)).state for one in (fresh, changed, anothers)]
    assert states == [AppealState.ACCEPTED, AppealState.ASSIGNED, AppealState.REGISTERED]


async def test_many_are_begun_or_passed_to_a_colleague_at_once(
    petro: Person, city: City, by: Actor, clock: MovedClock, accounts_of: Mapping[str, User]
) -> None:
    one, other, *_ = await several(city)
    one = await do(city, one, Accept(by=by, at=clock.now()))
    both = [(one.number, one.version), (other.number, other.version)]
    olha = str(accounts_of["olha"].id)
    assert "Передано всередині підприємства: 2 з 2" in await bulk(
        petro, "pass-inside", both, assignee_id=olha
    )
    both = [(number, version + 1) for number, version in both]
    assert "Роботу почато: 1 з 2" in await bulk(petro, "begin-work", both)
    for nobody in ("", str(accounts_of["vodiany"].id), "999999999999999999999"):
        page = await bulk(petro, "pass-inside", [(other.number, both[1][1])], assignee_id=nobody)
        assert "виберіть колегу зі свого підприємства" in page
    assert "Спершу позначте звернення." in await bulk(petro, "accept", [])
    assert (await petro.post("/enterprise/bulk", {"act": "report-done"})).status == 400


async def test_after_a_bulk_act_one_is_where_one_was(petro: Person, city: City) -> None:
    _, early, *_ = await several(city)
    answer = await petro.post("/enterprise/bulk", {"act": "accept", "back": "tab=new&q=ризький"})
    page = await answer.text()
    assert rows(page) == [early.number]
    assert 'value="ризький"' in page


async def test_the_list_renews_itself_by_parts(petro: Person, city: City, appeal: Appeal) -> None:
    part = await petro.text("/enterprise/renewed?tab=new")
    assert rows(part) == [appeal.number]
    assert re.findall(r'^<(?:div|nav) id="([\w-]+)"', part, re.MULTILINE) == [
        "work-notices",
        "work-tabs",
        "work-rows",
    ]
    assert "<html" not in part


async def test_terms_that_changed_holidays_moved_are_one_line_with_all_their_appeals(
    petro: Person, city: City, appeal: Appeal
) -> None:
    moved = [appeal, replace(appeal, number="2600777")]
    owed = notices_of_recount(1002, moved, {city.heat.id: city.heat}, appeal.registered_at)
    await city.storage.outbox.owe(owed, appeal.registered_at)
    page = html.unescape(await petro.text("/enterprise"))
    (line,) = [one for one in page.splitlines() if "за зміненим переліком святкових днів" in one]
    assert [f'href="/enterprise/{one.number}"' in line for one in moved] == [True, True]


async def test_what_is_new_stands_on_the_page_until_somebody_has_read_it(
    petro: Person, stranger: Person, city: City, appeal: Appeal
) -> None:
    page = html.unescape(await petro.text("/enterprise"))
    assert "Що нового" in page
    (notice,) = re.findall(r'name="notice" value="(\d+)"', page)
    assert (await stranger.post("/enterprise/notices/seen", {"notice": notice})).status == 303
    assert "Що нового" in html.unescape(await petro.text("/enterprise"))
    answer = await petro.post("/enterprise/notices/seen", {"notice": notice, "back": "tab=new"})
    assert answer.headers["Location"] == "/enterprise?tab=new"
    assert "Що нового" not in html.unescape(await petro.text("/enterprise"))
    entries = await city.storage.audit.find(AuditFilter(subject=f"executor:{city.heat.id}"), limit=9)
    assert [one.action for one in entries] == ["change"]


async def test_long_lists_go_page_by_page(petro: Person, city: City) -> None:
    numbers = [(await city.enter()).number for _ in range(31)]
    first, second = await petro.text("/enterprise"), await petro.text("/enterprise?page=2")
    assert rows(first) + rows(second) == numbers
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


async def bulk(person: Person, act: str, ticked: list[tuple[str, int]], **fields: str) -> str:
    form = [("csrf", person.csrf), ("act", act), *fields.items()]
    form += [("ticked", f"{number}:{version}") for number, version in ticked]
    answer = await person.client.post("/enterprise/bulk", data=form, headers=person.origin)
    assert answer.status == 200
    return html.unescape(await answer.text()).replace("\xa0", " ")
