"""A real Chromium for tests, and axe-core's verdict on what it shows.

`open_browser()` gives this worker's, `kill(browser)` ends it as a crash does, `violations(page)` tells what
breaks WCAG 2.1 AA on the page as it stands.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.g711 import RATE
from telephony.phone.sound import save
from tests.effort import BY_NIGHT
from tests.fakes.made_once import made_once
from tests.fakes.memory import shared_memory
from tests.system.kept_contexts import KeptContexts

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HUMBLE = Path(__file__).with_name("humble_chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--renderer-process-limit=1", "--in-process-gpu", "--js-flags=--single-threaded"),
    "--host-resolver-rules=MAP centre.example 127.0.0.1",
)
"""Three of them let pages share what each would set up, and compile nothing beside: a third of the work."""
INSECURE = "centre.example"
"""The machine itself by a name, and no place where a browser gives pages a microphone."""
REFUSING = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
"""There is a microphone, and nobody consents to its use."""
PHONE = (
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
    "--autoplay-policy=no-user-gesture-required",
)
"""A microphone that needs no consent, and sound without a first key."""
HEARD = 700
"""Hz: what the microphone hears unless a test says otherwise."""
SILENT = """
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () =>
  new MediaStream([new MediaStreamTrackGenerator({kind: "audio"})]);
"""
"""Run in a page first: it has a microphone that hears nothing, and takes as much work as none."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
"""Chromium without its own windows: a third of the work for a page, half of it for a talk."""
OF_THE_SHELL = ("--disable-features=WebRtcHideLocalIpsWithMdns",)
"""Unlike Chromium it does not know that consent is given, and would hide its address, which is a hold."""
PATIENCE_MS = PATIENCE_SECONDS * 1000
expect.set_options(timeout=PATIENCE_MS)
"""Playwright's own five seconds are few for a browser that shares two processors with three others."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
WCAG_22 = (*RULES, "wcag22aa")
"""The same with what WCAG 2.2 has added: targets that are large enough."""
MANY = ("tr:nth-child(n+16)", "li:nth-child(n+16)", "article:nth-of-type(n+16)", "details:nth-of-type(n+16)")
"""Rows that one loop of a template makes, behind so many that axe has judged: by day they are left out."""
HEADER = "html[data-user] header.navbar"
"""The same on all pages of who has signed in: by day it is judged in `cti_server/frame/test_menu.py`."""
HAVE_AXE: set[str] = set()
"""Origins of tests' servers that have axe at AXE_PATH: browsers keep it as they have compiled it."""
AXE_PATH = "/static/axe.min.js"
_FETCH_AXE = """async (path) => {
  if (!matchMedia("(scripting: enabled)").matches) return false;
  const script = document.createElement("script");
  script.src = path;
  await new Promise((done) => {
    script.onload = script.onerror = done;
    document.head.append(script);
  });
  script.remove();
  return "axe" in window;
}"""
_AXE_RUN = """async ([rules, exclude]) => {
  if (!("axe" in window)) return null;
  const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(transitions.map((one) => one.finished));
  axe.configure({noHtml: true});
  const judged = {runOnly: rules, resultTypes: ["violations"]};
  const quick = await axe.run({exclude}, {...judged, selectors: false});
  if (!quick.violations.length) return [];
  const run = await axe.run({exclude}, judged);
  return run.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
"""A theme that was just changed fades in: half way there no text has its contrast.

Elements are named when there is something to say of them: to find a name for each takes longer than many
rules do.
"""


class Browsers:
    """This worker's Chromiums, one for each set of flags: a start costs more than most tests do."""

    def __init__(self) -> None:
        self._driver = AsyncExitStack()
        self._playwright: Playwright | None = None
        self._running: dict[tuple[str, tuple[str, ...]], Browser] = {}

    async def started(self, program: str, flags: tuple[str, ...]) -> Browser:
        """Give the one with these flags; another when a test has killed it."""
        known = self._running.get((program, flags))
        if known is None or not known.is_connected():
            known = self._running[program, flags] = await self._start(program, flags)
        return known

    async def close(self) -> None:
        for one in self._running.values():
            if one.is_connected():
                await one.close()
        await self._driver.aclose()

    async def _start(self, program: str, flags: tuple[str, ...]) -> Browser:
        if self._playwright is None:
            self._playwright = await self._driver.enter_async_context(async_playwright())
        return await self._playwright.chromium.launch(
            executable_path=HUMBLE if os.geteuid() == 0 else program,
            args=[*QUIET, *(OF_THE_SHELL if program.endswith(SHELL) else ()), *flags],
            # Chromium's processes hand pictures on by shared files, which cost several times more on a disk.
            ignore_default_args=["--disable-dev-shm-usage"] if shared_memory() else None,
            env={**os.environ, "CHROMIUM": program},
        )


