"""The register of executors: contacts by hour, users, the week, closing, two who change it at once."""

from dataclasses import replace
from datetime import time

import pytest

from hotline.access.permissions import Role
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactHours, ContactKind
from hotline.enterprises.open311 import Shared
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.rules.test_rules import hidden, send
from tests.storage.enterprise import City

WEEK = ["1", "2", "3", "4", "5", "6", "7"]


def contact(row: int, **changed: object) -> dict[str, object]:
    """One row of the form without faults."""
    fields = {
        "id": "0",
        "name": "Диспетчерська",
        "kind": "duty",
        "order": "1",
        "number": "067 123 45 67",
        "email": "duty@example.org",
        "channels": ["email", "sms"],
        "since": "08:00",
        "until": "17:00",
        "days": WEEK[:5],
        **changed,
    }
    return {f"contact-{row}-{name}": value for name, value in fields.items()}


def empty(row: int) -> dict[str, object]:
    return contact(row, name="", number="", email="", order="", since="00:00", until="00:00", days=WEEK)


def names(**changed: object) -> dict[str, object]:
    return {"name": "КП «УЖКГ»", "short": "УЖКГ", **changed}


async def test_an_enterprise_is_entered_with_its_contacts_and_empty_rows_are_nothing(
    head: Person, storage: Storage
) -> None:
    form = names() | contact(0) | contact(1, name="Директор", kind="manager", number="") | empty(2)
    status, _ = await send(head, "/executors/new", form)
    assert status == 303
    (made,) = [one for one in await storage.executors.all() if one.short == "УЖКГ"]
    assert [replace(one, id=0) for one in made.contacts] == [
        Contact(
            name="Диспетчерська",
            number="+380671234567",
            email="duty@example.org",
            channels=(Channel.EMAIL, Channel.SMS),
            hours=ContactHours(since=time(8), until=time(17), days=frozenset(range(1, 6))),
        ),
        Contact(
            name="Директор",
            kind=ContactKind.MANAGER,
            email="duty@example.org",
            channels=(Channel.EMAIL, Channel.SMS),
            hours=ContactHours(since=time(8), until=time(17), days=frozenset(range(1, 6))),
        ),
    ]
    page = await head.text(f"/executors/{made.id}")
    assert "Години без чергового" in page
    assert "пт 17:00 – пн 08:00" in page


async def test_what_is_wrong_is_said_at_its_row_and_what_was_typed_stays(
    head: Person, storage: Storage, city: City
) -> None:
    form = names(name="", short="") | contact(0, number="12", email="nobody", since="8", order="x", days=[])
    form |= contact(1, name="", kind="boss") | contact(2, number="", email="")
    status, page = await send(head, "/executors/new", form)
    assert status == 422
    for text in (
        "назву до 200 знаків",
        "Запишіть номер повністю",
        "Запишіть адресу",
        "Запишіть години",
        "хоча б один день",
        "найменше",
        "Виберіть, хто це",
        "інакше зв’язатися не буде як",
    ):
        assert text in page, text
    assert 'value="nobody"' in page
    assert len(await storage.executors.all()) == 2
    status, page = await send(head, "/executors/new", names(name=city.heat.name))
    assert status == 422
    assert "вже є" in page


async def test_contacts_are_changed_added_and_taken_away_and_keep_who_they_are(
    head: Person, storage: Storage, city: City
) -> None:
    path = f"/executors/{city.heat.id}"
    desk, night, director = city.heat.contacts
    form = names(name=city.heat.name, short="Тепло") | contact(0, id=desk.id, name="Диспетчерська нова")
    form |= contact(1, id=night.id, name="Черговий", remove="yes")
    form |= contact(2, id=director.id, name="Директор", kind="manager") | contact(
        3, name="Майстер", order="5"
    )
    status, _ = await send(head, path, form | {"seen": hidden(await head.text(path), "seen")})
    assert status == 303
    then = await storage.executors.get(city.heat.id)
    assert then.short == "Тепло"
    assert [(one.id, one.name) for one in then.contacts][:2] == [
        (desk.id, "Диспетчерська нова"),
        (director.id, "Директор"),
    ]
    assert then.contacts[2].name == "Майстер"
    (entry, *_) = await storage.audit.latest()
    assert (entry.action, entry.subject) == ("change", f"executor:{city.heat.id}")
    assert "+ Майстер" in entry.detail
    assert "067" not in entry.detail


