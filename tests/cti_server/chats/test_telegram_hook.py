"""The address to which Telegram brings news."""

from http import HTTPStatus

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.chats.telegram_hook import FREE_WRONG, PATH, SECRET, add_telegram


async def test_only_who_has_our_secret_brings_news_and_what_failed_is_brought_again(
    app: web.Application,
) -> None:
    came: list[bytes] = []

    async def told(news: bytes) -> None:
        came.append(news)
        if news == b"worse":
            raise OSError("the database is away")

    add_telegram(app, told, "word")
    async with TestClient(TestServer(app)) as client:

        async def bring(secret: str, news: bytes = b"{}") -> int:
            async with client.post(PATH, headers={SECRET: secret}, data=news) as answered:
                return answered.status

        assert await bring("word") == HTTPStatus.NO_CONTENT
        assert await bring("word", b"worse") == HTTPStatus.INTERNAL_SERVER_ERROR
        assert [await bring("another") for _ in range(FREE_WRONG)] == [HTTPStatus.NOT_FOUND] * FREE_WRONG
        assert await bring("another") == HTTPStatus.TOO_MANY_REQUESTS
        assert await bring("word") == HTTPStatus.NO_CONTENT
    assert came == [b"{}", b"worse", b"{}"]
