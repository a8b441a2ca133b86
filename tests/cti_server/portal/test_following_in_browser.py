"""A resident with a small telephone joins, disputes, verifies: without a network, without scripts, twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Locator, Route, expect

from cti_server.answers.sources import ANSWERS
from hotline.appeals.acts.actors import applicant
from hotline.appeals.acts.applicants_word import Withdraw
from hotline.appeals.appeal import AppealState
from hotline.appeals.handling import Entry
from hotline.contact.channel import Channel
from hotline.portal.report import Contact
from service.command_line import main
from service.portal.publishing import ClosingsPublisher
from service.portal.signing import Signer
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.portal.test_account import OLENA, code_to
from tests.cti_server.portal.test_in_browser import SMALL
from tests.cti_server.portal.test_joining import ONE, registered
from tests.cti_server.test_in_browser import Window, opened_window
from tests.fakes.register import Register
from tests.system.browser import WCAG_22, violations
from tests.system.looks import ALL_LOOKS, looks

pytestmark = pytest.mark.system
MATTER = f"/matters/{ONE.number}"
NUMBER, OTHER = "2600701", "2600702"
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
REFUSED = ("401", "404", "409", "422")
"""What the browser complains of where something is refused, as these tests mean it to be."""

KEPT_BY_WORKER = """() => caches.keys()
  .then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))
  .then((all) => all.flat().map((one) => new URL(one.url).pathname))
  .then((all) => all.filter((one) => !one.startsWith("/static/")))"""


@pytest.fixture
async def small(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, viewport=SMALL, borne=(*OFFLINE, *REFUSED)) as one:
        yield one


@pytest.fixture
async def published(
    storage: Storage, clock: MovedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A day on which one appeal was closed and another was not; a folder for whoever verifies."""
    monkeypatch.setenv("LC_ALL", "uk_UA.UTF-8")
    register = Register(storage, clock)
    await register.appeal(NUMBER, AppealState.CLOSED)
    await register.appeal(OTHER, AppealState.DONE)
    clock.pass_(days=1)
    signer = Signer(tmp_path / "closings-key", clock)
    await ClosingsPublisher(storage.closing_digests, signer, clock, KYIV).look()
    return tmp_path


async def looked_at(one: Window, name: str) -> None:
    """By axe in both themes, no wider than the screen, and kept as a picture."""
    small = (SMALL["width"], SMALL["height"])
    for look in looks(name, (small, (1366, 768)), (small,) if ALL_LOOKS else (small, small), WCAG_22):
        await one.page.emulate_media(color_scheme=look.theme)  # type: ignore[arg-type]
        await one.page.set_viewport_size({"width": look.width, "height": look.height})
        if look.rules:
            assert await violations(one.page, look.rules) == [], (name, look)
        assert await one.page.evaluate("document.documentElement.scrollWidth") <= look.width, name
        await one.keep(f"{name}-{look.theme}-{look.width}")
    await one.page.set_viewport_size({"width": SMALL["width"], "height": SMALL["height"]})


async def ready(one: Window) -> None:
    """Wait until the worker looks after this page."""
    await one.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")


def waiting(one: Window) -> Locator:
    return one.page.locator("#report-kept li")


async def confirmed(one: Window, storage: Storage, asked: int = 1) -> None:
    """Confirm a contact from the page of the matter, which is open then."""
    await one.page.fill("#contact", OLENA)
    await one.page.click("form[action='/my/code'] button")
    await one.page.fill("#code", await code_to(storage, OLENA, asked))
    await one.page.click("form:has(#code) button")
    await expect(one.page.locator("#house")).to_be_visible()


async def followed(app: web.Application, storage: Storage, clock: MovedClock, number: str = NUMBER) -> str:
    """Register an appeal whose executor says that it is done; the path of its page."""
    one = await Register(storage, clock).appeal(number, AppealState.DONE)
    return f"/my/{number}/{app[ANSWERS].codes.code(one)}"


async def acts(storage: Storage, act: str, number: str = NUMBER) -> list[Entry]:
    return [one for one in await storage.handling.history(number, hidden=False) if one.act == act]


