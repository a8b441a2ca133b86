"""The page of rules: order, form, dry run, what a change would do, two who change it at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import Appeal, AppealKind
from hotline.appeals.registering import NewAppeal
from hotline.appeals.routing import OnDays, Rule, revision
from hotline.city.addresses import Area
from hotline.city.classifier import Urgency
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.rules.conftest import City

HOME = "Київський квартал, 7"


def fields(city: City, **changed: object) -> dict[str, object]:
    """A form without faults."""
    return {
        "executor": str(city.water.id),
        "categories": ["heat-none"],
        "areas": "Київський квартал, 1–9",
        "since": "08:00",
        "until": "17:00",
        "days": ["1", "2", "3", "4", "5"],
        "on_days": "all",
        "active": "yes",
        "note": "Договір 5",
        "after": "0",
        **changed,
    }


async def send(person: Person, path: str, form: Mapping[str, object]) -> tuple[int, str]:
    """Send the form with fields that stand several times; status and page."""
    data: list[tuple[str, str]] = [("csrf", person.csrf)]
    for name, value in form.items():
        data += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    answer = await person.client.post(path, data=data, headers=person.origin, allow_redirects=False)
    return answer.status, await answer.text()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


async def save(person: Person, path: str, form: Mapping[str, object]) -> tuple[int, str]:
    """Show what it would change, then save exactly that."""
    seen = hidden(await person.text(path), "seen")
    status, page = await send(person, path, {**form, "seen": seen, "do": "show"})
    assert status == 200, page
    return await send(
        person, path, {**form, "seen": hidden(page, "seen"), "shown": hidden(page, "shown"), "do": "save"}
    )


async def order(storage: Storage) -> Sequence[int]:
    return [one.id for one in await storage.rules.all()]


async def enter(storage: Storage, users: Mapping[Role, User], clock: MovedClock) -> Appeal:
    return await storage.registry.enter(
        NewAppeal(
            text="Немає опалення",
            kind=AppealKind.APPLICATION,
            category="heat-none",
            classifier=1,
            address=HOME,
            urgency=Urgency.URGENT,
            registered_at=clock.now(),
            year=2026,
            due_on=date(2026, 3, 3),
            due_at=clock.now() + timedelta(hours=24),
            registered_by=users[Role.DISPATCHER].id,
        )
    )


async def test_a_rule_is_added_where_it_was_put_and_kept_whole(
    head: Person, storage: Storage, city: City
) -> None:
    status, _ = await save(head, "/rules/new", fields(city))
    assert status == 303
    first, *rest = await storage.rules.all()
    assert [one.id for one in rest] == [one.id for one in city.rules]
    assert first.executor_id == city.water.id
    assert first.areas == (Area(street="Київський квартал", first=1, last=9),)
    assert (first.categories, first.note, first.active) == (("heat-none",), "Договір 5", True)
    assert first.hours.days == frozenset(range(1, 6))
    (entry, *_) = await storage.audit.latest()
    assert (entry.action, entry.subject) == ("add", f"rule:{first.id}")
    assert "Водоканал" in entry.detail


async def test_a_rule_is_shown_as_it_is_and_changed(head: Person, storage: Storage, city: City) -> None:
    path = f"/rules/{city.rules[0].id}"
    page = await head.text(path)
    assert re.search(r'value="heat-\*" checked', page)
    changed = fields(city, categories=["heat-*"], on_days="working", areas="", since="00:00", until="00:00")
    status, _ = await save(head, path, changed)
    assert status == 303
    rule = (await storage.rules.all())[0]
    assert (rule.id, rule.executor_id, rule.on_days) == (city.rules[0].id, city.water.id, OnDays.WORKING)
    (entry, *_) = await storage.audit.latest()
    assert entry.action == "change"
    assert "Тепломережі" in entry.detail
    assert "⇒" in entry.detail


async def test_a_rule_whose_only_category_went_does_not_become_one_for_all_unasked(
    head: Person, storage: Storage, city: City
) -> None:
    kept = await storage.rules.add(Rule(order=30, executor_id=city.water.id, categories=("bees",)))
    path = f"/rules/{kept.id}"
    assert re.search(r'value="bees" checked>.*bees', await head.text(path))
    form = {**fields(city, categories=["bees"]), "seen": hidden(await head.text(path), "seen"), "do": "show"}
    status, page = await send(head, path, form)
    assert (status, "Зніміть позначки" in page, 'value="bees" checked' in page) == (422, True, True)
    assert (await save(head, path, fields(city, categories=["heat-none"])))[0] == 303
    assert next(one for one in await storage.rules.all() if one.id == kept.id).categories == ("heat-none",)


async def test_nothing_is_saved_that_was_not_shown_before(head: Person, storage: Storage, city: City) -> None:
    page = await head.text("/rules/new")
    form = {**fields(city), "seen": hidden(page, "seen"), "do": "save"}
    status, page = await send(head, "/rules/new", form)
    assert status == 200
    assert await order(storage) == [one.id for one in city.rules]
    other = {**form, "shown": hidden(page, "shown"), "note": "інше"}
    status, _ = await send(head, "/rules/new", other)
    assert status == 200
    assert await order(storage) == [one.id for one in city.rules]


async def test_before_saving_one_sees_which_of_the_latest_appeals_would_go_elsewhere(
    head: Person, storage: Storage, city: City, users: Mapping[Role, User], clock: MovedClock
) -> None:
    appeal = await enter(storage, users, clock)
    seen = revision(await storage.rules.all())
    _, page = await send(head, "/rules/new", {**fields(city), "seen": seen, "do": "show"})
    assert f"/appeals/{appeal.number}" in page
    assert "Тепломережі → Водоканал" in page
    _, page = await send(
        head, "/rules/new", {**fields(city), "after": str(city.rules[1].id), "seen": seen, "do": "show"}
    )
    assert f"/appeals/{appeal.number}" not in page


async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    head: Person, storage: Storage, city: City
) -> None:
    faults = {
        "executor": "999",
        "areas": "Вулиця якої нема",
        "since": "25:00",
        "days": [],
        "on_days": "someday",
        "note": "x" * 201,
        "categories": ["no-such"],
    }
    seen = revision(await storage.rules.all())
    status, page = await send(head, "/rules/new", {**fields(city, **faults), "seen": seen, "do": "save"})
    assert status == 422
    assert "Вулиця якої нема" in page
    for text in (
        "Виберіть підприємство",
        "Такої вулиці немає",
        "Запишіть години",
        "хоча б один день",
        "у які дні діє",
        "200 знаків",
        "Зніміть позначки з того",
    ):
        assert text in page, text
    assert await order(storage) == [one.id for one in city.rules]


async def test_streets_are_taken_by_old_names_and_houses_in_any_writing(
    head: Person, storage: Storage, city: City
) -> None:
    areas = "Московський квартал\nкиївський квартал, 5\nРизький квартал 3-\nВільнюський квартал, –8"
    status, page = await save(head, "/rules/new", fields(city, areas=areas))
    assert status == 303, page
    assert (await storage.rules.all())[0].areas == (
        Area(street="Поліський квартал"),
        Area(street="Київський квартал", first=5, last=5),
        Area(street="Ризький квартал", first=3),
        Area(street="Вільнюський квартал", last=8),
    )
    seen = revision(await storage.rules.all())
    _, page = await send(
        head, "/rules/new", {**fields(city, areas="Київський квартал, 9–1"), "seen": seen, "do": "show"}
    )
    assert "більший за номер останнього" in page


async def test_of_two_heads_at_once_one_wins_and_the_other_is_told_and_loses_nothing(
    head: Person, other_head: Person, storage: Storage, city: City
) -> None:
    path = f"/rules/{city.rules[0].id}"
    seen = hidden(await head.text(path), "seen")
    mine = fields(city, note="моя примітка")
    _, page = await send(head, path, {**mine, "seen": seen, "do": "show"})
    shown = hidden(page, "shown")
    assert (await save(other_head, path, fields(city, note="чужа примітка")))[0] == 303

    status, page = await send(head, path, {**mine, "seen": seen, "shown": shown, "do": "save"})

    assert status == 409
    assert "правила змінив хтось інший" in page
    assert "моя примітка" in page
    assert (await storage.rules.all())[0].note == "чужа примітка"
    again = {**mine, "seen": hidden(page, "seen"), "shown": hidden(page, "shown"), "do": "save"}
    assert (await send(head, path, again))[0] == 303
    assert (await storage.rules.all())[0].note == "моя примітка"
    await other_head.client.close()


async def test_a_rule_that_somebody_removed_meanwhile_is_added_anew_when_one_insists(
    head: Person, storage: Storage, city: City
) -> None:
    path = f"/rules/{city.rules[0].id}"
    seen = hidden(await head.text(path), "seen")
    await storage.rules.replace(city.rules[1:], seen=revision(await storage.rules.all()))
    status, page = await send(head, path, {**fields(city), "seen": seen, "do": "save"})
    assert status == 409
    assert "Це правило видалили" in page
    again = {**fields(city), "seen": hidden(page, "seen"), "shown": hidden(page, "shown"), "do": "save"}
    assert (await send(head, path, again))[0] == 303
    assert len(await storage.rules.all()) == 2


async def test_rules_go_up_and_down_and_off_and_away(head: Person, storage: Storage, city: City) -> None:
    one, two = (rule.id for rule in city.rules)

    async def act(path: str, **form: str) -> int:
        seen = revision(await storage.rules.all())
        return (await head.post(path, {"seen": seen, **form})).status

    assert await act(f"/rules/{two}/move", way="up") == 303
    assert await order(storage) == [two, one]
    assert await act(f"/rules/{two}/move", way="up") == 303
    assert await order(storage) == [two, one]
    assert await act(f"/rules/{two}/move", way="down") == 303
    assert await order(storage) == [one, two]
    assert await act(f"/rules/{one}/switch") == 303
    assert [rule.active for rule in await storage.rules.all()] == [False, True]
    assert await act(f"/rules/{one}/switch") == 303
    assert (await storage.rules.all())[0].active
    assert "Видалити правило?" in await head.text(f"/rules/{one}/remove")
    assert await act(f"/rules/{one}/remove") == 303
    assert await order(storage) == [two]
    (entry, *_) = await storage.audit.latest()
    assert entry.action == "remove"
    assert await act(f"/rules/{one}/move", way="up") == 404


async def test_a_click_on_an_old_list_changes_nothing_and_says_so(
    head: Person, storage: Storage, city: City
) -> None:
    seen = revision(await storage.rules.all())
    await storage.rules.add(Rule(order=99, executor_id=city.water.id))
    before = await storage.rules.all()
    for path in ("move", "switch", "remove"):
        answer = await head.post(f"/rules/{city.rules[0].id}/{path}", {"seen": seen, "way": "down"})
        assert answer.headers["Location"] == "/rules?stale=yes"
    assert await storage.rules.all() == before
    assert "змінив хтось інший" in await head.text("/rules?stale=yes")


async def test_a_dry_run_tells_the_rule_the_enterprise_who_is_on_duty_and_what_was_passed_over(
    head: Person, storage: Storage, city: City
) -> None:
    asked = "/rules?category={}&address=Київський+квартал,+7&at=2026-03-02T12:00"
    page = await head.text(asked.format("heat-none"))
    assert "Диспетчерська" in page
    assert "Черговий" in page
    page = await head.text(asked.format("water-leak"))
    assert "не має контактів" in page
    assert "для інших категорій" in page
    assert "за 15 хвилин" in page
    page = await head.text(asked.format("noise"))
    assert "Призначить диспетчер" in page
    page = await head.text(asked.format("heat-none") + "&kind=complaint")
    assert "жодне правило її не передає" in page
    assert "Призначить диспетчер" in page
    assert "немає в реєстрі" not in page
    assert "«Марс, 1» немає в реєстрі адрес" in await head.text("/rules?category=heat-none&address=Марс,+1")
    answer = await head.get("/rules?category=no-such&address=x&at=nonsense")
    assert answer.status == 422
    text = await answer.text()
    assert "Виберіть категорію" in text
    assert "Вкажіть дату" in text


async def test_what_never_fires_and_what_is_partly_hidden_is_marked(
    head: Person, storage: Storage, city: City
) -> None:
    await storage.rules.add(Rule(order=5, executor_id=city.water.id, categories=("heat-none",)))
    await storage.rules.add(Rule(order=30, executor_id=city.heat.id, categories=("water-none",)))
    page = await head.text("/rules")
    assert "усе забирають правила, що стоять вище" in page
    assert "перехоплює правило" in page
    await storage.executors.update(replace(city.water, active=False))
    assert "підприємство більше не приймає звернень" in await head.text("/rules")


async def test_without_rules_the_page_says_what_happens_then(head: Person, storage: Storage) -> None:
    await storage.rules.replace([], seen=revision(await storage.rules.all()))
    assert "Правил ще немає" in await head.text("/rules")


async def test_the_page_warns_while_an_emergency_may_reach_nobody(
    head: Person, storage: Storage, city: City
) -> None:
    assert "Жодне правило на все місто не бере категорію аварій" in await head.text("/rules")
    emergencies = await storage.rules.add(Rule(order=1, executor_id=city.water.id, categories=("emergency",)))
    assert "не має чергового з номером телефону" in await head.text("/rules")
    rules = [*await storage.rules.all()]
    rules[rules.index(emergencies)] = replace(emergencies, executor_id=city.heat.id)
    await storage.rules.replace(rules, seen=revision(await storage.rules.all()))
    assert "може нікому не додзвонитися" not in await head.text("/rules")
