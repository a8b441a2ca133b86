"""The whole desk in one real browser: its own phone rings, the caller is shown, an appeal is registered.

Elsewhere the parts are tried one by one: the phone alone (test_softphone), the desk with a phone on the table
(test_desk, test_shift). Here they are together, as a dispatcher has them.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from hotline.calls.call import Outcome, Step
from hotline.city.addresses import demo_streets
from hotline.line.presence_states import Presence
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.browser import INSECURE, REFUSING, kill, open_browser, violations
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, picks_up
from tests.system.severable import severable
from tests.system.test_registration import HOME, fill_in, registered
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

pytestmark = pytest.mark.system

MARIA = "+380457900001"
TYPED = "Прорвало трубу в підвалі"
_WATCH = """
window.seen = [];
const note = (what) => window.seen.includes(what) || window.seen.push(what);
document.addEventListener("softphone:ringing", () => note("ring"));
new MutationObserver(() => {
  const call = document.getElementById("pop")?.dataset.call;
  if (call) note(call);
}).observe(document, {subtree: true, childList: true, attributes: true});
"""
"""What came to the page, in its order: a call on the screen by its id, and "ring" for the phone."""
REFUSES = (
    'navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };'
)
"""What a browser does whose user has refused."""


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    await hotline.storage.streets.add(demo_streets())
    await hotline.storage.citizens.add("Марія Демченко", HOME, [MARIA])
    await add_dispatcher(hotline, "201")
    async with web_browser(hotline, "201", FIRST, path="/desk", script=_WATCH) as one:
        await hotline.presence("201", Presence.READY)
        yield one


async def talking(desk: WebDesk) -> OutgoingCall:
    """A citizen and this dispatcher, who hear each other; the working card is there."""
    citizen = await asks_for_a_dispatcher(desk.hotline, sound=tone(CITIZEN))
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    await desk.page.wait_for_selector("article.desk-card")
    return citizen


@pytest.mark.nightly  # by day `test_desk.py`, with a phone on the table
async def test_the_caller_is_on_the_screen_before_the_desks_own_phone_rings(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    await desk.call_is("ringing")
    call = await hotline.only_call()
    assert await desk.page.evaluate("window.seen") == [call.id, "ring"]
    await desk.page.wait_for_selector("#pop >> text=Марія Демченко")
    assert await violations(desk.page) == []

    await desk.press("F2")

    await desk.call_is("talking")
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    await desk.page.wait_for_selector("article.desk-card")
    await desk.page.wait_for_selector("#pop", state="hidden")
    assert await violations(desk.page) == []
    await desk.press("F4")
    await citizen.ended()
    assert (await hotline.ended_call()).outcome is Outcome.TALKED


async def test_an_appeal_is_registered_in_a_talk_found_by_its_number_and_the_caller_is_passed_on(
    hotline: Hotline, desk: WebDesk
) -> None:
    colleague = await hotline.desk("202")
    await hotline.presence("202", Presence.PAUSED, "tea")
    citizen = await talking(desk)
    page = desk.page
    await fill_in(page)
    appeal = await registered(hotline, page)
    assert appeal.call_id == (await hotline.only_call()).id
    await citizen.heard_tone(FIRST)

    await page.keyboard.press("F3")
    await page.keyboard.type(appeal.number)
    await page.wait_for_selector(f"#search-found [data-open='/desk/appeals/{appeal.number}']")
    await page.keyboard.press("Escape")

    await desk.press("F8")
    await hotline.until(lambda: not citizen.hears_tone(FIRST))
    await desk.press("F8")
    await citizen.heard_tone(FIRST)

    await hotline.presence("202", Presence.READY)
    await desk.dials("202", "transfer")
    asked = await picks_up(colleague, SECOND)
    await desk.call_is("none")
    await citizen.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)
    await page.wait_for_selector("text=Розмову завершено")


async def test_a_desk_loaded_anew_in_a_talk_has_caller_and_half_filled_form_back(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await talking(desk)
    await half_fills(desk)

    await desk.page.reload()

    await desk.call_is("ringing")
    await desk.page.wait_for_selector("#pop >> text=Марія Демченко")
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    assert await desk.page.input_value("#appeal-text") == TYPED
    call = await hotline.only_call()
    assert await told_to_wait(hotline, call.id)


# By day: the browser in `test_softphone.py`, the form in the test before.
@pytest.mark.nightly
async def test_after_a_crash_another_browser_has_caller_and_half_filled_form_back(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await talking(desk)
    await half_fills(desk)

    await kill(desk.browser)

    await hotline.reached(Step.RETURNED_TO_LINE)
    async with web_browser(hotline, "201", FIRST, path="/desk") as again:
        await again.picks_up()
        await citizen.heard_tone(FIRST)
        await again.hears(CITIZEN)
        assert await again.page.input_value("#appeal-text") == TYPED
    call = await hotline.only_call()
    assert await told_to_wait(hotline, call.id)


async def test_without_network_the_caller_is_kept_and_what_is_typed_is_saved_later(hotline: Hotline) -> None:
    await add_dispatcher(hotline, "201")
    async with (
        severable(hotline.settings.http_port) as cable,
        web_browser(hotline, "201", FIRST, path="/desk", port=cable.port) as desk,
    ):
        await hotline.presence("201", Presence.READY)
        citizen = await talking(desk)

        cable.unplug()

        await desk.shows("offline")
        await desk.page.wait_for_selector("#desk-offline:visible")
        assert await violations(desk.page) == []
        await desk.press("F7")
        await desk.page.keyboard.type(TYPED)
        await desk.page.wait_for_selector("[id^=saved-] >> text=Ще не збережено")
        await hotline.reached(Step.RETURNED_TO_LINE)

        cable.plug()

        await desk.picks_up()
        await citizen.heard_tone(FIRST)
        await desk.hears(CITIZEN)
        await desk.page.wait_for_selector("#desk-offline", state="hidden")
        await desk.page.wait_for_selector("[id^=saved-] >> text=Збережено")
        assert await told_to_wait(hotline, (await hotline.only_call()).id)


@pytest.mark.nightly  # by day `test_softphone.py`, and in a talk `test_desk_stays.py`
async def test_a_window_without_the_phone_says_so_and_has_it_when_the_other_is_closed(
    hotline: Hotline, desk: WebDesk
) -> None:
    second = await desk.another_window("elsewhere")
    await expect(second.page.locator("#desk-no-phone")).to_be_visible()
    assert await violations(second.page) == []

    await desk.page.close()

    await second.shows("ready")
    await expect(second.page.locator("#desk-no-phone")).to_be_hidden()
    await talking(second)


@pytest.mark.parametrize(
    ("flags", "host", "state", "words"),
    [
        ((), "127.0.0.1", "microphone-missing", "Немає мікрофона"),
        pytest.param(
            REFUSING,
            "127.0.0.1",
            "microphone-refused",
            "Мікрофон заборонено",
            marks=pytest.mark.nightly,  # by day a script refuses it
        ),
        pytest.param(
            None,
            INSECURE,
            "microphone-insecure",
            "Браузер не дає тут мікрофона",
            marks=pytest.mark.nightly,  # by day in `test_softphone.py`
        ),
    ],
)
async def test_a_desk_without_a_microphone_says_so_and_takes_calls_by_the_phone_on_the_table_alone(
    hotline: Hotline, flags: tuple[str, ...] | None, host: str, state: str, words: str
) -> None:
    await add_dispatcher(hotline, "201")
    without = open_browser() if flags is None else open_browser(*flags, hears=None, asks=True)
    async with without as browser:
        page = await browser.new_page(locale="uk-UA", viewport={"width": 1366, "height": 768})
        desk = WebDesk(hotline=hotline, browser=browser, page=page, host=host)
        await desk.sign_in_by_form("201")
        await desk.page.goto(f"{desk.address}/desk")
        await desk.shows(state)
        await expect(desk.page.locator("[data-part=state]")).to_have_text(words)
        assert await violations(desk.page) == []
        if state == "microphone-missing":
            await page.add_init_script(REFUSES)
            await page.reload()
            await desk.shows("microphone-refused")
        await desk.press("Shift+F9")
        await expect(page.locator("#desk-refused")).to_contain_text("Немає телефону")
        await expect(page.locator("#presence [data-presence=away]")).to_be_visible()
        assert await violations(desk.page) == []

        on_the_table = await hotline.desk("201")
        await desk.press("Shift+F9")
        await page.wait_for_selector("[data-presence=ready]")
        await asks_for_a_dispatcher(hotline, MARIA)
        await picks_up(on_the_table, FIRST)
        await page.wait_for_selector("article.desk-card")


async def half_fills(desk: WebDesk) -> None:
    """Begin an appeal, and wait until what is typed is kept."""
    await desk.press("F6")
    await desk.page.wait_for_selector("#appeal-text:focus")
    await desk.page.keyboard.type(TYPED)
    hotline = desk.hotline
    user = await hotline.storage.users.by_login("d201")
    assert user is not None
    call = await hotline.only_call()

    async def kept() -> bool:
        return (await hotline.storage.forms.find(user.id, call.id)).get("text") == TYPED

    await hotline.until(kept)


async def told_to_wait(hotline: Hotline, call_id: str) -> bool:
    """Whether the caller has heard that they are being put through again."""
    return "returned-to-line" in await hotline.phrases(call_id)
