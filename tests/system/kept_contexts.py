"""Contexts of browsers that outlive a test: cookies, pages and what they kept go, their process stays.

That process has begun, and has compiled axe, the driver's scripts and ours; files of an address that comes
again are asked for only whether they have changed. Whatever their pages wait for may take as long as on the
busiest machine.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page
from yarl import URL

from telephony.phone.call import PATIENCE_SECONDS

MOST = 2
"""So many wait for the next test: each has the memory of a page."""
_HAS_THE_TRUE_CLOCK = "performance.getEntriesByType('navigation').length > 0"
"""Once a test has set the clock of one of its pages, all pages of the context have that one for ever.

It knows nothing of how they were navigated to, by which ours tell a reload.
"""
_SITE = "http://127.0.0.1:9/"
"""Of the tests' own site, whatever their ports: its pages share one process, which this one keeps."""


@dataclass(kw_only=True, eq=False)
class Kept:
    browser: Browser
    options: dict[str, Any]
    context: BrowserContext
    keeper: Page
    asked: CDPSession
    origins: set[str] = field(default_factory=set)
    """Whose pages were shown since it was lent."""

    def fits(self, browser: Browser, options: dict[str, Any]) -> bool:
        return self.browser is browser and self.options == options

    def is_open(self) -> bool:
        return self.browser.is_connected() and not self.keeper.is_closed()

    async def put_back(self) -> bool:
        """Make it as if nobody had used it; False when that cannot be."""
        if not self.is_open() or self.context.service_workers:
            return False
        if not await self.keeper.evaluate(_HAS_THE_TRUE_CLOCK):
            return False
        for page in self.context.pages:
            if page is not self.keeper:
                await page.close()
        await self.context.set_offline(offline=False)
        await self.context.clear_cookies()
        while self.origins:
            left = {"origin": self.origins.pop(), "storageTypes": "all"}
            await self.asked.send("Storage.clearDataForOrigin", left)
        return True

    async def close(self) -> None:
        if self.is_open():
            await self.context.close()


class KeptContexts:
    """This worker's: lent to one test at a time."""

    def __init__(self) -> None:
        self._idle: list[Kept] = []
        self._lent: list[Kept] = []

    def lent(self) -> Collection[Kept]:
        return tuple(self._lent)

    async def lend(self, browser: Browser, address: str, options: dict[str, Any]) -> BrowserContext:
        """Give one that knows nothing of anybody."""
        if not options.get("java_script_enabled", True):
            return await _opened(browser, options)  # hardly anything is set up that could be kept
        fitting = [one for one in self._idle if one.is_open() and one.fits(browser, options)]
        if fitting:
            self._idle.remove(fitting[-1])
        one = fitting[-1] if fitting else await _begun(browser, options)
        one.origins.add(str(URL(address).origin()))
        self._lent.append(one)
        return one.context

    async def take_back(self, browser: Browser, before: Collection[Kept]) -> Collection[BrowserContext]:
        """Take what of this browser was lent since then; those of its contexts that go on."""
        for one in [one for one in self._lent if one.browser is browser and one not in before]:
            self._lent.remove(one)
            if await one.put_back():
                self._idle.append(one)
            else:
                await one.close()
        while len(self._idle) > MOST:
            await self._idle.pop(0).close()
        return {one.context for one in (*self._idle, *self._lent)}


async def _opened(browser: Browser, options: dict[str, Any]) -> BrowserContext:
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    return context


async def _begun(browser: Browser, options: dict[str, Any]) -> Kept:
    context = await _opened(browser, options)
    keeper = await context.new_page()
    await keeper.route(_SITE, lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    await keeper.goto(_SITE)
    asked = await context.new_cdp_session(keeper)
    return Kept(browser=browser, options=options, context=context, keeper=keeper, asked=asked)
