"""One desk in a real Chromium: when a caller stands in its page (the DOM).

Playwright and Chromium belong to the tools of development; without them this figure alone is not measured.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from tests.bench.open_desks import Desk, FirstShown
from tests.bench.progress import tell

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_WATCH = """
const told = new Set();
const look = () => {
  const call = document.getElementById("pop")?.dataset.call;
  if (!call || told.has(call)) return;
  told.add(call);
  window.popped(call, performance.timeOrigin + performance.now());
};
new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
"""


class Browser(FirstShown):
    """One page, in which each call is first shown at a moment of the browser's clock."""

    async def popped(self, call_id: str, at_ms: float) -> None:
        """Hear it from the page."""
        await self.shown(call_id, datetime.fromtimestamp(at_ms / 1000, UTC))


@asynccontextmanager
async def browser_desk(desk: Desk) -> AsyncIterator[Browser | None]:
    """Open the desk in Chromium, its softphone silent so that the desk phone rings; None without Chromium."""
    chromium = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - a tool of development
    except ImportError:
        chromium = None
    if chromium is None:
        tell("dom_p99_ms IS NOT MEASURED: it takes Chromium and Playwright (pip install playwright).")
        yield None
        return
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        stack.push_async_callback(browser.close)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="uk-UA")
        await context.add_cookies([{"name": "hotline", "value": desk.token, "url": desk.origin}])
        page, shown = await context.new_page(), Browser()
        await page.expose_function("popped", shown.popped)
        await page.add_init_script(_WATCH)
        await page.route("**/desk/phone", lambda route: route.abort())
        await page.goto(f"{desk.origin}/desk")
        await page.wait_for_selector("#presence")
        yield shown
