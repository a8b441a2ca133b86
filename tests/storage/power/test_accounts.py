"""Queues by account on both databases: only digests are kept, and a list replaces the one before."""

import pytest
from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.power.accounts import AccountQueues, NoAccounts
from storage.store import Storage
from storage.tables import power_accounts
from tests.storage.conftest import NOON


@pytest.fixture
async def by(storage: Storage) -> int:
    user = await storage.users.add(login="petro", name="Петро", role=Role.HEAD, password_hash="-")
    return user.id


async def test_a_list_replaces_the_one_before(storage: Storage, by: int) -> None:
    accounts = AccountQueues(storage.power_accounts, b"key")
    assert not await accounts.any()
    assert await accounts.take(b"1234567890;4.1\n1234567891;5.2", NOON, by=by) == 2
    assert await accounts.queue_of("123-456-78 90") == "4.1"
    assert await accounts.take(b"1234567891;6.1", NOON, by=by) == 1
    assert (await accounts.queue_of("1234567890"), await accounts.queue_of("1234567891")) == (None, "6.1")
    with pytest.raises(NoAccounts):
        await accounts.take(b"nothing", NOON, by=by)
    assert (await accounts.any(), await accounts.count()) == (True, 1)


async def test_the_database_alone_tells_nobodys_account(storage: Storage, by: int) -> None:
    accounts = AccountQueues(storage.power_accounts, b"key")
    await accounts.take(b"1234567890;4.1", NOON, by=by)
    async with storage.database.reading() as connection:
        (row,) = (await connection.execute(select(power_accounts))).mappings()
    assert "1234567890" not in str(dict(row))
    other = AccountQueues(storage.power_accounts, b"another key")
    assert await other.queue_of("1234567890") is None
