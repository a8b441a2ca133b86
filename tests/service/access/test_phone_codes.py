"""Codes by telephone on real accounts and real Argon2id."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti_server.auth.passwords import Passwords
from hotline.access.permissions import Role
from hotline.access.phone_codes import CodeRefused
from hotline.access.users import User
from service.access.phone_codes import StoredPhoneCodes
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.passwords import QUICK

CODE = "482615"
NUMBER = "+380457900001"


@pytest.fixture
def codes(storage: Storage, clock: SetClock) -> StoredPhoneCodes:
    quick = Passwords(QUICK)
    return StoredPhoneCodes(
        storage.users, storage.acting_heads, storage.sign_in_attempts, storage.audit, quick, clock
    )


async def _user(storage: Storage, role: Role = Role.HEAD) -> User:
    user = await storage.users.add(login=role.value, name=role.value, role=role, password_hash="x")
    hashed = QUICK.hash(CODE)
    await storage.users.update(replace(user, phone_code_hash=hashed))
    return await storage.users.get(user.id)


async def test_the_right_code_tells_who_it_is(storage: Storage, codes: StoredPhoneCodes) -> None:
    head = await _user(storage)
    assert await codes.whose(CODE, number=NUMBER, call_id="1.5") == head
    assert await codes.whose("900817", number=NUMBER, call_id="1.5") is CodeRefused.WRONG


async def test_every_attempt_is_audited_and_no_code_is_written(
    storage: Storage, codes: StoredPhoneCodes
) -> None:
    head = await _user(storage)
    await codes.whose("900817", number=NUMBER, call_id="1.5")
    await codes.whose(CODE, number=NUMBER, call_id="1.5")
    right, wrong = await storage.audit.latest(2)
    assert (right.action, right.user_id, right.address) == ("sign-in", head.id, "call:1.5")
    assert (wrong.action, wrong.user_id, wrong.detail) == ("sign-in-refused", None, "phone-code wrong")
    assert "900817" not in str((right, wrong))


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.ADMINISTRATOR, Role.OBSERVER, Role.EXECUTOR])
async def test_a_code_of_somebody_who_may_not_switch_opens_nothing(
    storage: Storage, codes: StoredPhoneCodes, role: Role
) -> None:
    await _user(storage, role)
    assert await codes.whose(CODE, number=NUMBER, call_id="1.5") is CodeRefused.WRONG


async def test_a_closed_account_opens_nothing(storage: Storage, codes: StoredPhoneCodes) -> None:
    await storage.users.update(replace(await _user(storage), active=False))
    assert await codes.whose(CODE, number=NUMBER, call_id="1.5") is CodeRefused.WRONG


async def test_after_too_many_wrong_codes_not_even_the_right_one_is_looked_at(
    storage: Storage, codes: StoredPhoneCodes, clock: SetClock
) -> None:
    head = await _user(storage)
    for _ in range(3):
        await codes.whose("900817", number=NUMBER, call_id="1.5")
    assert await codes.whose(CODE, number=NUMBER, call_id="1.5") is CodeRefused.TOO_MANY
    assert await codes.whose(CODE, number="+380457900002", call_id="1.6") == head
    clock.pass_by(timedelta(seconds=2).total_seconds())
    assert await codes.whose(CODE, number=NUMBER, call_id="1.7") == head


async def test_guessing_from_ever_new_numbers_is_slowed_down_as_well(
    storage: Storage, codes: StoredPhoneCodes
) -> None:
    await _user(storage)
    for last in range(10):
        assert await codes.whose("900817", number=f"+38045790000{last}", call_id="1") is CodeRefused.WRONG
    assert await codes.whose(CODE, number=None, call_id="2") is CodeRefused.TOO_MANY
