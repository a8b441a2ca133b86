"""The resident's page of a chat, by forms alone, and from strangers who send what no page sends."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import unescape

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from PIL import Image

from cti_server.chats.resident import COOKIE
from cti_server.chats.sources import CHATS, FREE_BEGUN, PHOTOGRAPHED, STREAMS_OF_ADDRESS, WRITTEN
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import LONGEST_TEXT, LineKind, NewLine
from hotline.portal.reporting import Reporting
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, status_with_cookie
from tests.storage.pictures import pdf, photo

Client = TestClient[web.Request, web.Application]
Post = Callable[..., Awaitable[aiohttp.ClientResponse]]


@pytest.fixture
def post(client: Client) -> Post:
    """Send a form as our own page does."""
    origin = str(client.make_url("/")).rstrip("/")

    async def send(path: str, **fields: str) -> aiohttp.ClientResponse:
        return await client.post(path, data=fields, headers={"Origin": origin})

    return send


async def text_of(response: aiohttp.ClientResponse) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", await response.text()))


async def test_a_chat_is_begun_answered_and_ended_by_forms(client: Client, post: Post) -> None:
    assert "Чим допомогти?" not in await text_of(await client.get("/chat"))
    begun = await text_of(await post("/chat/begin"))
    assert "Чим допомогти?" in begun
    assert "SMS на 112" in begun
    assert "Напишіть, будь ласка, номер звернення" in await text_of(await post("/chat", choice="2"))
    assert "не знайдено" in await text_of(await post("/chat", text="2699999"))
    over = await text_of(await post("/chat/leave"))
    assert "Чат завершено" in over
    assert "Почати новий" in over


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (timedelta(days=1), "1 день."),
        (timedelta(days=32), "32 дні."),
        (timedelta(days=90), "90 днів."),
        (timedelta(days=365), "365 днів."),
    ],
)
async def test_it_says_for_how_long_chats_are_kept(client: Client, kept: timedelta, said: str) -> None:
    assert kept
    assert f"Написане ми зберігаємо {said}" in await text_of(await client.get("/chat"))


async def test_a_cookie_of_any_bytes_is_nobodys_chat(client: Client) -> None:
    assert await status_with_cookie(client.make_url("/chat"), COOKIE.encode() + b"=\xff") == 200


async def test_one_that_is_over_is_removed_from_the_browser_or_read_for_a_day_more(
    client: Client, post: Post, clock: MovedClock
) -> None:
    await post("/chat/begin")
    await post("/chat", text="Мене звати Оксана")
    await post("/chat/leave")
    assert "Оксана" in await text_of(await client.get("/chat"))
    kept = client.session.cookie_jar.filter_cookies(client.make_url("/chat"))
    await post("/chat/leave")
    assert "Оксана" not in await text_of(await client.get("/chat"))
    client.session.cookie_jar.update_cookies(kept)
    assert "Оксана" in await text_of(await client.get("/chat"))
    clock.pass_(hours=25)
    assert "Оксана" not in await text_of(await client.get("/chat"))


async def test_a_choice_of_an_old_page_answers_nothing(post: Post, storage: Storage) -> None:
    await post("/chat/begin")
    seen = str((await storage.chats.get(1)).lines)
    for _ in range(2):
        page = await post("/chat", choice="Диспетчер", seen=seen)
        assert f'name="seen" value="{(await storage.chats.get(1)).lines}"' in await page.text()
    lines = [one.kind for one in await storage.chats.lines(1)]
    assert lines.count(LineKind.ANSWERED) == 1
    assert LineKind.WROTE not in lines


async def test_another_browser_sees_nothing_of_it(client: Client, post: Post, storage: Storage) -> None:
    await post("/chat/begin")
    await post("/chat", text="Мене звати Оксана")
    client.session.cookie_jar.clear()
    assert "Оксана" not in await text_of(await client.get("/chat"))
    client.session.cookie_jar.update_cookies({"chat": "guessed"})
    assert "Оксана" not in await text_of(await client.get("/chat"))
    assert (await storage.chats.get(1)).address not in {"", "guessed"}


async def test_who_begins_without_end_has_to_wait(post: Post, storage: Storage, clock: MovedClock) -> None:
    for _ in range(FREE_BEGUN):
        assert (await post("/chat/begin")).status == 200
    assert (await post("/chat/begin")).status == 429
    clock.pass_(hours=2)
    assert (await post("/chat/begin")).status == 200
    assert (await storage.chats.get(FREE_BEGUN + 1)).state is ChatState.ASKING


async def test_who_writes_without_end_has_to_wait_and_keeps_what_was_typed(post: Post) -> None:
    await post("/chat/begin")
    answers = [await post("/chat", text="меню") for _ in range(WRITTEN.at_once + 5)]
    held = [one for one in answers if one.status == 429]
    assert held
    assert 'value="меню"' in await held[0].text()


@pytest.mark.parametrize("text", ["", " \n ", "ж" * (LONGEST_TEXT + 1)])
async def test_what_cannot_be_taken_is_said_so(post: Post, storage: Storage, text: str) -> None:
    await post("/chat/begin")
    answer = await post("/chat", text=text)
    assert answer.status == 422
    assert 'role="alert"' in await answer.text()
    assert not [one for one in await storage.chats.lines(1) if one.kind is LineKind.ANSWERED]


async def test_writing_without_a_chat_and_into_one_that_is_over_begins_nothing(
    post: Post, storage: Storage
) -> None:
    assert (await post("/chat", text="меню")).status == 200
    assert await storage.chats.waiting() == []
    await post("/chat/begin")
    await post("/chat/leave")
    lines = len(await storage.chats.lines(1))
    assert (await post("/chat", text="меню")).status == 200
    assert len(await storage.chats.lines(1)) == lines


async def test_choices_are_those_of_the_question_that_waits(
    client: Client, post: Post, storage: Storage, clock: MovedClock
) -> None:
    assert 'value="Стан звернення"' in await (await post("/chat/begin")).text()
    question = NewLine(kind=LineKind.ASKED, text="Напишіть, будь ласка, номер будинку.", asked="ask-house")
    await storage.chats.add(await storage.chats.get(1), [question], clock.now())
    page = await (await client.get("/chat")).text()
    assert "номер будинку" in page
    assert 'name="choice"' not in page


async def test_the_page_is_told_of_news_and_an_address_has_so_many_streams(
    client: Client, post: Post, app: web.Application
) -> None:
    await post("/chat/begin")
    streams = [await client.get("/chat/news") for _ in range(STREAMS_OF_ADDRESS)]
    assert (await client.get("/chat/news")).status == 429
    await post("/chat", text="меню")
    assert b"event: lines" in await streams[0].content.readuntil(b"\n\n")
    for one in streams:
        one.close()
    app[CHATS].streams.clear()
    await post("/chat/leave")
    assert (await client.get("/chat/news")).status == 204


async def test_in_english_the_flow_speaks_english(client: Client, post: Post) -> None:
    await post("/preferences", language="en", next="/chat")
    assert "How can we help?" in await text_of(await post("/chat/begin"))
    assert "Чим допомогти?" in await text_of(await post("/chat", choice="9"))


async def test_a_photo_is_redrawn_and_waits_with_the_chat_for_its_report(
    client: Client, post: Post, storage: Storage, registers: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = str(client.make_url("/")).rstrip("/")

    async def send(content: bytes, name: str = "IMG_7.jpg") -> aiohttp.ClientResponse:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type="image/jpeg")
        return await client.post("/chat/photo", data=form, headers={"Origin": origin})

    taken = photo()
    assert "Чим допомогти?" not in await text_of(await send(taken)), "without a chat nothing is taken"
    assert "Додати фото" in await text_of(await post("/chat/begin"))
    assert "Фото отримано (1 з" in await text_of(await send(taken))
    assert "Фото отримано (1 з" in await text_of(await send(taken)), "the same photo is kept once"
    for content, name, said in (
        (pdf(), "a.pdf", "Приймаємо лише фото"),
        (b"", "", "Спершу виберіть фото"),
        (taken[:200], "b.jpg", "не відкривається"),
    ):
        answer = await send(content, name)
        assert answer.status == 422
        assert said in await text_of(answer)
    with monkeypatch.context() as small:
        small.setattr("cti_server.chats.resident._FORM", -registers.store.limits.most_bytes + 100)
        large = await send(taken)
        assert large.status == 413
        said = await text_of(large)
        assert "Це фото завелике" in said
        assert "Чим допомогти?" in said, "the chat stands there as before"
    (kept,) = await storage.chat_photos.of_chat(1)
    with Image.open(registers.store.path(kept.key)) as image:
        assert not image.getexif(), "neither its place nor its owner"
    for _ in range(PHOTOGRAPHED.at_once):
        answer = await send(b"", "c.jpg")
    assert answer.status == 429
