"""What the terminal says once the hotline answers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cti_server.auth.passwords import Passwords
from hotline.access.tokens import hash_of
from hotline.new_city.setup import plain_code
from service.demo.accounts import DEMO_ACCOUNTS, add_demo_accounts
from service.node.welcome import demo_accounts, ready, welcome, welcome_text
from service.settings.settings import read_settings
from storage.store import open_storage
from tests.fakes.databases import empty_database
from tests.fakes.passwords import QUICK


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of this test, made where no loop runs."""
    return empty_database(tmp_path)


def answering(answers: Iterator[int]) -> web.Application:
    async def health(_: web.Request) -> web.Response:
        return web.Response(status=next(answers))

    application = web.Application()
    application.router.add_get("/health/ready", health)
    return application


async def test_readiness_is_awaited_through_refusals() -> None:
    answers = iter([503, 503, 200])
    async with TestServer(answering(answers)) as server:
        await ready(str(server.make_url("/health/ready")))
    assert not list(answers), "all were asked for"


def test_the_text_names_the_page_the_number_and_a_call_without_a_phone_in_both_languages() -> None:
    environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b", "HOTLINE_SIP_PORT": "15060"}
    text = welcome_text(read_settings(environ), "http://127.0.0.1:8080/", {})
    ukrainian, english = text.split("The hotline is running.")
    for part in (ukrainian, english):
        assert "http://127.0.0.1:8080/" in part
        assert "1580 (SIP: sip:1580@127.0.0.1:15060)" in part
        assert "HOTLINE_SIP_PORT=15060 " in part
        assert "hotline citizen --keys 1" in part


def test_the_usual_settings_are_not_repeated_in_the_command() -> None:
    environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
    text = welcome_text(read_settings(environ), "http://127.0.0.1:8080/", {})
    assert "HOTLINE_" not in text


async def test_who_starts_a_hotline_without_accounts_reads_how_the_first_is_made(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with TestServer(answering(iter([200] * 5))) as server:
        environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b", "HOTLINE_VAR": str(tmp_path)}
        settings = read_settings(
            {**environ, "HOTLINE_DATABASE_URL": url, "HOTLINE_HTTP_PORT": str(server.port)}
        )
        await welcome(settings)
        assert 'user add LOGIN "Ім\'я Прізвище" head' in capsys.readouterr().out
        await welcome(replace(settings, demo=False))
        said = capsys.readouterr().out
        assert "setup code" in said
        assert not re.search(r"\d{4} \d{4}", said), "what is written here is no terminal"
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        await welcome(replace(settings, demo=False))
        [code] = re.findall(r"(?:\d{4} ){3}\d{4}", capsys.readouterr().out)
        async with open_storage(url) as storage:
            assert (await storage.city_setup.get()).code_hash == hash_of(plain_code(code))
            await storage.city_setup.give_up(datetime(2026, 3, 2, tzinfo=UTC))
        await welcome(replace(settings, demo=False))
        assert "user add" in capsys.readouterr().out, "the set-up is given up, and nobody can sign in"
        quick = Passwords(QUICK)
        async with open_storage(url) as storage:
            await add_demo_accounts(storage, settings.folders.secrets, quick)
        await welcome(settings)
        assert "user add" not in capsys.readouterr().out


async def test_whoever_started_it_reads_how_to_sign_in_with_each_account_that_is_still_a_demo(
    tmp_path: Path, url: str
) -> None:
    environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b", "HOTLINE_VAR": str(tmp_path)}
    settings = read_settings({**environ, "HOTLINE_DATABASE_URL": url})
    assert await demo_accounts(settings) == {}
    quick = Passwords(QUICK)
    async with open_storage(url) as storage:
        await add_demo_accounts(storage, settings.folders.secrets, quick)
        olena = await storage.users.by_login("olena")
        assert olena is not None
        await storage.users.update(replace(olena, password_hash=await quick.hash("a password of her own")))

    accounts = await demo_accounts(settings)

    text = welcome_text(settings, "http://127.0.0.1:8080/", accounts)
    assert "http://127.0.0.1:8080/sign-in" in text
    told = {line.split()[0]: line.split()[1] for line in text.splitlines()[-len(accounts) - 1 :] if line}
    assert told == dict(accounts)
    assert set(told) == {login for login, *_ in DEMO_ACCOUNTS} - {"olena"}