BROWSERS = Browsers()
CONTEXTS = KeptContexts()


@asynccontextmanager
async def open_browser(*flags: str, hears: int | None = HEARD, asks: bool = False) -> AsyncIterator[Browser]:
    """The machine's Chromium without a window; more `flags` come after the quiet ones.

    `hears`: its microphone a tone of so many hertz; with None it is as it comes. `asks`: for people's
    consent, and knows the devices by name; the shell does neither.
    The browser outlives the block; pages and cookies that are made in it do not.
    """
    heard = () if hears is None else (*PHONE, f"--use-file-for-fake-audio-capture={_tone(hears)}")
    browser = await BROWSERS.started(_chromium(asks=asks), (*heard, *flags))
    before, lent = browser.contexts, CONTEXTS.lent()
    try:
        yield browser
    finally:
        kept = await CONTEXTS.take_back(browser, lent)
        if browser.is_connected():
            for context in browser.contexts:
                if context not in before and context not in kept:
                    await context.close()


async def clean_context(browser: Browser, address: str, **options: Any) -> BrowserContext:
    """A context for pages of a server at this address, as a new one would be, and quicker.

    It is taken back when the browser's block ends. Scripts, routes and the size of a screen belong on its
    pages, not on itself: the fewer kinds there are, the more often there is one already.
    """
    return await CONTEXTS.lend(browser, address, {"locale": "uk-UA", "reduced_motion": "reduce", **options})


async def sign_in(context: BrowserContext, address: str, login: str, password: str) -> None:
    """Sign in as the page does, without a page: its next one knows who opens it."""
    form: dict[str, str | float | bool] = {"csrf": "", "login": login, "password": password}
    answer = await context.request.post(
        f"{address}/sign-in", form=form, headers={"Origin": address}, max_redirects=0
    )
    assert answer.status == HTTPStatus.SEE_OTHER, await answer.text()


async def kill(browser: Browser) -> None:
    """End all processes of the browser as a crash does: nothing is said to anybody.

    The driver hears of it a moment later, and lends a dead browser until then.
    """
    gone = asyncio.Event()
    browser.once("disconnected", lambda _: gone.set())
    session = await browser.new_browser_cdp_session()
    for process in (await session.send("SystemInfo.getProcessInfo"))["processInfo"]:
        with suppress(ProcessLookupError):  # the rest of a browser may end by itself once its first is dead
            os.kill(process["id"], signal.SIGKILL)
    await gone.wait()


async def picture(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look at it, in the folder HOTLINE_SCREENSHOTS.

    The caret stays as it is: to hide it, the driver leaves a `style` attribute on every field, which htmx
    then carries over to the next form, and our Content-Security-Policy complains of it.
    """
    if folder := os.environ.get("HOTLINE_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")


async def violations(page: Page, rules: Sequence[str] = RULES, *, whole: bool = BY_NIGHT) -> Sequence[str]:
    """What axe-core finds wrong, one line a finding; empty when all is well.

    What other pages have as well is left out unless `whole`. A page that has only begun to come has no style
    sheet yet: its links have the browser's own colour.
    """
    await page.wait_for_load_state()
    judged = [list(rules), [] if whole else [*MANY, HEADER]]
    found: list[str] | None = await page.evaluate(_AXE_RUN, judged)
    if found is None:
        await _bring_axe(page)
        found = await page.evaluate(_AXE_RUN, judged)
    assert found is not None
    return found


async def _bring_axe(page: Page) -> None:
    """From the page's own server where that has it, and else with the question."""
    there = "/".join(page.url.split("/")[:3]) in HAVE_AXE
    if not there or not await page.evaluate(_FETCH_AXE, AXE_PATH):
        await page.evaluate(_axe())


def _tone(hertz: int) -> Path:
    """Two seconds of it, from which the microphone begins anew."""
    moments = np.arange(RATE * 2) / RATE
    samples = (16000 * np.sin(2 * np.pi * hertz * moments)).astype(np.int16)
    return made_once(f"tone-{hertz}.wav", partial(save, samples))


@cache
def _axe() -> str:
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: run ./check, or setup/assets.sh.", pytrace=False)
    return AXE.read_text(encoding="utf-8")


def _chromium(*, asks: bool) -> str:
    for name in CHROMIUM if asks else (SHELL, *CHROMIUM):
        if found := shutil.which(name):
            return found
    pytest.fail("Chromium is not installed: run ./check, or `apt-get install chromium`.", pytrace=False)