async def test_another_enterprises_contact_cannot_be_taken_over(
    head: Person, storage: Storage, city: City
) -> None:
    path = f"/executors/{city.water.id}"
    desk = city.heat.contacts[0]
    form = names(name=city.water.name, short="Водоканал") | contact(0, id=desk.id, name="Чужий")
    await send(head, path, form | {"seen": hidden(await head.text(path), "seen")})
    assert (await storage.executors.get(city.heat.id)).contacts == city.heat.contacts
    (own,) = (await storage.executors.get(city.water.id)).contacts
    assert own.id != desk.id


async def test_of_two_heads_one_wins_and_the_other_is_told_and_loses_nothing(
    head: Person, storage: Storage, city: City
) -> None:
    path = f"/executors/{city.water.id}"
    seen = hidden(await head.text(path), "seen")
    await storage.executors.update(replace(city.water, short="Чужа назва"))
    mine = names(name=city.water.name, short="Моя назва") | contact(0)
    status, page = await send(head, path, mine | {"seen": seen})
    assert status == 409
    assert "Моя назва" in page
    assert "Чужа назва" in page
    assert (await storage.executors.get(city.water.id)).short == "Чужа назва"
    status, _ = await send(head, path, mine | {"seen": hidden(page, "seen")})
    assert status == 303
    assert (await storage.executors.get(city.water.id)).short == "Моя назва"


async def test_an_enterprise_that_owes_is_not_closed_and_one_that_owes_nothing_is(
    head: Person, storage: Storage, city: City
) -> None:
    await city.enter()
    answer = await head.post(f"/executors/{city.heat.id}/close")
    assert answer.status == 409
    assert "ще має звернення" in await answer.text()
    closed = await head.post(f"/executors/{city.water.id}/close")
    assert "Підприємство закрито" in await head.text(closed.headers["Location"])
    assert not (await storage.executors.get(city.water.id)).active
    assert "Водоканал" not in await head.text("/executors")
    assert "Водоканал" in await head.text("/executors?closed=1")
    assert (await head.post(f"/executors/{city.water.id}/reopen")).status == 303
    assert (await storage.executors.get(city.water.id)).active


async def test_the_list_says_who_is_on_duty_now_and_where_nobody_is(
    head: Person, storage: Storage, city: City, clock: MovedClock
) -> None:
    page = await head.text("/executors")
    assert "Диспетчерська" in page
    assert "нема до кого звернутися" in page
    day = Contact(name="Вдень", number="+380457900031", hours=ContactHours(since=time(8), until=time(17)))
    await storage.executors.update(replace(city.water, contacts=(day,)))
    assert "Вдень" in await head.text("/executors")
    clock.pass_(hours=9)
    await head.enter(Role.HEAD.value)
    assert "без чергового" in await head.text("/executors")


async def test_its_users_are_shown_and_one_is_added_for_it(
    head: Person, storage: Storage, city: City
) -> None:
    page = await head.text(f"/executors/{city.heat.id}")
    assert f"/admin/users/{city.fitter.id}" in page
    form = await head.text(f"/admin/users/new?role=executor&executor={city.heat.id}")
    assert f'<option value="{city.heat.id}" selected>' in form
    fields = {"login": "maister", "name": "Майстер", "role": "executor", "desk": ""}
    answer = await head.post("/admin/users/new", fields | {"executor": ""})
    assert answer.status == 422
    assert "Виберіть підприємство" in await answer.text()
    assert (await head.post("/admin/users/new", fields | {"executor": str(city.heat.id)})).status == 200
    added = await storage.users.by_login("maister")
    assert added is not None
    assert added.executor_id == city.heat.id
    change = {"name": "Майстер", "role": "dispatcher", "desk": "", "executor": str(city.heat.id)}
    assert (await head.post(f"/admin/users/{added.id}", change)).status == 303
    assert (await storage.users.get(added.id)).executor_id is None
    assert "Тепломережі" in await head.text("/admin/users")


