"""Contexts of browsers that outlive a test: cookies and pages go, the process that shows pages stays.

That process has begun, and has compiled axe, the driver's scripts and ours: a third of the work for a page
with axe. What a page may have left behind belongs to its address, which nobody gets twice in one context.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

MOST = 2
"""So many wait for the next test: each has the memory of a page."""
_SITE = "http://127.0.0.1:9/"
"""Of the tests' own site, whatever their ports: its pages share one process, which this one keeps."""


@dataclass(kw_only=True, eq=False)
class Kept:
    browser: Browser
    options: dict[str, Any]
    context: BrowserContext
    keeper: Page
    addresses: set[str] = field(default_factory=set)

    def fits(self, browser: Browser, address: str, options: dict[str, Any]) -> bool:
        return self.browser is browser and self.options == options and address not in self.addresses

    def is_open(self) -> bool:
        return self.browser.is_connected() and not self.keeper.is_closed()

    async def put_back(self) -> bool:
        """Make it as if nobody had used it; False when that cannot be."""
        if not self.is_open() or self.context.service_workers:
            return False
        for page in self.context.pages:
            if page is not self.keeper:
                await page.close()
        await self.context.set_offline(offline=False)
        await self.context.clear_cookies()
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
        """Give one that knows nothing of this address."""
        fitting = [one for one in self._idle if one.is_open() and one.fits(browser, address, options)]
        if fitting:
            self._idle.remove(fitting[-1])
        one = fitting[-1] if fitting else await _begun(browser, options)
        one.addresses.add(address)
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


async def _begun(browser: Browser, options: dict[str, Any]) -> Kept:
    context = await browser.new_context(**options)
    keeper = await context.new_page()
    await keeper.route(_SITE, lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    await keeper.goto(_SITE)
    return Kept(browser=browser, options=options, context=context, keeper=keeper)
