"""The addresses to which gateways of messengers bring news."""

import io
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.chats.gateway_hook import FREE_WRONG, MOST_BYTES, GatewayHook, add_gateways
from service.chats.whatsapp import SIGNATURE, WhatsApp
from tests.fakes.gateways import APP_SECRET, NUMBER_ID, TOKEN, VERIFY, WhatsAppPeople

PATH = "/hooks/whatsapp"


async def test_only_the_gateway_itself_brings_news_and_only_who_knows_our_word_is_answered(
    app: web.Application,
) -> None:
    came: list[bytes] = []

    async def told(news: bytes) -> Mapping[str, str]:
        came.append(news)
        if news == b"worse":
            raise OSError("the database is away")
        return {}

    by = WhatsApp(token=TOKEN, app_secret=APP_SECRET, number_id=NUMBER_ID, verify=VERIFY, url="")
    add_gateways(app, [GatewayHook(path=PATH, proves=by.proves, told=told, challenged=by.challenged)])
    signature = WhatsAppPeople().signature
    async with TestClient(TestServer(app)) as client:

        async def bring(headers: Mapping[str, str], news: bytes = b"{}") -> int:
            async with client.post(PATH, headers=headers, data=io.BytesIO(news)) as answered:
                return answered.status

        async def asks(word: str) -> tuple[int, str]:
            query = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "1158201444"}
            async with client.get(PATH, params=query) as answered:
                return answered.status, await answered.text()

        assert await asks(VERIFY) == (HTTPStatus.OK, "1158201444")
        assert await bring(signature(b"{}")) == HTTPStatus.OK
        assert await bring(signature(b"worse"), b"worse") == HTTPStatus.INTERNAL_SERVER_ERROR
        assert await bring(signature(b""), b" " * (MOST_BYTES + 1)) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert (await asks("another"))[0] == HTTPStatus.NOT_FOUND
        wrong = [signature(b"{} "), {}, {SIGNATURE: "sha256=Ж".encode().decode("latin-1")}]
        refused = [await bring(wrong[at % len(wrong)]) for at in range(FREE_WRONG - 1)]
        assert refused == [HTTPStatus.NOT_FOUND] * (FREE_WRONG - 1)
        assert await bring({}) == HTTPStatus.TOO_MANY_REQUESTS
        assert await bring(signature(b"{}")) == HTTPStatus.OK
    assert came == [b"{}", b"worse", b"{}"]