async def test_short_messages_are_not_ticked_for_a_number_that_takes_none(
    head: Person, storage: Storage
) -> None:
    for number in ("04579 2 34 56", "+49 151 12345678"):
        status, text = await send(head, "/executors/new", names() | contact(0, number=number))
        assert status == 422
        assert "На цей номер SMS не надсилаються" in text
    form = names() | contact(0, number="04579 2 34 56", channels=["email"])
    assert (await send(head, "/executors/new", form))[0] == 303


OPEN311 = {
    "address": "https://uzhkg.example/open311/v2/",
    "key": "s3cret",
    "jurisdiction": "",
    "shared": "text",
    "repeatable": "yes",
    "other": "",
    "row-0-category": "street-light",
    "row-0-code": "LIGHT",
    "row-1-category": "",
    "row-1-code": "",
}


async def test_an_enterprise_has_its_own_open311_and_its_key_is_never_shown(
    head: Person, city: City, storage: Storage
) -> None:
    path = f"/executors/{city.heat.id}/open311"
    assert (await head.post(path, OPEN311)).status == 303
    page = await head.text(path)
    assert 'value="https://uzhkg.example/open311/v2"' in page
    assert "s3cret" not in page
    kept = (await storage.executors.get(city.heat.id)).open311
    assert kept is not None
    assert (kept.shared, kept.repeatable, dict(kept.services)) == (
        Shared.TEXT,
        True,
        {"street-light": "LIGHT"},
    )
    other = {**OPEN311, "key": "", "seen": kept.revision, "shared": "matter"}
    assert (await head.post(path, other)).status == 303
    assert await storage.open311_endpoints.key(city.heat.id) == "s3cret", "an empty key keeps it"
    kept = (await storage.executors.get(city.heat.id)).open311
    assert kept is not None
    moved = {**other, "seen": kept.revision, "address": "https://elsewhere.example/v2"}
    refused = await head.post(path, moved)
    assert refused.status == 422
    assert "для попередньої адреси" in await refused.text(), "nobody gets the key of another"
    assert (await head.post(path, {**moved, "key": "0ther"})).status == 303
    assert await storage.open311_endpoints.key(city.heat.id) == "0ther"
    kept = (await storage.executors.get(city.heat.id)).open311
    assert kept is not None
    back = replace(kept, address="https://uzhkg.example/open311/v2")
    await storage.open311_endpoints.set(city.heat.id, back, key=None, seen=kept)
    assert await storage.open311_endpoints.key(city.heat.id) == "", "nor by any other way"
    assert (await head.post(path, other)).status == 409, "it was changed since"
    assert "https://uzhkg.example/open311/v2" in await head.text(f"/executors/{city.heat.id}")
    assert (await head.post(f"{path}/remove", {})).status == 303
    assert (await storage.executors.get(city.heat.id)).open311 is None
    assert await storage.open311_endpoints.key(city.heat.id) == ""


@pytest.mark.parametrize(
    "typed",
    [
        {"address": "http://uzhkg.example/v2"},
        {"address": "ftp://uzhkg.example"},
        {"address": "https://user:word@uzhkg.example/v2"},
        {"address": "https://uzhkg.example/v2?key=1"},
        {"address": "http://169.254.169.254/v2"},
        {"address": ""},
        {"row-0-code": ""},
        {"row-0-category": "none"},
        {"shared": "all"},
        {"row-0-category": "", "row-0-code": ""},
    ],
)
async def test_what_cannot_be_an_open311_is_refused_and_comes_back_as_typed(
    head: Person, city: City, storage: Storage, typed: dict[str, str]
) -> None:
    path = f"/executors/{city.heat.id}/open311"
    answer = await head.post(path, {**OPEN311, "jurisdiction": "kept.as.typed", **typed})
    assert (answer.status, "kept.as.typed" in await answer.text()) == (422, True)
    assert (await storage.executors.get(city.heat.id)).open311 is None
