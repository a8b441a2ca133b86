"""A real Chromium for tests, and axe-core's verdict on what it shows.

`open_browser()` gives a browser, `violations(page)` what breaks WCAG 2.1 AA on the page as it stands.
"""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from telephony.phone.call import PATIENCE_SECONDS

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HUMBLE = Path(__file__).with_name("humble_chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PHONE = (
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
    "--autoplay-policy=no-user-gesture-required",
)
"""A microphone that needs no consent; `--use-file-for-fake-audio-capture=FILE` says what it hears."""
PATIENCE_MS = PATIENCE_SECONDS * 1000
expect.set_options(timeout=PATIENCE_MS)
"""Playwright's own five seconds are few for a browser that shares two processors with three others."""
_AXE_RUN = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
  const run = await axe.run(document, {runOnly: rules});
  return run.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""


@asynccontextmanager
async def open_browser(*flags: str) -> AsyncIterator[Browser]:
    """Start the machine's Chromium without a window; `flags` such as `*PHONE` come after the quiet ones."""
    async with async_playwright() as playwright:
        chromium = _chromium()
        browser = await playwright.chromium.launch(
            executable_path=HUMBLE if os.geteuid() == 0 else chromium,
            args=[*QUIET, *flags],
            env={**os.environ, "CHROMIUM": chromium},
        )
        try:
            yield browser
        finally:
            await browser.close()


async def picture(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look at it, in the folder HOTLINE_SCREENSHOTS.

    The caret stays as it is: to hide it, the driver leaves a `style` attribute on every field, which htmx
    then carries over to the next form, and our Content-Security-Policy complains of it.
    """
    if folder := os.environ.get("HOTLINE_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")


async def violations(page: Page) -> Sequence[str]:
    """What axe-core finds wrong, one line a finding; empty when all is well."""
    await page.evaluate(_axe())
    found: list[str] = await page.evaluate(_AXE_RUN)
    return found


@cache
def _axe() -> str:
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: run ./check, or setup/assets.sh.", pytrace=False)
    return AXE.read_text(encoding="utf-8")


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail("Chromium is not installed: run ./check, or `apt-get install chromium`.", pytrace=False)
