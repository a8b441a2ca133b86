"""The page at `/status`, as a browser gets it."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from cti_server.frame.assets import address
from cti_server.operation.words import WORK
from cti_server.status.words import WORDS
from service.wiring.board import HotlineBoard
from tests.cti_server.conftest import SetBoard

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Outline(HTMLParser):
    """Reads a page strictly: every element is closed, in its order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


async def _page(client: TestClient, query: str = "") -> Outline:
    response = await client.get(f"/status{query}")
    assert response.status == 200
    assert response.content_type == "text/html"
    assert response.charset == "utf-8"
    outline = Outline()
    outline.feed(await response.text())
    outline.close()
    assert outline.open == []
    return outline


async def test_the_page_is_ukrainian_and_says_what_to_call_and_how_it_is(client: TestClient) -> None:
    page = await _page(client)
    assert page.tags[0] == ("html", {"lang": "uk"})
    assert page.text.startswith("Гаряча лінія міста Гаряча лінія міста English Телефонуйте 1580")
    assert "Дзвінки приймаються" in page.text
    assert "Чекають на лінії 3 Розмовляють 2 Диспетчерів на зміні 4" in page.text


async def test_the_same_in_english(client: TestClient) -> None:
    page = await _page(client, "?lang=en")
    assert page.tags[0] == ("html", {"lang": "en"})
    assert "Call 1580 Calls are being answered" in page.text
    assert "Waiting in the line 3 Talking 2 Dispatchers on duty 4" in page.text


@pytest.mark.parametrize("query", ["?lang=de", "?lang=", "?lang=%3Cscript%3E", "?x=1"])
async def test_any_other_language_is_ukrainian(client: TestClient, query: str) -> None:
    page = await _page(client, query)
    assert page.tags[0] == ("html", {"lang": "uk"})
    assert "<script>" not in page.text


@pytest.mark.parametrize(("query", "other"), [("", "en"), ("?lang=en", "uk")])
async def test_each_language_leads_to_the_other(client: TestClient, query: str, other: str) -> None:
    page = await _page(client, query)
    (link,) = [attributes for tag, attributes in page.tags if "hreflang" in attributes]
    assert link["href"] == f"?lang={other}"
    assert link["hreflang"] == other


async def test_with_asterisk_away_the_page_still_comes_and_says_so(
    client: TestClient, board: SetBoard
) -> None:
    board.state["asterisk"] = False
    page = await _page(client)
    assert "Дзвінки приймає резервна черга" in page.text
    assert "Телефонна станція не відповідає База даних працює" in page.text


async def test_with_the_database_away_the_page_comes_without_the_line(
    client: TestClient, board: SetBoard
) -> None:
    board.state["database"] = False
    page = await _page(client, "?lang=en")
    assert "Database does not answer" in page.text
    assert "Waiting" not in page.text


async def test_the_page_may_load_its_own_style_and_script_and_nothing_else(client: TestClient) -> None:
    response = await client.get("/status")
    policy = response.headers["Content-Security-Policy"]
    own = "style-src 'self'; script-src 'self'; connect-src 'self'"
    assert policy == f"default-src 'none'; {own}; frame-ancestors 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    text = await response.text()
    own_script = f'<script type="module" src="{address("status.js")}">'
    assert re.findall(r"<script[^>]*>", text) == [own_script]
    assert not re.search(r"style=|\bon\w+=|https?://", text)


async def test_the_style_is_served_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    (link,) = [attributes for tag, attributes in (await _page(client)).tags if tag == "link"]
    response = await client.get(str(link["href"]))
    assert (response.status, response.content_type) == (200, "text/css")
    style = await response.text()
    assert "@import" not in style
    assert "url(" not in style


async def test_every_class_on_the_page_has_a_style(client: TestClient) -> None:
    page = await _page(client)
    style = await (await client.get("/status.css")).text()
    for _, attributes in page.tags:
        for name in (attributes.get("class") or "").split():
            assert f".{name} " in style or f".{name}{{" in style, name


async def test_the_page_names_no_citizen_and_no_dispatcher(client: TestClient) -> None:
    for query in ("", "?lang=en"):
        page = await _page(client, query)
        assert not re.search(r"\+?\d{5,}", page.text)


def test_both_languages_say_the_same_things() -> None:
    assert WORDS.keys() == {"uk", "en"}
    assert WORDS["uk"].keys() == WORDS["en"].keys()
    assert not any(re.search("[ыэёъ]", text) for text in WORDS["uk"].values())


@pytest.mark.parametrize("query", ["", "?lang=en"])
async def test_all_work_that_a_real_hotline_tells_of_has_a_word(
    client: TestClient[web.Request, web.Application], board: SetBoard, query: str
) -> None:
    storage: Any = SimpleNamespace(
        calls=SimpleNamespace(spills=False),
        city_documents=SimpleNamespace(broken=list),
        database=SimpleNamespace(shared=False, grown_log=lambda: 0),
    )
    nobody: Any = SimpleNamespace(locked=lambda: None)
    real = HotlineBoard(storage, nobody, lambda: True, nobody, nobody, None, dict)
    board.pace = dict(real.background())
    assert set(board.pace) == set(WORK), "and on the page of operation"
    assert (await client.get(f"/status{query}")).status == 200
