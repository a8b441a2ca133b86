"""A dispatcher at a real browser: signs in, opens a page with the phone, uses keys, is heard as a tone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from playwright.async_api import Browser, BrowserContext, Page, expect

from hotline.access.permissions import Role
from hotline.line.presence_states import Presence
from tests.fakes.passwords import hash_of
from tests.system.browser import clean_context, open_browser, sign_in
from tests.system.hotline import Hotline

PASSWORD = "correct horse battery"
_RAW_SOUND = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = ({audio}) => open({audio: {
  ...audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
"""
"""Tones are no speech: a browser would take them out as noise."""
_HEARS = """async ([root, tones]) => {
  const [call] = root.softphone.calls.filter((one) => one.phase === "talking" && !one.held);
  const {devices} = root.softphone;
  const {context} = devices;
  await devices.wake();
  const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
  const source = context.createMediaStreamSource(call.element.srcObject);
  source.connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  source.disconnect();
  devices.rest();
  return tones.every((hertz) => {
    const bin = Math.round(hertz * analyser.fftSize / context.sampleRate);
    return Math.max(...bins.slice(bin - 3, bin + 4)) > -60;
  });
}"""
"""Whether each of these tones is heard, however many there are at once."""
_LOUDEST = """async (root) => {
  const [call] = root.softphone.calls.filter((one) => one.phase === "talking" && !one.held);
  const {devices} = root.softphone;
  const {context} = devices;
  await devices.wake();
  const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
  const source = context.createMediaStreamSource(call.element.srcObject);
  source.connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  source.disconnect();
  devices.rest();
  const peak = bins.indexOf(Math.max(...bins));
  return bins[peak] < -70 ? 0 : Math.round(peak * context.sampleRate / analyser.fftSize);
}"""
"""The frequency that the dispatcher hears most of, in Hz; 0 for silence."""


_SOUNDS = """(on) => {
  const {devices, ring} = document.querySelector("[data-softphone]").softphone;
  return on === (devices.context.state === "running") && on !== ring.element.paused;
}"""


@dataclass(kw_only=True)
class WebDesk:
    """One dispatcher's page. `panel` is what the softphone looks like from outside."""

    hotline: Hotline
    browser: Browser
    page: Page
    path: str = "/desk/phone"
    """The phone alone; `/desk` is the whole desk."""
    host: str = "127.0.0.1"
    port: int | None = None
    """Where the service is reached, when it is not by its own port."""
    script: str = ""
    """Runs in every page first."""

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port or self.hotline.settings.http_port}"

    async def sign_in(self, extension: str) -> None:
        await sign_in(self.page.context, self.address, f"d{extension}", PASSWORD)

    async def sign_in_by_form(self, extension: str) -> None:
        await self.page.goto(f"{self.address}/sign-in")
        await self.page.fill("[name=login]", f"d{extension}")
        await self.page.fill("[name=password]", PASSWORD)
        await self.page.press("[name=password]", "Enter")
        await self.page.wait_for_url(lambda url: "/sign-in" not in url)

    async def open(self) -> None:
        """Open the page anew and wait until the phone is registered."""
        await self.page.goto(f"{self.address}{self.path}")
        await self.shows("ready")

    async def shows(self, state: str) -> None:
        """Wait for a state of the phone: `ready`, `elsewhere` …"""
        await self._until("state", state)

    async def call_is(self, phase: str) -> None:
        """Wait for what the call in hand is: `ringing`, `talking`, `none` …"""
        await self._until("call", phase)

    async def _until(self, what: str, wanted: str) -> None:
        panel = self.page.locator("[data-softphone]")
        await expect(panel).to_have_attribute(f"data-{what}", wanted)

    async def sounds(self, *, on: bool) -> None:
        """Wait until the page rings or gives a tone, or until nothing of it takes the loudspeaker."""
        await self.page.wait_for_function(_SOUNDS, arg=on)

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def picks_up(self) -> None:
        """Answer the next call by its key; the hotline brings the two together a moment later."""
        await self.call_is("ringing")
        await self.press("F2")
        await self.call_is("talking")

    async def dials(self, number: str, button: str) -> None:
        """Enter a colleague's number by keyboard and press one of the buttons below it."""
        await self.press("Shift+F2")
        await self.page.keyboard.type(number)
        await self.page.click(f"[data-part=act-{button}]")

    async def finds(self, typed: str, key: str) -> None:
        """Type a part of a name into the directory, and press a key at once: the list may follow later."""
        await self.press("F10")
        await self.page.keyboard.type(typed)
        await self.press(key)

    async def hears(self, hertz: int) -> None:
        """Wait until the dispatcher hears this tone (0: nothing)."""

        async def heard() -> bool:
            return abs(await self.loudest() - hertz) < 15

        await self.hotline.until(heard)

    async def hears_both(self, *tones: int) -> bool:
        """Whether the dispatcher hears all these tones at once."""
        root = await self.page.query_selector("[data-softphone]")
        return bool(await self.page.evaluate(_HEARS, [root, list(tones)]))

    async def loudest(self) -> float:
        root = await self.page.query_selector("[data-softphone]")
        found: float = await self.page.evaluate(_LOUDEST, root)
        return found

    async def another_window(self, state: str = "ready") -> "WebDesk":
        """The same dispatcher, signed in there too, opens the page a second time; how its phone stands."""
        page = await _page(self.page.context, self.script)
        second = replace(self, page=page)
        await page.goto(f"{self.address}{self.path}")
        await second.shows(state)
        return second


@asynccontextmanager
async def web_desk(
    hotline: Hotline, extension: str, hertz: int, *, asks: bool = False
) -> AsyncIterator[WebDesk]:
    """A dispatcher on duty whose browser is registered; whoever talks with them hears the tone."""
    await add_dispatcher(hotline, extension)
    async with web_browser(hotline, extension, hertz, asks=asks) as desk:
        await hotline.presence(extension, Presence.READY)
        yield desk


@asynccontextmanager
async def web_browser(
    hotline: Hotline,
    extension: str,
    hertz: int,
    *,
    path: str = "/desk/phone",
    port: int | None = None,
    script: str = "",
    asks: bool = False,
) -> AsyncIterator[WebDesk]:
    """A browser at which a dispatcher has signed in and opened `path`; `script` runs in every page first."""
    async with open_browser(hears=hertz, asks=asks) as browser:
        address = f"http://127.0.0.1:{port or hotline.settings.http_port}"
        screen = {"width": 1366, "height": 768}
        context = await clean_context(
            browser, address, viewport=screen, locale="uk-UA", reduced_motion="reduce"
        )
        page = await _page(context, script)
        desk = WebDesk(hotline=hotline, browser=browser, page=page, path=path, port=port, script=script)
        await desk.sign_in(extension)
        await desk.open()
        yield desk


async def _page(context: BrowserContext, script: str) -> Page:
    page = await context.new_page()
    await page.add_init_script(_RAW_SOUND + script)
    return page


async def add_dispatcher(hotline: Hotline, extension: str) -> None:
    """An account with a desk; the login is `d` and the extension."""
    one = await hotline.storage.dispatchers.add(extension, extension, f"secret-{extension}", frozenset())
    await hotline.storage.users.add(
        login=f"d{extension}",
        name=f"Диспетчер {extension}",
        role=Role.DISPATCHER,
        password_hash=hash_of(PASSWORD),
        dispatcher_id=one.id,
    )
