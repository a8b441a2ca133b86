"""What the next test gets of a context that one before it has used: its process, and nothing else."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext

from tests.cti_server.conftest import served
from tests.fakes.clock import NOON
from tests.system.browser import CONTEXTS, clean_context, kill, open_browser

pytestmark = pytest.mark.system
OPTIONS = {"locale": "uk-UA", "viewport": {"width": 321, "height": 640}}
"""Nobody else's."""
LEAVES = """async () => {
  document.cookie = "left=1";
  localStorage.left = sessionStorage.left = "1";
  await caches.open("left");
  await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
}"""
FINDS = """async () => [
  document.cookie, localStorage.left ?? "", sessionStorage.left ?? "",
  (await caches.keys()).join(), (await indexedDB.databases()).map((one) => one.name).join(),
]"""
ALL, NOTHING = ["left=1", "1", "1", "left", "left"], [""] * 5
SHARES = "[navigator.onLine, history.length]"


async def answer(request: web.Request) -> web.Response:
    if request.path == "/worker.js":
        return web.Response(text="", content_type="text/javascript")
    return web.Response(text="<!doctype html><title>page</title>", content_type="text/html")


@pytest.fixture
async def addresses() -> AsyncIterator[list[str]]:
    """Of two servers, as two tests have them."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as first, TestServer(app) as second:
        yield [str(one.make_url("/")) for one in (first, second)]


async def used(browser: Browser, address: str) -> BrowserContext:
    """Have a context leave there what pages can leave."""
    context = await clean_context(browser, address, **OPTIONS)
    page = await context.new_page()
    await page.goto(address)
    await page.evaluate(LEAVES)
    assert await page.evaluate(FINDS) == ALL
    await context.set_offline(offline=True)
    return context


async def test_who_comes_next_finds_no_cookie_page_or_want_of_a_network(addresses: list[str]) -> None:
    first, second = addresses
    async with open_browser() as browser:
        before = await used(browser, first)
    async with open_browser() as browser:
        context = await clean_context(browser, second, **OPTIONS)
        assert context is before
        assert len(context.pages) == 1, "the one that keeps the process"
        page = await context.new_page()
        await page.goto(second)
        assert await page.evaluate(FINDS) == NOTHING
        assert await page.evaluate(SHARES) == [True, 2]


async def test_who_comes_to_the_same_address_finds_nothing_that_pages_have_kept(addresses: list[str]) -> None:
    async with open_browser() as browser:
        before = await used(browser, addresses[0])
    async with open_browser() as browser:
        context = await clean_context(browser, addresses[0], **OPTIONS)
        assert context is before
        page = await context.new_page()
        await page.goto(addresses[0])
        assert await page.evaluate(FINDS) == NOTHING


async def test_what_is_lent_is_nobody_elses(addresses: list[str]) -> None:
    first, second = addresses
    async with open_browser() as browser:
        before = await used(browser, first)
        assert await clean_context(browser, second, **OPTIONS) is not before


async def test_a_context_with_a_service_worker_is_not_lent_again(addresses: list[str]) -> None:
    first, second = addresses
    async with open_browser() as browser:
        before = await clean_context(browser, first, **OPTIONS)
        page = await before.new_page()
        await page.goto(first)
        async with before.expect_event("serviceworker"):
            await page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => undefined)")
    async with open_browser() as browser:
        assert await clean_context(browser, second, **OPTIONS) is not before


async def test_nobody_gets_the_clock_that_another_test_has_set(addresses: list[str]) -> None:
    first, second = addresses
    async with open_browser() as browser:
        before = await clean_context(browser, first, **OPTIONS)
        page = await before.new_page()
        await page.clock.set_fixed_time(NOON)
        await page.goto(first)
        assert await page.evaluate("Date.now()") == NOON.timestamp() * 1000
    async with open_browser() as browser:
        context = await clean_context(browser, second, **OPTIONS)
        assert context is not before
        page = await context.new_page()
        await page.goto(second)
        assert await page.evaluate("Date.now()") != NOON.timestamp() * 1000


async def test_a_browser_that_died_gives_none_back(addresses: list[str]) -> None:
    lent = CONTEXTS.lent()
    async with open_browser() as browser:
        before = await used(browser, addresses[0])
        await kill(browser)
    assert CONTEXTS.lent() == lent
    async with open_browser() as browser:
        assert await clean_context(browser, addresses[1], **OPTIONS) is not before


async def test_no_answer_that_lasts_is_shown_in_the_next_test() -> None:
    shown = []
    for said in ("first", "second"):
        app = web.Application()
        app.router.add_get("/", partial(lasting, said))
        async with served(app) as server, open_browser() as browser:
            address = str(server.make_url("/"))
            page = await (await clean_context(browser, address, **OPTIONS)).new_page()
            await page.goto(address)
            shown.append(await page.title())
    assert shown == ["first", "second"]


async def lasting(said: str, _request: web.Request) -> web.Response:
    page = f"<!doctype html><title>{said}</title>"
    return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "public, max-age=60"})
