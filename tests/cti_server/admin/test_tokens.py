import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.admin.tokens import add_tokens
from cti_server.api.feed import Feed
from cti_server.api.routes import add_api
from cti_server.application import application
from cti_server.enterprises.routes import add_executors
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Permission, Role
from hotline.access.scopes import Scope, scopes_of
from hotline.access.tokens import hash_of
from hotline.access.users import AuditFilter, User
from hotline.neighbours.agreement import NewAgreement, Part
from service.node.bus import Bus
from storage.store import Storage
from tests.cti_server.api.conftest import api_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.cti_server.enterprises.conftest import executor_sources

FORM = {
    "name": "Диспетчерська водоканалу",
    "role": "dispatcher",
    "personal": "yes",
    "days": "30",
    "scope": "line",
}


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    feed = Feed(storage.dispatchers, storage.callers, clock)
    add_api(made, api_sources(storage, clock, Bus(), feed))
    add_executors(made, executor_sources(storage, clock))
    add_tokens(made)
    return made


@pytest.fixture
async def chief(person: Person, users: Mapping[Role, User]) -> Person:
    del users
    await person.sign_in(Role.HEAD.value)
    return person


async def test_a_token_is_shown_once_serves_and_is_kept_as_a_hash(chief: Person, storage: Storage) -> None:
    made = await (await chief.post("/admin/tokens", FORM)).text()
    found = re.search(r"hotline_[\w-]{43}", made)
    assert found
    secret = found[0]
    assert secret not in await chief.text("/admin/tokens")
    (token,) = await storage.tokens.all()
    assert await storage.tokens.by_hash(hash_of(secret)) == token
    assert (token.name, token.role, token.personal) == (FORM["name"], Role.DISPATCHER, True)
    answer = await chief.client.get("/api/v1/line", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 200


async def test_a_revoked_token_serves_no_more_and_stays_in_the_list(chief: Person, storage: Storage) -> None:
    await chief.post("/admin/tokens", FORM)
    (token,) = await storage.tokens.all()
    assert (await chief.post(f"/admin/tokens/{token.id}/revoke")).status == 303
    page = await chief.text("/admin/tokens")
    assert "відкликано" in page
    assert "/revoke" not in page
    assert FORM["name"] in await chief.text("/admin/tokens")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "  ", "Введіть"),
        ("role", "mayor", "ролей"),
        ("days", "9999", "строк дії"),
        ("scope", "", "принаймні одне"),
        ("scope", "presence", "змінювати присутність"),
    ],
)
async def test_a_form_with_a_fault_says_which_and_keeps_what_was_typed(
    chief: Person, storage: Storage, field: str, typed: str, said: str
) -> None:
    answer = await chief.post("/admin/tokens", {**FORM, field: typed})
    page = await answer.text()
    assert answer.status == 422
    assert said in page
    assert field == "name" or FORM["name"] in page
    assert await storage.tokens.all() == []


