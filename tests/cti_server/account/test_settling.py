"""A password that somebody else gave, and a one-time code that the role needs, come before anything else."""

from collections.abc import Mapping

import pyotp
import pytest

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import PASSWORD, MovedClock, Person, change

OWN = "чайник мовчить у вівторок"
SECRET = pyotp.random_base32()


async def test_a_given_password_opens_nothing_but_the_choice_of_ones_own(
    person: Person, users: Mapping[Role, User], accounts: Accounts
) -> None:
    head = await change(accounts, users[Role.HEAD], password_given=True)
    await person.sign_in(head.login)
    assert (await person.get("/admin/users")).headers["Location"] == "/account"
    assert (await person.post("/admin/users/new", {"login": "x"})).status == 403
    part = await person.get("/admin/users", headers={"HX-Request": "true"})
    assert (part.status, part.headers["HX-Redirect"]) == (403, "/account")
    program = await person.get("/admin/users", headers={"Accept": "application/json"})
    assert (program.status, await program.json()) == (403, {"error": "unsettled", "status": 403})
    assert "Ваш пароль створив хтось інший" in await person.text("/account")
    same = {"current": PASSWORD, "new": PASSWORD, "again": PASSWORD}
    assert (await person.post("/account/password", same)).status == 422, "the given one is no choice"
    chosen = await person.post("/account/password", {"current": PASSWORD, "new": OWN, "again": OWN})
    assert chosen.status == 303
    assert (await person.get("/admin/users")).status == 200
    assert "створив хтось інший" not in await person.text("/account")


@pytest.mark.parametrize("code_needed", [True])
@pytest.mark.parametrize("role", Role)
async def test_a_head_and_an_administrator_need_a_one_time_code(
    person: Person, users: Mapping[Role, User], clock: MovedClock, role: Role
) -> None:
    await person.sign_in(users[role].login)
    needs = role in {Role.HEAD, Role.ADMINISTRATOR}
    answer = await person.get("/admin/audit")
    assert (answer.headers.get("Location") == "/account") is needs
    assert ("Ваша роль потребує одноразового коду" in await person.text("/account")) is needs
    if needs:
        code = pyotp.TOTP(SECRET).at(clock.now())
        await person.post("/account/totp", {"secret": SECRET, "code": code, "current": PASSWORD})
        assert (await person.get("/admin/audit")).status == 200


async def test_a_password_that_is_tried_first_is_refused(person: Person, users: Mapping[Role, User]) -> None:
    await person.sign_in(users[Role.OBSERVER].login)
    refused = {"password1234": "пробують насамперед", "short": "Від 12", "my observer 77 kx": "логіна"}
    for new, reason in refused.items():
        answer = await person.post("/account/password", {"current": PASSWORD, "new": new, "again": new})
        assert answer.status == 422
        assert reason in await answer.text()
