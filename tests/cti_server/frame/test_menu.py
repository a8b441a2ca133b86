"""The menu: whatever a role may open is in it, and what does not fit into one line is folded in."""

import re
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from cti_server.application import application
from cti_server.auth.access import allowed
from cti_server.frame.pages import SECTIONS, Pages, render
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.conftest import KYIV, Person, SetBoard, change
from tests.cti_server.test_in_browser import Window, opened_window
from tests.system.browser import violations


@allowed()
async def empty(request: web.Request) -> web.Response:
    """A page that has a menu, and nothing else."""
    return render(request, "frame/problem.html.jinja2", status=200, title="—", text="—")


@pytest.fixture
def app(board: SetBoard, accounts: Accounts) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    there = {resource.canonical for resource in made.router.resources()}
    for address in {one[0] for one in SECTIONS} - there:
        made.router.add_get(address, empty)
    return made


def menu_of(page: str) -> str:
    return page[page.index("<nav") : page.index("</nav>")]


@pytest.mark.parametrize("role", [*Role])
async def test_whatever_a_role_may_open_is_in_its_menu(
    person: Person, users: Mapping[Role, User], role: Role
) -> None:
    await person.enter(role.value)
    menu = menu_of(await person.text("/account"))
    wanted = {one[0] for one in SECTIONS if users[role].may(one[2])}
    assert sorted(re.findall(r'href="([^"]+)"', menu)) == sorted(wanted)
    assert menu.count("<details") == {Role.EXECUTOR: 0, Role.HEAD: 3}.get(role, 2)


@pytest.mark.usefixtures("users")
async def test_the_part_that_one_is_in_is_marked_also_while_it_is_folded(person: Person) -> None:
    await person.enter(Role.HEAD.value)
    menu = menu_of(await person.text("/rules"))
    assert re.search(r'<summary class="nav-link active fw-bold">Налаштування<', menu)
    assert re.search(r'href="/rules" aria-current="page">Правила<', menu)
    assert menu.count("active") == 2


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server) as one:
        yield one


@pytest.mark.system
async def test_the_heads_menu_takes_one_line_and_opens_by_keyboard(
    window: Window, users: Mapping[Role, User], accounts: Accounts, storage: Storage
) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.look("/calls", "menu", nightly=True)
    name = "document.querySelector('.user-name span')"
    await change(accounts, users[Role.HEAD], name="Оксана Диспетчер")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.open("/calls")
    assert await page.evaluate(f"{name}.scrollWidth <= {name}.clientWidth")
    desk = await storage.dispatchers.add("201", "Ганна", "secret", frozenset())
    await change(
        accounts, users[Role.HEAD], dispatcher_id=desk.id, name="Світлана Володимирівна Начальницька"
    )
    await window.open("/desk")
    for width, height in ((1366, 768), (1920, 1080)):
        await page.set_viewport_size({"width": width, "height": height})
        tall = await page.evaluate("document.querySelector('header').offsetHeight")
        line = await page.evaluate("document.querySelector('header nav li').offsetHeight")
        await window.keep(f"menu-longest-{width}.png")
        assert tall < 2 * line
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for theme in ("light", "dark"):
        await page.click(f"button[name=theme][value={theme}]")
        await page.set_viewport_size({"width": 1366, "height": 768})
        settings = page.locator("summary", has_text="Налаштування")
        await settings.focus()
        await page.keyboard.press("Enter")
        rules = page.locator("nav a[href='/rules']")
        await expect(rules).to_be_visible()
        assert await violations(page, whole=True) == []
        await window.keep(f"menu-open-{theme}.png")
        await page.keyboard.press("Tab")
        await expect(rules).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(rules).to_be_hidden()
        await expect(settings).to_be_focused()
    await page.keyboard.press("Enter")
    await page.click("summary:has-text('Мешканцям')")
    await expect(rules).to_be_hidden()
    await page.set_viewport_size({"width": 320, "height": 640})
    await settings.click()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await violations(page, whole=True) == []
    await window.keep("menu-open-320.png")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/rules")
