"""The page of a link by which a call goes on: looked at by anybody, opened once."""

import re

import pytest

from cti_server.chats.resident import COOKIE
from cti_server.chats.sources import FREE_WRONG
from hotline.calls.conversation import Next
from hotline.voice.speech import Language
from service.chats.links import PATH
from service.wiring.chats import links_of
from storage.store import Storage
from tests.cti_server.chats.test_resident import Client, Post, post, text_of
from tests.cti_server.conftest import MovedClock
from tests.service.chats.test_links import HANNA, code_in

__all__ = ["post"]


@pytest.fixture
async def link(storage: Storage, clock: MovedClock) -> str:
    links = links_of(storage, clock, address="", most=9)
    await links.send("call-1", HANNA, going=Next.DISPATCHER, language=Language.UKRAINIAN)
    return f"{PATH}/{await code_in(storage)}"


async def test_a_look_uses_nothing_up_and_a_button_opens_it_once(
    client: Client, post: Post, link: str
) -> None:
    for _ in range(2):
        assert "розмова продовжиться" in await text_of(await client.get(link))
    assert COOKIE not in {one.key for one in client.session.cookie_jar}
    opened = await text_of(await post(link))
    assert "яку ви почали телефоном" in opened
    assert "Зараз на зміні немає диспетчера" in opened
    again = await post(link)
    assert "яку ви почали телефоном" in await text_of(again), "the browser that has it is led there again"
    client.session.cookie_jar.clear()
    elsewhere = await post(link)
    assert elsewhere.status == 410
    assert "Це посилання вже не діє" in await text_of(elsewhere)


async def test_a_button_that_is_pressed_twice_at_once_leads_to_one_chat(
    client: Client, post: Post, link: str
) -> None:
    """The browser leaves the first answer unread, with the cookie in it."""
    (word,) = re.findall('name="word" value="([^"]+)"', await (await client.get(link)).text())
    await post(link, word=word)
    client.session.cookie_jar.clear()
    assert "яку ви почали телефоном" in await text_of(await post(link, word=word))
    client.session.cookie_jar.clear()
    assert (await post(link, word="another")).status == 410


async def test_who_tries_many_codes_has_to_wait(post: Post, link: str) -> None:
    tried = [(await post(f"{PATH}/aaaaaaaaa{one:x}")).status for one in range(FREE_WRONG + 2)]
    assert tried[:FREE_WRONG] == [410] * FREE_WRONG
    assert tried[-1] == 429
    assert (await post(link)).status == 429
