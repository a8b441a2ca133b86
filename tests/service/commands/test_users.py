"""`hotline user` on a real database: how the first head gets in."""

import asyncio
import getpass

import pytest

from cti_server.auth.passwords import Passwords
from hotline.access.users import User
from service.command_line import main
from storage.store import open_storage

Capture = pytest.CaptureFixture[str]
PHRASE = "twelve letters and more"


def stored(url: str, login: str) -> User:
    async def read() -> User:
        async with open_storage(url) as storage:
            user = await storage.users.by_login(login)
            assert user
            return user

    return asyncio.run(read())


def opens(user: User, password: str) -> bool:
    return asyncio.run(Passwords().verify(user.password_hash, password))


def printed_password(capsys: Capture) -> str:
    return capsys.readouterr().out.split("password: ")[1].strip()


def test_the_first_head_is_added_and_signs_in_with_what_was_printed(url: str, capsys: Capture) -> None:
    assert main(["user", "add", "Olha", "Ольга", "head"]) == 0
    assert opens(stored(url, "olha"), printed_password(capsys))
    assert main(["user", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["olha", "Ольга", "head", "open"]
    assert main(["user", "add", "olha", "Інша", "head"]) == 1
    assert main(["user", "add", "ira", "Іра", "dispatcher", "--desk", "209"]) == 1
    assert "Nobody has the extension 209" in capsys.readouterr().err


def test_a_password_is_made_anew_or_typed_and_an_account_closed(
    url: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["user", "add", "olha", "Ольга", "head"])
    first = printed_password(capsys)
    assert main(["user", "password", "olha"]) == 0
    assert printed_password(capsys) != first
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: PHRASE)
    assert main(["user", "password", "olha", "--ask"]) == 0
    assert opens(stored(url, "olha"), PHRASE)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "short")
    assert main(["user", "password", "olha", "--ask"]) == 1
    assert main(["user", "password", "nobody"]) == 1
    assert main(["user", "close", "olha"]) == 0
    assert not stored(url, "olha").active