@pytest.mark.nightly  # by day what is said without a network, below
async def test_who_joins_without_a_network_is_along_once_there_is_one_and_in_no_others_name(
    small: Window, storage: Storage, clock: MovedClock
) -> None:
    page = small.page
    await registered(storage, clock)
    await small.open(MATTER)
    await looked_at(small, "matter-contact")
    await confirmed(small, storage)
    await ready(small)
    await page.context.set_offline(offline=True)
    await page.fill("#house", "9")
    await page.dblclick("form:has(#house) button")
    await expect(page.locator(".sent-said")).to_contain_text("збережено в цьому браузері")
    await expect(waiting(small)).to_have_count(1)
    await looked_at(small, "matter-kept")
    await page.reload()
    await expect(page.locator("#as-of")).to_contain_text("Так було о 14:00 02.03.2026")
    await expect(waiting(small)).to_contain_text("У мене теж")
    await storage.resident_accounts.close_all(Contact(channel=Channel.EMAIL, address=OLENA))
    await page.context.set_offline(offline=False)
    await expect(waiting(small)).to_contain_text("підтвердьте свій контакт ще раз")
    assert await storage.handling.linked(ONE.number) == []
    await page.click("form:has(#house) button")  # the page is still the one of before
    await expect(page.locator("[role=alert]")).to_contain_text("контакт уже не підтверджено")
    await looked_at(small, "matter-not-confirmed")
    await confirmed(small, storage, 2)
    await page.click("#report-kept li a")
    await expect(page.locator(".alert-success")).to_contain_text("Зареєстровано.")
    (linked,) = await storage.handling.linked(ONE.number)
    assert (linked.address, linked.reply_to) == ("Київський квартал, 9", OLENA)
    await small.open(MATTER)
    await page.dblclick("form:has(#house) button")
    await expect(page.locator(".alert-success")).to_contain_text("Зареєстровано.")
    assert len(await storage.handling.linked(ONE.number)) == 1


@pytest.mark.nightly  # by day without a browser: `test_joining.py` and its neighbours
async def test_joined_and_disputed_without_scripts(
    server: TestServer, app: web.Application, storage: Storage, clock: MovedClock
) -> None:
    await registered(storage, clock)
    path = await followed(app, storage, clock)
    # A page is left once it has loaded: a font that is broken off in the moment of its opening stays open.
    off = opened_window(server, java_script_enabled=False, viewport=SMALL, borne=REFUSED)
    async with off as one:
        page = one.page
        await one.open("/matters")
        await page.click(f"a[href='{MATTER}']")
        await confirmed(one, storage)
        await page.fill("#house", "9")
        await page.dblclick("form:has(#house) button")
        await expect(page.locator(".alert-success")).to_contain_text("Зареєстровано.")
        await page.wait_for_load_state()
        await one.open(MATTER)
        await page.click("form:has(#house) button")
        await expect(page.locator(".alert-success")).to_contain_text("Зареєстровано.")
        assert len(await storage.handling.linked(ONE.number)) == 1
        await page.wait_for_load_state()
        await one.open(f"/my/{ONE.number}/{path.rpartition('/')[2]}")  # the code of another appeal
        await expect(page.locator("h1")).to_have_text("Такої сторінки немає")
        await page.wait_for_load_state()
        await one.open("/my")  # the account's list; the appeal was reported from elsewhere
        await page.click("summary")
        await page.fill("#number", NUMBER)
        await page.fill("#code", path.rpartition("/")[2])
        await page.click("form:has(#number) button")
        await page.wait_for_load_state()
        await page.click("button[value=not-done]")
        await expect(page.locator("#text-fault")).to_contain_text("Напишіть кількома словами")
        await page.fill("#text", "Темно, як і було")
        await page.wait_for_load_state()
        await page.dblclick("button[value=not-done]")
        await expect(page.locator("[role=status]")).to_contain_text("Записано: не зроблено.")
        (dispute,) = await acts(storage, "dispute")
        assert dispute.said == "Темно, як і було"
        await page.wait_for_load_state()
        await page.click("button[value=done-after-all]")
        await expect(page.locator("[role=status]")).to_contain_text("Дякуємо!")
        await page.wait_for_load_state()


