"""The demo accounts: made once, for their owner's eyes, and never reachable from elsewhere."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from cti_server.auth.passwords import Passwords
from hotline.clock import SystemClock
from hotline.errors import SettingsError
from service.demo.accounts import (
    DEMO_ACCOUNTS,
    accounts,
    add_demo_accounts,
    demo_passwords,
    require_no_demo_accounts,
)
from service.settings.settings import Settings, read_settings
from tests.fakes.databases import fresh_storage
from tests.fakes.passwords import QUICK

PASSWORDS = Passwords(QUICK)


def settings(**environ: str) -> Settings:
    return read_settings({"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b", **environ})


async def test_demo_accounts_are_made_once_with_passwords_only_their_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    async with fresh_storage(SystemClock()) as storage:
        await storage.dispatchers.add("201", "Олена (демо)", "s", frozenset())
        await add_demo_accounts(storage, folder, PASSWORDS)
        first = demo_passwords(folder)
        await add_demo_accounts(storage, folder, PASSWORDS)
        assert demo_passwords(folder) == first
        assert set(first) == {login for login, *_ in DEMO_ACCOUNTS}
        assert stat.S_IMODE((folder / "demo-accounts").stat().st_mode) == 0o600
        olena = await storage.users.by_login("olena")
        assert olena
        assert olena.dispatcher_id is not None
        assert await accounts(storage).passwords.verify(olena.password_hash, first["olena"])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "hotline.example"])  # noqa: S104
async def test_the_service_starts_nowhere_else_while_demo_accounts_are_open(
    host: str, tmp_path: Path
) -> None:
    async with fresh_storage(SystemClock()) as storage:
        await require_no_demo_accounts(settings(HOTLINE_HTTP_HOST=host), storage)
        await add_demo_accounts(storage, tmp_path, PASSWORDS)
        with pytest.raises(SettingsError, match="hotline user password LOGIN"):
            await require_no_demo_accounts(settings(HOTLINE_HTTP_HOST=host), storage)
        for user in await storage.users.all():
            await storage.users.update(replace(user, active=False))
        await require_no_demo_accounts(settings(HOTLINE_HTTP_HOST=host), storage)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HOTLINE_HTTP_HOST": "127.0.0.2"},
        {"HOTLINE_HTTP_HOST": "::1"},
        {"HOTLINE_HTTP_HOST": "localhost"},
        {"HOTLINE_HTTP_HOST": "0.0.0.0", "HOTLINE_HTTP_PUBLISHED": "127.0.0.1"},  # noqa: S104 - in a container
    ],
)
async def test_on_loopback_demo_accounts_may_be_open(environ: dict[str, str], tmp_path: Path) -> None:
    async with fresh_storage(SystemClock()) as storage:
        await add_demo_accounts(storage, tmp_path, PASSWORDS)
        await require_no_demo_accounts(settings(**environ), storage)
