from datetime import timedelta

import pytest

from hotline.access.permissions import Permission, Role
from hotline.access.scopes import Scope, scopes_of
from hotline.access.tokens import Token, hash_of, new_secret
from hotline.errors import NotFound
from storage.store import Storage
from tests.storage.conftest import NOON


async def made(storage: Storage, secret: str, role: Role = Role.OBSERVER) -> Token:
    user = await storage.users.by_login("admin") or await storage.users.add(
        login="admin", name="Адміністратор", role=Role.ADMINISTRATOR, password_hash="h"
    )
    return await storage.tokens.add(
        hash_of(secret),
        name="Диспетчерська водоканалу",
        role=role,
        personal=False,
        user_id=user.id,
        made_at=NOON,
        expires_at=NOON + timedelta(days=30),
        scopes=scopes_of(role),
    )


async def test_a_token_is_found_by_the_hash_of_its_secret_alone(storage: Storage) -> None:
    secret = new_secret()
    token = await made(storage, secret)
    assert await storage.tokens.by_hash(hash_of(secret)) == token == await storage.tokens.get(token.id)
    assert await storage.tokens.by_hash(secret) is None
    assert await storage.tokens.those({token.id, token.id + 1}) == {token.id: token}


async def test_its_last_use_is_remembered_and_the_newest_comes_first(storage: Storage) -> None:
    first, second = await made(storage, "a"), await made(storage, "b")
    await storage.tokens.used(first.id, NOON + timedelta(hours=1))
    listed = await storage.tokens.all()
    assert [one.id for one in listed] == [second.id, first.id]
    assert [one.used_at for one in listed] == [None, NOON + timedelta(hours=1)]


async def test_what_is_revoked_stays_so_from_the_first_time_on(storage: Storage) -> None:
    token = await made(storage, "a")
    assert token.valid(NOON)
    await storage.tokens.revoke(token.id, NOON)
    await storage.tokens.revoke(token.id, NOON + timedelta(days=1))
    revoked = await storage.tokens.get(token.id)
    assert revoked.revoked_at == NOON
    assert not revoked.valid(NOON)


async def test_a_token_ends_by_itself(storage: Storage) -> None:
    token = await made(storage, "a")
    assert not token.valid(token.expires_at)


async def test_what_it_opens_is_kept_and_changed(storage: Storage) -> None:
    token = await made(storage, "a")
    assert token.scopes == scopes_of(Role.OBSERVER)
    changed = await storage.tokens.rescope(token.id, [Scope.LINE, Scope.METRICS])
    assert changed.scopes == (await storage.tokens.get(token.id)).scopes == {Scope.LINE, Scope.METRICS}
    assert changed.opens(Scope.CALLS, Scope.LINE)
    assert not changed.opens(Scope.CALLS)


async def test_an_unknown_token_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.tokens.revoke(7, NOON)
    with pytest.raises(NotFound):
        await storage.tokens.get(7)


async def test_a_token_may_what_its_role_may(storage: Storage) -> None:
    token = await made(storage, "a", Role.DISPATCHER)
    assert token.may(Permission.SEE_CALLS)
    assert not token.may(Permission.SET_PRESENCE)


async def test_an_executors_token_works_for_its_enterprise_and_for_none_without(storage: Storage) -> None:
    unbound = await made(storage, "a", Role.EXECUTOR)
    assert not unbound.may(Permission.WORK_ON_APPEALS)
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())
    bound = await storage.tokens.add(
        "hash",
        name="Облік",
        role=Role.EXECUTOR,
        personal=False,
        user_id=unbound.user_id,
        made_at=NOON,
        expires_at=NOON + timedelta(days=30),
        scopes=scopes_of(Role.EXECUTOR),
        executor_id=heat.id,
    )
    assert (await storage.tokens.get(bound.id)).executor_id == heat.id
    assert bound.may(Permission.WORK_ON_APPEALS)
    assert not bound.may(Permission.SEE_APPEALS)


async def test_an_old_secret_opens_beside_the_new_one_until_its_day(storage: Storage) -> None:
    token, until = await made(storage, "first"), NOON + timedelta(days=7)
    renewed = await storage.tokens.renew(token.id, hash_of("second"), old_until=until)
    assert (renewed.id, renewed.old_until) == (token.id, until)
    by_new, by_old = [await storage.tokens.by_hash(hash_of(secret)) for secret in ("second", "first")]
    assert by_new is not None
    assert by_old is not None
    assert by_new.expires_at == token.expires_at
    assert by_old.valid(NOON)
    assert not by_old.valid(until)
    assert token.beside(renewed).expires_at == until
    assert [one.beside(renewed) for one in (by_new, by_old)] == [by_new, by_old]
    again = await storage.tokens.renew(token.id, hash_of("third"), old_until=until + timedelta(hours=1))
    assert by_new.beside(again).expires_at == until + timedelta(hours=1)
    assert not by_old.beside(again).valid(NOON)
    assert not token.beside(renewed).beside(again).valid(NOON)
    assert await storage.tokens.by_hash(hash_of("first")) is None, "two are good, not three"
    with pytest.raises(NotFound):
        await storage.tokens.renew(7, hash_of("x"), old_until=until)
