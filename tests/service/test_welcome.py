"""What the terminal says once the hotline answers."""

from aiohttp import web
from aiohttp.test_utils import TestServer

from service.settings import read_settings
from service.welcome import ready, welcome_text


async def test_readiness_is_awaited_through_refusals() -> None:
    answers = iter([503, 503, 200])
    asked = 0

    async def health(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(status=next(answers))

    application = web.Application()
    application.router.add_get("/health/ready", health)
    async with TestServer(application) as server:
        await ready(str(server.make_url("/health/ready")))
    assert asked == 3


def test_the_text_names_the_page_the_number_and_a_call_without_a_phone_in_both_languages() -> None:
    environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b", "HOTLINE_SIP_PORT": "15060"}
    text = welcome_text(read_settings(environ), "http://127.0.0.1:8080/")
    ukrainian, english = text.split("The hotline is running.")
    for part in (ukrainian, english):
        assert "http://127.0.0.1:8080/" in part
        assert "1580 (SIP: sip:1580@127.0.0.1:15060)" in part
        assert "HOTLINE_SIP_PORT=15060 " in part
        assert "hotline citizen --keys 1" in part


def test_the_usual_settings_are_not_repeated_in_the_command() -> None:
    environ = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
    text = welcome_text(read_settings(environ), "http://127.0.0.1:8080/")
    assert "HOTLINE_" not in text
