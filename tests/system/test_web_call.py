"""A resident calls by the browser: a real Chromium, the proxy, a real Asterisk, and a dispatcher's desk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
import pytest
from playwright.async_api import Page, Route, expect

from cti_server.web_calls.line import REFUSED
from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import Outcome, Step
from hotline.calls.web_calls import FROM_BROWSER
from hotline.clock import SystemClock
from hotline.line.presence_states import Presence
from hotline.portal.follow_codes import FollowCodes
from service.wiring.delivery import answer_links
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.phone import Phone, RegistrationRefused
from tests.fakes.register import Register
from tests.system.browser import PATIENCE_MS, picture, violations
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import FIRST
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

pytestmark = pytest.mark.system

_NARROW = {"width": 320, "height": 640}
CONNECTIONS = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); connections.push(this); }
};
"""
HEARD = """async () => {
  const energy = [];
  for (const one of connections)
    for (const report of (await one.getStats()).values())
      if (report.type === "inbound-rtp") energy.push(report.totalAudioEnergy);
  return Math.max(0, ...energy);
}"""
"""How much sound the page was sent so far: silence adds nothing."""


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    await add_dispatcher(hotline, "201")
    async with web_browser(hotline, "201", FIRST, path="/desk") as one:
        await hotline.presence("201", Presence.READY)
        yield one


async def test_a_resident_calls_by_the_browser_and_the_desk_knows_from_which_page(
    hotline: Hotline, desk: WebDesk
) -> None:
    appeal = await Register(hotline.storage, SystemClock()).appeal("2600017", AppealState.REGISTERED)
    guest = await opens_own_appeal(hotline, desk, appeal)
    await guest.get_by_role("link", name="з браузера").click()
    await guest.get_by_role("checkbox").check()
    assert await violations(guest) == []
    await picture(guest, "web-call-before")
    await hangs_up_before_it_is_invited(guest)
    await guest.get_by_role("button", name="Подзвонити на").click()
    await says(guest, "talking")
    assert await violations(guest) == []
    await picture(guest, "web-call-320")
    await hotline.until(lambda: hears_more_than(guest, 0.0))

    await guest.keyboard.press("0")

    await desk.call_is("ringing")
    pop = desk.page.locator("#pop")
    await expect(pop).to_contain_text("З браузера")
    await expect(pop).to_contain_text("Стан звернення")
    await expect(pop).to_contain_text(appeal.number)
    await picture(desk.page, "web-call-desk")
    await desk.picks_up()
    await desk.hears(FIRST)
    told = await guest.evaluate(HEARD)
    await hotline.until(lambda: hears_more_than(guest, told))
    await guest.locator("[data-hang-up]").click()
    await says(guest, "ended")
    await desk.call_is("none")

    call = await hotline.ended_call()
    assert (call.number, call.shown, call.outcome) == (None, FROM_BROWSER, Outcome.TALKED)
    (from_web,) = [one for one in await hotline.journey(call.id) if one.step is Step.FROM_WEB]
    assert from_web.detail == {"page": "/my", "appeal": appeal.number}
    await hotline.until(lambda: no_guests(hotline))


async def test_a_stranger_at_the_socket_has_one_call_to_us_and_nothing_else(hotline: Hotline) -> None:
    async with invited(hotline) as (guest, session):
        await _answers_pings(hotline, session)
        socket = await session.ws_connect(f"{address(hotline)}/call/line", protocols=("sip",))
        await hotline.until(lambda: has_endpoint(hotline, guest["user"]))
        phone = Phone(
            user=guest["user"],
            secret=guest["password"],
            registrar=("127.0.0.1", hotline.settings.sip_port),
        )
        async with phone:  # past the filter: the endpoint itself knows nobody else, and registers nobody
            with pytest.raises(RegistrationRefused):
                await phone.register()
            call = await phone.call("201", to=("127.0.0.1", hotline.settings.sip_port))
            assert await call.reached() == HTTPStatus.NOT_FOUND

        await socket.send_str(f"REGISTER sip:hotline SIP/2.0\r\nFrom: <{guest['uri']}>;tag=a\r\n\r\n")

        assert (await socket.receive()).data == REFUSED
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{address(hotline)}/call/line", protocols=("sip",))
    assert await hotline.calls() == []
    await hotline.until(lambda: no_guests(hotline))


async def _answers_pings(hotline: Hotline, session: aiohttp.ClientSession) -> None:
    """Asterisk answers the service's pings, by which the service knows that it has not fallen silent."""
    url = f"ws://127.0.0.1:{hotline.settings.asterisk.ari_port}/ws"
    async with session.ws_connect(url, protocols=("sip",), autoping=False) as asterisk:
        await asterisk.ping(b"there?")
        assert (await asterisk.receive(timeout=PATIENCE_SECONDS)).type is aiohttp.WSMsgType.PONG


@asynccontextmanager
async def invited(hotline: Hotline) -> AsyncIterator[tuple[dict[str, str], aiohttp.ClientSession]]:
    """A program that asked for an invitation as our page does: who it is to be, and its session."""
    jar, origin = aiohttp.CookieJar(unsafe=True), {"Origin": address(hotline)}
    async with aiohttp.ClientSession(cookie_jar=jar, headers=origin) as session:
        async with session.post(f"{address(hotline)}/call", data={"consent": "yes", "from": "/"}) as answer:
            guest = await answer.json()
        yield guest, session


async def opens_own_appeal(hotline: Hotline, desk: WebDesk, appeal: Appeal) -> Page:
    """A resident's own window of a small telephone, on the page of this appeal."""
    context = await desk.browser.new_context(viewport=_NARROW, locale="uk-UA", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    await context.add_init_script(CONNECTIONS)
    page = await context.new_page()
    code = FollowCodes(answer_links(hotline.settings).key).code(appeal)
    await page.goto(f"{address(hotline)}/my/{appeal.number}/{code}")
    return page


async def hangs_up_before_it_is_invited(guest: Page) -> None:
    """A resident who changes their mind while the invitation is on its way may call anew."""
    goes_on = asyncio.Event()

    async def slowly(route: Route) -> None:
        await goes_on.wait()
        await route.continue_()

    await guest.route("**/call", slowly, times=1)
    await guest.get_by_role("button", name="Подзвонити на").click()
    await says(guest, "calling")
    await guest.locator("[data-hang-up]").click()
    await says(guest, "ended")
    async with guest.expect_response("**/call") as came:
        goes_on.set()
    await (await came.value).finished()


async def says(page: Page, state: str) -> None:
    await expect(page.locator("#call-state")).to_have_attribute("data-state", state)


async def hears_more_than(page: Page, energy: float) -> bool:
    return bool(await page.evaluate(HEARD) > energy)


async def has_endpoint(hotline: Hotline, name: str) -> bool:
    return any(one["resource"] == name for one in await hotline.node.ask("GET", "endpoints"))


async def no_guests(hotline: Hotline) -> bool:
    """Whether nobody can call as a guest: Asterisk may list an endpoint that is there no more."""
    listed = [one["resource"] for one in await hotline.node.ask("GET", "endpoints")]
    return not [name for name in listed if name.startswith("guest-") and await is_there(hotline, name)]


async def is_there(hotline: Hotline, name: str) -> bool:
    try:
        await hotline.node.ask("GET", f"asterisk/config/dynamic/res_pjsip/endpoint/{name}")
    except aiohttp.ClientResponseError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True


def address(hotline: Hotline) -> str:
    return f"http://127.0.0.1:{hotline.settings.http_port}"
