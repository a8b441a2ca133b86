"""The head opens, changes and closes accounts; nobody lifts or locks themselves."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from cti_server.admin.user_list import PAGE_ROWS
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.conftest import PASSWORD, Person, change

NEW = {"login": "oksana", "name": "Оксана", "role": "dispatcher", "desk": ""}


async def test_a_new_user_signs_in_with_the_password_that_was_shown_once(
    head: Person, accounts: Accounts, storage: Storage
) -> None:
    desk = await storage.dispatchers.add("203", "Оксана", "s", frozenset())
    page = await (await head.post("/admin/users/new", NEW | {"login": "Oksana", "desk": "203"})).text()
    assert "Від 2 до 32 малих латинських літер" in page, "no capital letters"
    page = await (await head.post("/admin/users/new", NEW | {"desk": "203"})).text()
    shown = re.search(r'id="password-text">([^<]+)<', page)
    assert shown
    user = await accounts.users.by_login("oksana")
    assert user
    assert (user.name, user.role, user.dispatcher_id) == ("Оксана", Role.DISPATCHER, desk.id)
    assert (await head.sign_in("oksana", shown[1])).status == 303
    entries = [(entry.action, entry.subject) for entry in await accounts.audit.latest()]
    assert ("add", f"user:{user.id}") in entries


async def test_skills_are_kept_with_the_desk_shown_in_the_list_and_in_the_audit_log(
    head: Person, accounts: Accounts, storage: Storage
) -> None:
    desk = await storage.dispatchers.add("203", "Оксана", "s", frozenset({"heat"}))
    with_desk = NEW | {"desk": "203"}
    await head.post("/admin/users/new", with_desk | {"skills": ["english", "gas", "flying"]})
    assert (await storage.dispatchers.get(desk.id)).skills == {"english", "gas"}
    assert (await accounts.audit.latest(1))[0].detail == "dispatcher; skills: heat → english gas"
    user = await accounts.users.by_login("oksana")
    assert user
    form = await (await head.get(f"/admin/users/{user.id}")).text()
    assert re.findall(r'name="skills" value="([a-z-]+)" checked', form) == ["english", "gas"]
    assert "Англійська мова, Газ" in await (await head.get("/admin/users")).text()
    await head.post(f"/admin/users/{user.id}", with_desk)
    assert (await storage.dispatchers.get(desk.id)).skills == frozenset()
    assert (await accounts.audit.latest(1))[0].detail == "skills: english gas → "


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"login": "x y"}, "Від 2 до 32 малих латинських літер"),
        ({"login": "head"}, "Такий логін уже є."),
        ({"name": " "}, "Введіть ім’я"),
        ({"role": "mayor"}, "Виберіть одну з ролей."),
        ({"telephone": "двері"}, "Напишіть номер телефону"),
        ({"email": "без собачки"}, "Напишіть адресу електронної пошти"),
    ],
)
async def test_a_form_that_is_wrong_says_why_and_keeps_what_was_typed(
    head: Person, accounts: Accounts, typed: dict[str, str], reason: str
) -> None:
    before = await accounts.users.all()
    answer = await head.post("/admin/users/new", NEW | typed)
    page = await answer.text()
    assert answer.status == 422
    assert reason in page
    assert f'value="{(NEW | typed)["login"]}"' in page
    assert await accounts.users.all() == before


async def test_a_telephone_and_a_mail_address_are_kept_in_one_form_shown_and_taken_away(
    head: Person, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    who = users[Role.DISPATCHER]
    form = {"name": who.name, "role": "dispatcher", "desk": "", "telephone": "067 111-22-33"}
    await head.post(f"/admin/users/{who.id}", form | {"email": "Olena@Slavutych.Example"})
    then = await accounts.users.get(who.id)
    assert (then.telephone, then.email) == ("+380671112233", "Olena@slavutych.example")
    page = await (await head.get(f"/admin/users/{who.id}")).text()
    assert 'value="Olena@slavutych.example"' in page
    shown = re.search(r'id="telephone" name="telephone" type="tel" value="([^"]+)"', page)
    assert shown
    await head.post(f"/admin/users/{who.id}", form | {"telephone": shown[1], "email": ""})
    then = await accounts.users.get(who.id)
    assert (then.telephone, then.email) == ("+380671112233", None), "what the page shows can be sent again"
    await head.post(f"/admin/users/{who.id}", form | {"telephone": "", "email": ""})
    assert (await accounts.users.get(who.id)).telephone is None


async def test_another_role_takes_effect_with_the_next_request(
    head: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    who = users[Role.DISPATCHER]
    form = {"name": "Нове ім'я", "role": "observer", "desk": ""}
    assert (await head.post(f"/admin/users/{who.id}", form)).status == 303
    changed = await accounts.users.get(who.id)
    assert (changed.name, changed.role) == ("Нове ім'я", Role.OBSERVER)
    assert (await accounts.audit.latest(1))[0].detail == "dispatcher → observer"


async def test_a_form_that_stood_open_gives_back_no_right_that_another_took_meanwhile(
    head: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    who = users[Role.DISPATCHER]
    seen = re.search(r'name="seen" value="(\w+)"', await (await head.get(f"/admin/users/{who.id}")).text())
    assert seen
    form = {"name": who.name, "role": "dispatcher", "desk": "", "seen": seen[1]}
    assert (await head.post(f"/admin/users/{who.id}", form | {"name": ""})).status == 422, (
        "a fault of one's own"
    )
    await accounts.users.update(replace(who, role=Role.OBSERVER))  # on another head's page
    answer = await head.post(f"/admin/users/{who.id}", form | {"name": "Olena P."})
    page = await answer.text()
    assert answer.status == 409
    assert "ваші зміни не збережено" in page
    now = await accounts.users.get(who.id)
    assert (now.role, now.name) == (Role.OBSERVER, who.name)
    again = re.search(r'name="seen" value="(\w+)"', page)
    assert again
    named = form | {"name": "Olena P.", "role": "observer", "seen": again[1]}
    assert (await head.post(f"/admin/users/{who.id}", named)).status == 303


async def test_a_reset_password_replaces_the_old_one_and_the_one_time_code(
    head: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    who = await change(accounts, users[Role.DISPATCHER], totp_secret="S")
    page = await (await head.post(f"/admin/users/{who.id}/password")).text()
    shown = re.search(r'id="password-text">([^<]+)<', page)
    assert shown
    assert (await head.sign_in(who.login, PASSWORD)).status == 422
    assert (await head.sign_in(who.login, shown[1])).status == 303


async def test_a_closed_account_frees_its_desk_is_out_of_the_list_and_can_be_opened_again(
    head: Person, users: Mapping[Role, User], accounts: Accounts, storage: Storage
) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    who = await change(accounts, users[Role.DISPATCHER], dispatcher_id=desk.id)
    assert (await head.post(f"/admin/users/{who.id}/deactivate")).status == 303
    closed = await accounts.users.get(who.id)
    assert (closed.active, closed.dispatcher_id) == (False, None)
    assert (await storage.dispatchers.get(desk.id)).secret != "s", "its telephone's password is known no more"
    link = f'href="/admin/users/{who.id}"'
    assert link not in await head.text("/admin/users")
    assert link in await head.text("/admin/users?closed=1&role=dispatcher")
    assert (await head.post(f"/admin/users/{who.id}/activate")).status == 303
    assert (await accounts.users.get(who.id)).active


async def test_closing_is_asked_about_first(head: Person, users: Mapping[Role, User]) -> None:
    who = users[Role.DISPATCHER].id
    link = f"/admin/users/{who}/deactivate"
    assert f'href="{link}"' in await head.text(f"/admin/users/{who}")
    page = await head.text(link)
    assert "Закрити обліковий запис: dispatcher?" in page
    assert f'action="{link}"' in page
    assert (await head.get(f"/admin/users/{users[Role.HEAD].id}/deactivate")).status == 403


async def test_the_list_shows_who_came_in_when_is_filtered_paged_and_exported(
    head: Person, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    await change(accounts, users[Role.DISPATCHER], totp_secret="S", name="Жанна")
    for number in range(PAGE_ROWS):
        login, role = f"u{number:02}", Role.EXECUTOR
        await accounts.users.add(login=login, name="Житло", role=role, password_hash="h")
    await head.sign_in(Role.HEAD.value)
    page = await head.text("/admin/users")
    assert "02.03.2026 14:00" in page
    assert "ще ні разу" in page
    assert ">u49<" not in page
    (further,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert ">u49<" in await head.text(further)
    found = await head.text("/admin/users?q=жанна&code=on&role=dispatcher")
    assert re.findall(r'href="/admin/users/(\d+)"', found) == [str(users[Role.DISPATCHER].id)]
    for nothing in ("q=жанна&code=off", "q=нікого", "role=observer&q=u4"):
        assert "Тут поки нікого" in await head.text(f"/admin/users?{nothing}")
    table = csv.reader(
        io.StringIO(await (await head.get("/admin/users.csv?role=head")).text(encoding="utf-8-sig"))
    )
    assert [row[4:] for row in table] == [
        ["Вміння", "Одноразовий код", "Останній вхід", "Обліковий запис"],
        ["", "вимкнено", "02.03.2026 14:00:00", "відкритий"],
    ]


async def test_nobody_closes_resets_or_promotes_their_own_account(
    head: Person, users: Mapping[Role, User]
) -> None:
    own = f"/admin/users/{users[Role.HEAD].id}"
    for action in ("deactivate", "password", "activate"):
        assert (await head.post(f"{own}/{action}")).status == 403
    form = {"name": "Я", "role": "administrator", "desk": ""}
    assert (await head.post(own, form)).status == 422
    assert (await head.post(own, form | {"role": "head"})).status == 303


async def test_an_administrator_gives_no_right_that_they_lack(
    person: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    await person.sign_in(users[Role.ADMINISTRATOR].login)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert (await person.post("/admin/users/new", NEW | {"role": role.value})).status == 422, role
    offered = re.findall(r'<option value="([a-z]+)"', await person.text("/admin/users/new"))
    assert offered == ["administrator"]
    dispatcher = users[Role.DISPATCHER]
    page = await person.text(f"/admin/users/{dispatcher.id}")
    assert "змінює обліковий запис або дає йому пароль лише начальник" in page
    assert "/password" not in page
    for act in ("", "/password", "/activate"):
        answer = await person.post(f"/admin/users/{dispatcher.id}{act}", NEW | {"role": "observer"})
        assert answer.status == 403, act
    assert await accounts.users.get(dispatcher.id) == dispatcher
    assert (await person.post("/admin/users/new", NEW | {"role": "administrator"})).status == 200


async def test_an_administrator_closes_an_account_and_cannot_open_it_again(
    person: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    await person.sign_in(users[Role.ADMINISTRATOR].login)
    path = f"/admin/users/{users[Role.DISPATCHER].id}"
    assert (await person.post(f"{path}/deactivate")).status == 303
    assert not (await accounts.users.get(users[Role.DISPATCHER].id)).active
    assert (await person.post(f"{path}/activate")).status == 403


async def test_an_administrator_makes_no_head_and_touches_none(
    person: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    await person.sign_in(users[Role.ADMINISTRATOR].login)
    above = users[Role.HEAD].id
    assert (await person.post(f"/admin/users/{above}/password")).status == 403
    assert (await person.get(f"/admin/users/{above}")).status == 403
    assert (await person.post("/admin/users/new", NEW | {"role": "head"})).status == 422
    colleague = await change(accounts, users[Role.OBSERVER], role=Role.ADMINISTRATOR)
    lifted = await person.post(f"/admin/users/{colleague.id}", NEW | {"role": "head"})
    assert lifted.status == 422


async def test_a_desk_that_is_anothers_is_refused_and_one_that_is_nowhere_is_not_found(
    head: Person, users: Mapping[Role, User], accounts: Accounts, storage: Storage
) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await change(accounts, users[Role.DISPATCHER], dispatcher_id=desk.id)
    answer = await head.post("/admin/users/new", NEW | {"desk": "201"})
    assert answer.status == 422
    assert "Це робоче місце належить іншому" in await answer.text()
    assert (await head.post("/admin/users/new", NEW | {"desk": "999"})).status == 404
