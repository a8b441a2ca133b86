"""Residents call by the browser where there are several nodes: by our pages and the edge, to either node."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page

from hotline.calls.call import Outcome, Step
from hotline.calls.web_calls import FROM_BROWSER
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.browser import PATIENCE_MS, open_browser
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, picks_up
from tests.system.scaled import Scaled, all_holds, scaled_hotline
from tests.system.test_roles import serve
from tests.system.test_web_call import CONNECTIONS, HEARD, address, hears_more_than, no_guests, says

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]


@pytest.fixture
async def scaled(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Scaled]:
    """Two nodes, and a process of pages beside them."""
    del migrated_postgres  # the template of each database
    settings = PATIENT | {"HOTLINE_WEB_CALLS": "2"}
    async with scaled_hotline(cluster, tmp_path, browsers=True, **settings) as scaled:
        environ = {name: one for name, one in scaled.a.node.environ.items() if name != "HOTLINE_NODE"}
        pages = await serve(environ, scaled.a.log.with_name("web.log"), "web")
        await scaled.a.ready()
        yield scaled
        pages.kill()
        await pages.wait()


@pytest.fixture
async def resident() -> AsyncIterator[BrowserContext]:
    """A resident's browser, whose microphone hears a tone."""
    async with open_browser(hears=CITIZEN) as browser:
        context = await browser.new_context(locale="uk-UA", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(CONNECTIONS)
        yield context


async def _calls(scaled: Scaled, resident: BrowserContext) -> Page:
    """Open the page, call, and hear the hotline answer."""
    page = await resident.new_page()
    await page.goto(f"{address(scaled.a)}/call?from=/outages")
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Подзвонити на").click()
    await says(page, "talking")
    await scaled.a.until(lambda: hears_more_than(page, 0.0))
    return page


async def test_a_resident_is_brought_to_either_node_by_their_browser_and_talks(
    scaled: Scaled, resident: BrowserContext
) -> None:
    desk = await scaled.desk("201")
    for name in ("a", "b"):
        await scaled.to_node(name)
        page = await _calls(scaled, resident)
        await page.keyboard.press("0")
        talk = await picks_up(desk, FIRST)
        await talk.heard_tone(CITIZEN)
        before = float(await page.evaluate(HEARD))
        await scaled.a.until(lambda page=page, before=before: hears_more_than(page, before))
        if name == "a":  # each of the two may end it
            await page.locator("[data-hang-up]").click()
            await talk.ended()
        else:
            await talk.hang_up()
        await says(page, "ended")
        for node in (scaled.a, scaled.b):
            await node.until(lambda node=node: no_guests(node))
        await page.close()
    assert await scaled.nodes() == ["a", "b"]

    await scaled.a.until(lambda: _all_over(scaled.a))
    for call in await scaled.a.calls():
        assert (call.number, call.shown, call.outcome) == (None, FROM_BROWSER, Outcome.TALKED)
        (origin,) = [one.detail for one in await scaled.a.journey(call.id) if one.step is Step.FROM_WEB]
        assert origin == {"page": "/outages"}
    await all_holds(scaled.a, scaled.b)


async def test_a_resident_whom_a_node_does_not_know_is_brought_to_the_next(
    scaled: Scaled, resident: BrowserContext
) -> None:
    await scaled.to_node("a")
    await scaled.calls("+380457900001")
    await scaled.edge.control.take_back("b")  # which has fewer calls, and gets the next
    assert scaled.b.service is not None
    scaled.b.service.kill()  # so that nobody makes a guest known to its Asterisk
    await scaled.b.service.wait()
    page = await _calls(scaled, resident)
    await page.locator("[data-hang-up]").click()
    await says(page, "ended")
    assert await scaled.nodes() == ["a", "a"]
    assert "edge: to the next node" in scaled.edge.log.read_text("utf-8", errors="replace")
    assert "negotiate" not in scaled.b.node.log, "it took the guest for a caller of the provider"


async def _all_over(hotline: Hotline) -> bool:
    return all(call.ended_at for call in await hotline.calls())
