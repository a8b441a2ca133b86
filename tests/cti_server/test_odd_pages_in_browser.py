"""The pages that nobody plans to see, in a real Chromium: refusals, errors, the code, a new password."""

import re
from collections.abc import Mapping

import pyotp
import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.auth.access import public
from cti_server.explain import EXPLAINED
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, SetBoard, change
from tests.cti_server.test_in_browser import SIZES, Window, window
from tests.effort import BY_NIGHT
from tests.system.browser import violations

pytestmark = pytest.mark.system
__all__ = ["window"]
SECRET = pyotp.random_base32()


class Refused(web.HTTPException):
    """An answer of any status."""

    def __init__(self, status: int) -> None:
        self.status_code = status
        super().__init__()


@public
async def refuse(request: web.Request) -> web.Response:
    raise Refused(int(request.match_info["status"]))


@pytest.fixture
def app(board: SetBoard, accounts: Accounts) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    made.router.add_get(r"/refused/{status:\d+}", refuse)
    return made


@pytest.mark.usefixtures("users")
async def test_every_refusal_is_a_page_that_says_what_to_do_and_leads_on(window: Window) -> None:
    """All are filled by one template: by day the one with most to say is looked at."""
    longest = max(EXPLAINED, key=lambda status: len("".join(EXPLAINED[status])))
    await window.sign_in(Role.HEAD.value)
    for status in sorted(EXPLAINED) if BY_NIGHT else [longest]:
        await window.look(f"/refused/{status}", f"refused-{status}")
        await window.open(f"/refused/{status}")
        await window.page.keyboard.press("Tab")
        await window.page.locator("main a").focus()
        await window.page.keyboard.press("Enter")
        await window.page.wait_for_url("**/admin/users")
        window.complaints = [line for line in window.complaints if f"status of {status}" not in line]
    for status in EXPLAINED:
        answer = await window.page.request.get(window.page.url.replace("/admin/users", f"/refused/{status}"))
        assert re.search(r"<main.+<h1.+<a [^>]*href=", await answer.text(), re.DOTALL), status


async def test_the_code_is_entered_by_keyboard_and_a_wrong_one_can_be_mended(
    window: Window, users: Mapping[Role, User], accounts: Accounts, clock: MovedClock
) -> None:
    await change(accounts, users[Role.HEAD], totp_secret=SECRET)
    page = window.page
    await window.open("/sign-in")
    await page.fill("#login", Role.HEAD.value)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#code")
    await window.look_here("/sign-in/code", "code")
    await page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    await page.focus("#code")
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#code[aria-invalid=true]:focus")
    assert await violations(page) == []
    await page.keyboard.press("Control+A")
    await page.keyboard.type(pyotp.TOTP(SECRET).at(clock.now()))
    await page.keyboard.press("Enter")
    await page.wait_for_selector("form[action='/sign-out']")


@pytest.mark.nightly
@pytest.mark.usefixtures("users")
async def test_a_password_that_is_changed_wrongly_is_explained_at_its_field(window: Window) -> None:
    page = window.page
    await window.sign_in(Role.DISPATCHER.value)
    await window.open("/account")
    await page.focus("#current")
    for text in ("not mine", "a new one that is long", "another"):
        await page.keyboard.type(text)
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[aria-invalid=true]:focus")
    await window.look_here("/account/password", "password-faults")


@pytest.mark.nightly
@pytest.mark.usefixtures("users")
async def test_a_new_password_is_shown_once_on_every_screen(window: Window) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/admin/users/new")
    await page.fill("#login", "oksana")
    await page.fill("#name", "Оксана")
    await page.focus("#name")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#password-text")
    await window.look_here("/admin/users/new", "password-new")
