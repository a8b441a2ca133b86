from dataclasses import replace

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import AlreadyTaken, NotFound
from storage.store import Storage


async def olena(storage: Storage, **given: object) -> User:
    fields = {"login": "Olena", "name": "Олена", "role": Role.DISPATCHER, "password_hash": "#1"} | given
    return await storage.users.add(**fields)  # type: ignore[arg-type]


async def test_a_user_is_found_by_id_and_by_login_whatever_the_case(storage: Storage) -> None:
    added = await olena(storage)
    assert added.login == "olena"
    assert await storage.users.get(added.id) == added
    assert await storage.users.by_login("OLENA") == added
    assert await storage.users.by_login("ole") is None
    assert await storage.users.those({added.id, added.id + 1}) == {added.id: added}
    with pytest.raises(NotFound):
        await storage.users.get(added.id + 1)


async def test_a_login_and_a_desk_belong_to_one_user(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await olena(storage, dispatcher_id=desk.id)
    with pytest.raises(AlreadyTaken):
        await olena(storage)
    with pytest.raises(AlreadyTaken):
        await olena(storage, login="taras", dispatcher_id=desk.id)
    taras = await olena(storage, login="taras")
    with pytest.raises(AlreadyTaken):
        await storage.users.update(replace(taras, dispatcher_id=desk.id))


async def test_everything_but_id_and_login_can_change(storage: Storage) -> None:
    changed = replace(
        await olena(storage),
        name="Олена П.",
        role=Role.HEAD,
        password_hash="#2",
        totp_secret="S",
        active=False,
    )
    await storage.users.update(changed)
    assert await storage.users.all() == [changed]
    with pytest.raises(NotFound):
        await storage.users.update(replace(changed, id=99))


async def test_an_account_is_a_demo_account_until_its_password_changes_or_it_is_closed(
    storage: Storage,
) -> None:
    one = await olena(storage, demo=True)
    two = await olena(storage, login="taras", demo=True)
    await olena(storage, login="real")
    await storage.users.update(replace(one, name="Інша"))
    assert await storage.users.demo_accounts() == ["olena", "taras"]
    await storage.users.update(replace(one, password_hash="#2"))
    await storage.users.update(replace(two, active=False))
    assert await storage.users.demo_accounts() == []


async def test_a_one_time_code_opens_once_and_no_older_one_does_after_it(storage: Storage) -> None:
    one = await olena(storage)
    assert [await storage.users.use_code(one.id, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