async def test_what_is_said_without_a_network_is_taken_once_and_what_was_seen_stays_in_its_tab(
    small: Window, app: web.Application, storage: Storage, clock: MovedClock
) -> None:
    page, path = small.page, await followed(app, storage, clock)
    await small.open(path)
    await ready(small)
    await page.context.set_offline(offline=True)
    await page.click("button[value=not-done]")
    await expect(page.locator(".sent-said")).to_contain_text("Напишіть кількома словами")
    await page.check("input[name=rating][value='2']")
    await page.click("button[value=done]")
    await expect(waiting(small)).to_contain_text("Так, зроблено")
    await page.fill("#text", "Темно, як і було")
    await page.dblclick("button[value=not-done]")
    await expect(waiting(small)).to_contain_text("Ні, не зроблено")  # of the answer only the last word counts
    await page.click("summary >> nth=0")
    for words in ("Код домофона 12", "Стовп біля арки"):
        await page.fill("#added", words)
        await page.click("#added ~ button")
        await expect(page.locator("#added")).to_have_value("")
    await expect(waiting(small)).to_have_count(3)
    await looked_at(small, "my-kept")
    clock.pass_(hours=2)
    await page.reload()
    await expect(page.locator("#as-of")).to_contain_text("Так було о 14:00 02.03.2026")
    await expect(waiting(small)).to_have_count(3)
    await looked_at(small, "my-as-of")
    async with page.context.expect_page() as opened:
        await page.evaluate("window.open(location.href, '_blank', 'noopener')")
    other = await opened.value
    await expect(other.locator("h1")).to_have_text("Немає зв’язку")
    await expect(other.locator("body")).not_to_contain_text(NUMBER)
    assert await violations(other, WCAG_22) == []
    await other.close()
    kept = await page.evaluate(KEPT_BY_WORKER)
    assert kept == ["/my/offline"]
    await page.context.set_offline(offline=False)
    await expect(page.locator("#report-kept li a")).to_have_count(3)
    await page.click("#as-of a")
    await expect(page.locator(".alert-info")).to_contain_text("Записано: не зроблено.")
    await expect(page.locator("#as-of")).to_be_hidden()
    (dispute,) = await acts(storage, "dispute")
    assert dispute.said == "Темно, як і було"
    assert [one.said for one in await acts(storage, "note")] == ["Код домофона 12", "Стовп біля арки"]
    assert await acts(storage, "confirm") == []


@pytest.mark.nightly
async def test_an_answer_lost_in_the_middle_is_no_second_word_and_one_that_comes_too_late_says_so(
    small: Window, app: web.Application, storage: Storage, clock: MovedClock
) -> None:
    page, path, lost = small.page, await followed(app, storage, clock), False

    async def lose_the_first(route: Route) -> None:
        nonlocal lost
        if route.request.method != "POST" or lost:
            await route.continue_()
        else:
            lost = True
            await route.fetch()  # the hotline has it; nobody hears of that
            await route.abort()

    await page.route(lambda address: address.endswith(path), lose_the_first)
    await small.open(path)
    await page.check("input[name=rating][value='4']")
    await page.click("button[value=done]")
    await expect(page.locator("#report-kept li a")).to_have_count(1)
    (confirm,) = await acts(storage, "confirm")
    assert confirm.facts["rating"] == 4
    second = await followed(app, storage, clock, OTHER)
    await small.open(second)
    await ready(small)
    await page.context.set_offline(offline=True)
    await page.click("button[value=done]")
    await expect(waiting(small)).to_have_count(1)
    withdrawn = Withdraw(by=applicant("call:17"), at=clock.now(), reason="сам полагодив")
    await storage.handling.carry_out(OTHER, withdrawn, version=None)
    await page.context.set_offline(offline=False)
    await expect(waiting(small)).to_contain_text("Тим часом щось змінилося")
    await looked_at(small, "my-too-late")
    await page.click("button[value=done]")  # in the page of before: the hotline's own says how it stands
    await expect(page.locator("[role=alert]")).to_contain_text("Тим часом щось змінилося")
    assert await acts(storage, "confirm", OTHER) == []
    await page.click("#report-kept li button")
    await expect(page.locator("#report-kept")).to_be_hidden()


@pytest.mark.nightly  # by day without a browser: `test_closings.py`
async def test_how_one_closing_was_said_is_found_and_verified(
    small: Window, server: TestServer, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = small.page
    await small.open(f"/matters/{NUMBER}")
    await page.click("a[href^='/closings?']")
    await expect(page.locator("#found")).to_contain_text(f"№ {NUMBER}")
    await expect(page.locator("#found")).to_contain_text("02.03.2026 14:00")
    await looked_at(small, "closings-found")
    digest = await page.get_attribute("#found a", "href")
    told = await page.locator("code", has_text="hotline closings verify").inner_text()
    await page.fill("#number", OTHER)
    await page.press("#number", "Enter")
    await expect(page.locator("#found")).to_contain_text("У зведеннях немає закриття цього звернення")
    await page.goto(str(server.make_url(str(digest))))
    await expect(page.locator("body")).to_contain_text(NUMBER)
    program, *command, address = told.split()
    assert (program, address.endswith("/closings")) == ("hotline", True)
    here = [*command, str(server.make_url("/closings")), "--head", str(published / "head.json")]
    assert await asyncio.to_thread(main, here) == 0
    assert "Ланцюг цілий" in capsys.readouterr().out
