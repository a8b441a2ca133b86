"""One's own code by telephone on the account's page."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import PASSWORD, Person

CODE = "482615"
FORM = {"code_phone": "067 111 00 00", "code_password": PASSWORD, "code": CODE, "code_again": CODE}


async def _hash(accounts: Accounts, users: Mapping[Role, User]) -> str | None:
    return (await accounts.users.get(users[Role.HEAD].id)).phone_code_hash


async def test_a_code_is_kept_as_a_hash_alone(
    head: Person, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    assert (await head.post("/account/phone-code", FORM)).status == 303
    kept = await _hash(accounts, users)
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert await accounts.passwords.verify(kept, CODE)
    entry = (await accounts.audit.latest(1))[0]
    assert (entry.action, entry.detail) == ("password", "phone-code")
    assert "Код встановлено." in await head.text("/account")
    await head.post("/account/phone-code/off")
    assert await _hash(accounts, users) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code_password": "wrong"}, "Це не ваш теперішній пароль."),
        ({"code": "123456", "code_again": "123456"}, "Від 6 до 12 цифр, не поспіль і не однакові."),
        ({"code": "48261", "code_again": "48261"}, "Від 6 до 12 цифр, не поспіль і не однакові."),
        ({"code_phone": "112"}, "Потрібен номер телефону, наприклад 067 123 45 67."),
        ({"code_again": "482616"}, "Коди не збігаються."),
    ],
)
async def test_what_is_wrong_is_said_and_no_code_is_set(
    head: Person, accounts: Accounts, users: Mapping[Role, User], typed: Mapping[str, str], said: str
) -> None:
    answer = await head.post("/account/phone-code", FORM | typed)
    text = await answer.text()
    assert answer.status == 422
    assert said in text
    assert CODE not in text
    assert await _hash(accounts, users) is None


async def test_a_colleagues_code_is_refused_without_saying_whose_it_is(
    head: Person, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    other = await accounts.users.add(login="head2", name="Заступниця", role=Role.HEAD, password_hash="x")
    await accounts.users.update(replace(other, phone_code_hash=await accounts.passwords.hash(CODE)))
    answer = await head.post("/account/phone-code", FORM)
    assert answer.status == 422
    assert "Цей код легко вгадати: виберіть інший." in await answer.text()
    assert await _hash(accounts, users) is None


async def test_nobody_but_the_head_is_offered_a_code(person: Person, users: Mapping[Role, User]) -> None:
    for role in set(users) - {Role.HEAD}:
        await person.sign_in(role.value)
        assert "phone-code" not in await person.text("/account")