async def test_an_administrator_makes_no_token_and_ends_none_of_a_head(
    person: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    await person.sign_in(Role.ADMINISTRATOR.value)
    for role in ("head", "dispatcher", "observer", "executor"):
        assert (await person.post("/admin/tokens", {**FORM, "role": role})).status == 422
    assert "створює його лише начальник" in await person.text("/admin/tokens")
    token = await storage.tokens.add(
        "hash",
        name="Графік змін",
        role=Role.HEAD,
        personal=False,
        user_id=users[Role.HEAD].id,
        made_at=clock.now(),
        expires_at=clock.now().replace(year=2027),
        scopes=scopes_of(Role.HEAD),
    )
    assert (await person.post(f"/admin/tokens/{token.id}/revoke")).status == 403
    assert (await storage.tokens.get(token.id)).revoked_at is None


async def test_what_a_token_opens_is_changed_on_its_page_and_written_down(
    chief: Person, storage: Storage, accounts: Accounts
) -> None:
    await chief.post("/admin/tokens", FORM)
    (token,) = await storage.tokens.all()
    assert token.scopes == {Scope.LINE}
    page, address = await chief.text(f"/admin/tokens/{token.id}"), f"/admin/tokens/{token.id}/scopes"
    assert 'value="line" checked' in page
    assert 'value="presence"' not in page, "a dispatcher's token can do nothing with it"
    for wrong, said in ({}, "принаймні одне"), ({"scope": "metrics"}, "читати показники"):
        answer = await chief.post(address, wrong)
        assert (answer.status, said in await answer.text()) == (422, True)
    assert (await chief.post(address, {"scope": "calls"})).status == 303
    assert (await storage.tokens.get(token.id)).scopes == {Scope.CALLS}
    entry = (await accounts.audit.find(AuditFilter(action="change"), limit=1))[0]
    assert (entry.subject, entry.detail) == (f"token:{token.id}", f"{FORM['name']}: calls")


async def test_a_token_that_opens_nothing_any_more_is_shown_as_such(
    chief: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    await storage.tokens.add(
        "hash",
        name="Старий токен адміністратора",
        role=Role.DISPATCHER,
        personal=True,
        user_id=users[Role.ADMINISTRATOR].id,
        made_at=clock.now(),
        expires_at=clock.now().replace(year=2027),
        scopes=scopes_of(Role.DISPATCHER),
    )
    assert "нічого не відкриває" in await chief.text("/admin/tokens")


async def test_an_executors_token_says_whose_it_is(chief: Person, storage: Storage) -> None:
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    typed = {**FORM, "role": "executor", "executor": str(heat.id), "scope": "appeals:act"}
    for wrong in ("", "999", "x"):
        answer = await chief.post("/admin/tokens", {**typed, "executor": wrong})
        assert answer.status == 422
        assert "чия це система" in await answer.text()
    assert await storage.tokens.all() == []
    await chief.post("/admin/tokens", typed)
    (token,) = await storage.tokens.all()
    assert token.executor_id == heat.id
    assert token.may(Permission.WORK_ON_APPEALS)
    assert "Виконавець: Тепломережі" in await chief.text("/admin/tokens")


async def test_only_an_executors_token_is_bound_to_an_enterprise(chief: Person, storage: Storage) -> None:
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    await chief.post("/admin/tokens", {**FORM, "executor": str(heat.id)})
    (token,) = await storage.tokens.all()
    assert token.executor_id is None


async def test_a_token_changes_its_secret_without_a_pause(
    chief: Person, storage: Storage, clock: MovedClock
) -> None:
    def secret_in(page: str) -> str:
        found = re.search(r"hotline_[\w-]{43}", page)
        assert found
        return found[0]

    async def status(secret: str) -> int:
        answer = await chief.client.get("/api/v1/line", headers={"Authorization": f"Bearer {secret}"})
        return answer.status

    old = secret_in(await (await chief.post("/admin/tokens", FORM)).text())
    (token,) = await storage.tokens.all()
    new = secret_in(await (await chief.post(f"/admin/tokens/{token.id}/renew")).text())
    assert new != old
    assert [await status(old), await status(new)] == [200, 200]
    clock.pass_(days=7)
    assert [await status(old), await status(new)] == [401, 200]
    await chief.sign_in(Role.HEAD.value)
    await chief.post(f"/admin/tokens/{token.id}/revoke")
    assert [await status(old), await status(new)] == [401, 401]
    assert (await chief.post(f"/admin/tokens/{token.id}/renew")).status == 409


async def test_the_key_of_an_agreement_is_neither_widened_nor_renewed_and_takes_it_along(
    chief: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    now = clock.now()
    one = await storage.agreements.give(
        NewAgreement(
            part=Part.ANSWERED,
            name="Славутич",
            document="№ 5",
            since=now,
            until=now + timedelta(days=30),
            made_by=users[Role.HEAD].id,
            made_at=now,
        ),
        "hash",
    )
    page, listed = f"/admin/tokens/{one.token_id}", await chief.text("/admin/tokens")
    assert "Ключ договору з іншою громадою" in listed
    assert f'action="{page}/revoke"' in listed
    assert f'action="{page}/renew"' not in listed
    assert "діє, доки діє договір" in await chief.text(page)
    assert (await chief.post(f"{page}/scopes", {"scope": "calls"})).status == 409
    assert (await chief.post(f"{page}/renew")).status == 409
    assert (await storage.tokens.get(one.token_id or 0)).scopes == {Scope.NEIGHBOUR}
    assert (await chief.post(f"{page}/revoke")).status == 303
    assert (await storage.agreements.get(one.id)).ended_at == clock.now()
