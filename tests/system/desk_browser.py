"""A dispatcher who signs in in a real browser and opens the desk."""

from playwright.async_api import Browser, Page

from hotline.access.permissions import Role
from tests.fakes.passwords import hash_of
from tests.system.browser import SILENT, clean_context, sign_in
from tests.system.hotline import Hotline

PASSWORD = "hardly guessed at night"
PATIENT = {"HOTLINE_RING_SECONDS": "60", "HOTLINE_SCREEN_WAIT_MS": "10000"}
"""A busy machine shows late: the phone still waits for the screen, and rings as long as one looks at it."""
_WATCH = """
window.pops = [];
const look = () => {
  const call = document.getElementById("pop")?.dataset.call ?? "";
  if (call !== (window.pops.at(-1)?.call ?? "")) window.pops.push({call, at: Date.now() / 1000});
};
new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
"""
_PHONELESS = """
const ask = window.fetch;
window.fetch = async (what, ...how) => {
  if (String(what).endsWith("/desk/phone")) throw new TypeError("Failed to fetch");
  return ask(what, ...how);
};
"""
"""As a request that is lost. To hold it up by a route would have the page fetch each of its files anew."""


async def open_desk(hotline: Hotline, browser: Browser, extension: str) -> Page:
    """Sign in as the dispatcher of this extension, in a browser window of their own, and open the desk.

    Its softphone stays silent, so that calls ring the phone on the dispatcher's table.
    """
    await add_user(hotline, extension)
    settings = hotline.settings
    address = f"http://{settings.http_host}:{settings.http_port}"
    screen = {"width": 1366, "height": 768}
    context = await clean_context(browser, address, viewport=screen, locale="uk-UA", reduced_motion="reduce")
    await sign_in(context, address, f"user{extension}", PASSWORD)
    page = await context.new_page()
    await page.add_init_script(SILENT + _WATCH + _PHONELESS)
    await page.goto(f"{address}/desk")
    await page.wait_for_selector("#presence")
    await page.wait_for_load_state()  # a key that is pressed before the page's scripts run is nobody's
    return page


async def add_user(hotline: Hotline, extension: str) -> int:
    """Give the desk of this extension an account; its id."""
    desk = await hotline.dispatcher(extension)
    user = await hotline.storage.users.add(
        login=f"user{extension}",
        name=f"Диспетчер {extension}",
        role=Role.DISPATCHER,
        password_hash=hash_of(PASSWORD),
        dispatcher_id=desk.id,
    )
    return user.id


async def pops(page: Page) -> list[dict[str, object]]:
    """What the pop has shown so far: call ids, "" for none, with the seconds since the epoch."""
    shown: list[dict[str, object]] = await page.evaluate("window.pops")
    return shown
