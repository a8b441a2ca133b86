"""`hotline token` on a real database: access for another system without a browser."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from hotline.access.tokens import Token
from service.command_line import main
from storage.store import open_storage

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def url(url: str) -> str:
    main(["user", "add", "olha", "Ольга", "head"])
    main(["user", "add", "admin", "Адмін", "administrator"])
    return url


def stored(url: str) -> Sequence[Token]:
    async def read() -> Sequence[Token]:
        async with open_storage(url) as storage:
            return await storage.tokens.all()

    return asyncio.run(read())


def test_a_token_is_printed_once_listed_and_revoked(url: str, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["token", "add", "Водоканал", "observer", "--by", "olha", "--days", "30"]) == 0
    secret = capsys.readouterr().out.split("token: ")[1].strip()
    (token,) = stored(url)
    assert (token.name, token.personal) == ("Водоканал", False)
    assert token.expires_at - token.made_at == timedelta(days=30)
    assert secret.startswith("hotline_")
    assert main(["token", "revoke", str(token.id)]) == 0
    assert stored(url)[0].revoked_at is not None
    assert main(["token", "list"]) == 0
    listed = capsys.readouterr().out
    assert "revoked" in listed
    assert secret not in listed


def test_an_executors_token_names_whose_system_it_is(url: str) -> None:
    async def enter() -> int:
        async with open_storage(url) as storage:
            return (await storage.executors.add("КП «ЖКЦ»", "ЖКЦ", ())).id

    executor_id = asyncio.run(enter())
    assert main(["token", "add", "Облік ЖКЦ", "executor", "--by", "olha", "--executor", "ЖКЦ"]) == 0
    assert [one.executor_id for one in stored(url)] == [executor_id]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["head", "--by", "admin"], "may give the role head"),
        (["observer", "--by", "nobody"], "may give the role observer"),
        (["observer", "--by", "olha", "--days", "0"], "give --days"),
        (["observer", "--by", "olha", "--days", "9999"], "give --days"),
        (["executor", "--by", "olha"], "--executor SHORT"),
        (["observer", "--by", "olha", "--executor", "ЖКЦ"], "--executor SHORT"),
        (["executor", "--by", "olha", "--executor", "ЖКЦ"], "no executor ЖКЦ; there are: none"),
    ],
)
def test_a_token_that_may_not_be_made_is_refused_with_the_reason(
    url: str, capsys: Capture, arguments: list[str], said: str
) -> None:
    assert main(["token", "add", "Водоканал", *arguments]) == 1
    assert said in capsys.readouterr().err
    assert stored(url) == []


def test_an_unknown_token_cannot_be_revoked(url: str, capsys: Capture) -> None:
    del url
    assert main(["token", "revoke", "7"]) == 1
    assert "no token 7" in capsys.readouterr().err
