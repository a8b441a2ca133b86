"""The address to which a gateway brings short messages."""

from dataclasses import replace
from http import HTTPStatus

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.chats.sms_hook import FREE_WRONG, add_incoming_sms
from tests.cti_server.chats.conftest import no_sms
from tests.cti_server.conftest import MovedClock


async def test_only_who_has_the_secret_brings_messages(app: web.Application, clock: MovedClock) -> None:
    came: list[tuple[str, str, str]] = []

    async def take(name: str, sender: str, text: str) -> None:
        came.append((name, sender, text))

    door = replace(no_sms(clock), take=take)
    add_incoming_sms(app, door)
    one = {"id": "7", "from": "380671112233", "text": "СТОП"}
    async with TestClient(TestServer(app)) as client:

        async def bring(secret: str, said: dict[str, str]) -> int:
            async with client.post(f"/hooks/sms-in/{secret}", json=said) as answered:
                return answered.status

        assert await bring(door.secret, one) == HTTPStatus.NO_CONTENT
        assert await bring(door.secret, {"text": "СТОП"}) == HTTPStatus.BAD_REQUEST
        wrong = [await bring("another-word-altogether", one) for _ in range(FREE_WRONG)]
        assert wrong == [HTTPStatus.NOT_FOUND] * FREE_WRONG
        assert await bring("another-word-altogether", one) == HTTPStatus.TOO_MANY_REQUESTS
    assert came == [("7", "380671112233", "СТОП")]
