"""The widget on another site, in a real Chromium; every page but this one stays out of frames."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from tests.cti_server.conftest import Person
from tests.cti_server.outages.public.conftest import Town
from tests.system.browser import open_browser, picture, violations

CITY = """<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>Місто</title>
<link rel="icon" href="data:,"></head>
<body><main><h1>Сайт міста</h1><script src="{base}/outages/widget.js" {data}></script></main></body></html>"""


@pytest.fixture
async def city(server: TestServer) -> AsyncIterator[TestServer]:
    """Another site; `?data=` are the attributes of its script."""
    base = str(server.make_url("/")).rstrip("/")

    async def page(request: web.Request) -> web.Response:
        text = CITY.format(base=base, data=request.query.get("data", ""))
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    async with TestServer(app, host="localhost") as one:
        yield one


@pytest.mark.system
@pytest.mark.usefixtures("town")
async def test_a_city_site_shows_outages_in_a_frame(city: TestServer) -> None:
    async with open_browser() as browser:
        page = await browser.new_page(locale="uk-UA", viewport={"width": 390, "height": 700})
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        await page.goto(str(city.make_url("/")))
        frame = page.frame_locator("iframe[title='Відключення в місті']")
        await expect(frame.locator("h1")).to_have_text("Відключення в місті")
        await expect(frame.locator("li")).to_contain_text("Немає холодної води")
        await picture(page, "widget-390")
        query = {"data": 'data-address="Дніпровський 5" data-lang="en" data-theme="dark" data-height="300"'}
        await page.goto(str(city.make_url("/").with_query(query)))
        frame = page.frame_locator("iframe[title='Outages in the city']")
        await expect(frame.locator("html[data-theme=dark][lang=en]")).to_be_attached()
        await expect(frame.locator("body")).to_contain_text("Дніпровський квартал, 5")
        await expect(frame.locator("body")).not_to_contain_text("No cold water")
        await picture(page, "widget-dark-390")
        assert complaints == []
        await page.goto(page.frames[1].url)
        assert await violations(page) == []


async def test_only_the_widget_may_stand_in_a_frame(person: Person, town: Town) -> None:
    framed = (await person.get("/outages/widget")).headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed
    assert "script-src 'self'" in framed
    for path in ("/outages", f"/outages/{town.water.id}", "/outages/subscribe", "/outages.json", "/sign-in"):
        policy = (await person.get(path)).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, path


@pytest.mark.usefixtures("town")
async def test_the_frame_is_the_same_for_everybody_and_may_be_kept(person: Person) -> None:
    await person.post("/preferences", {"next": "/", "language": "en", "theme": "dark"})
    answer = await person.get("/outages/widget")
    assert '<html lang="uk" data-theme="auto">' in await answer.text()
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Vary"] == "Accept-Encoding"
    script = await person.get("/outages/widget.js")
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
