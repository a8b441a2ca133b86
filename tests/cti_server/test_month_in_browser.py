"""A month of the centre in a real Chromium: roster, calls, appeals, an order, a camera, papers add up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import expect

from cti_server.keys import Accounts
from hotline.access.bodies import Body
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.classifier import Urgency
from hotline.line.presence_states import Presence
from hotline.reports.papers import ShiftCounts
from hotline.tasks.parties import user_party
from storage.store import Storage
from tests.cti_server.calls.conftest import call
from tests.cti_server.cameras import conftest as watched
from tests.cti_server.cameras.conftest import Watched
from tests.cti_server.cameras.test_in_browser import drawn
from tests.cti_server.conftest import MovedClock, SetBoard, change
from tests.cti_server.test_in_browser import Window, window
from tests.cti_server.whole import whole_application
from tests.storage.conftest import NOON
from tests.storage.enterprise import found

pytestmark = pytest.mark.system
__all__ = ["window"]
cameras, fake = watched.cameras, watched.fake
SEEN = "2600004"
"""The number of what a camera showed: two_days enters three before it."""
TASKS = (1, 2, 3)
"""An instruction and the points of the order."""
POINTS = ("Обстежити береги", "Підготувати мішки з піском")
DAY = 24 * 60
CALLS, RECEIVED = "calls", "received"


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path)


async def press(window: Window, selector: str) -> None:
    """Press it, and wait for the page that says what was done."""
    await window.page.click(selector)
    await window.page.wait_for_selector("#noted")


async def say(window: Window, event: str, words: str) -> None:
    """Open the act of the task, and carry it out with these words."""
    await window.page.click(f"details:has(form[action$='/{event}']) > summary")
    await window.page.fill(f"#{event}-said", words)
    await press(window, f"form[action$='/{event}'] button")


async def paper(window: Window, kind: str, day: str) -> Mapping[str, str]:
    """Have the paper made by hand; what it says of each measure."""
    await window.open("/reports")
    await window.page.select_option("#make select", kind)
    await window.page.fill("#make input[data-date]", day)
    await press(window, "#make button")
    script = """() => [...document.querySelectorAll('a[href^="/reports/build?"]')].map(one => [
        new URL(one.href).searchParams.get('measure'), one.closest('tr').children[1].innerText.trim()])"""
    return dict(await window.page.evaluate(script))


async def rows(window: Window, measure: str, first: str, last: str) -> int:
    """Count the rows beneath a figure of these days."""
    days = f"measure={measure}&by=none&period=days&from={first}&to={last}"
    await window.open(f"/reports/build/rows?{days}")
    return await window.page.locator("tbody th[scope=row]").count()


async def two_days(storage: Storage) -> None:
    """Three calls, an emergency and an appeal on the first day, two calls and an appeal on the second."""
    city = await found(storage)
    for number, minutes in enumerate((0, 5, 10, DAY, DAY + 5)):
        await call(storage, f"c{number}", minutes=minutes)
    await city.enter(urgency=Urgency.EMERGENCY)
    await city.enter()
    await city.enter(registered_at=NOON + timedelta(days=1))


async def order_of_the_mayor(window: Window, points: Sequence[str], responsible: str) -> None:
    """Enter it, and give its points as tasks from its page."""
    await window.open("/tasks/orders")
    for field, text in (("number", "12-р"), ("dated", "02.03.2026"), ("title", "Про підготовку до паводку")):
        await window.page.fill(f"#{field}", text)
    await press(window, "main form button.btn-primary")
    for point in points:
        await window.open("/tasks/orders/1")
        await window.page.click("text=Дати пункт як завдання")
        await window.page.fill("#text", point)
        await window.page.select_option("#responsible", responsible)
        await window.page.fill("#due", "03.03.2026 18:00")
        await press(window, "main form button.btn-primary")


async def accept_and_report(window: Window, tasks: Sequence[int]) -> None:
    for task in tasks:
        await window.open(f"/tasks/{task}")
        await press(window, "form[action$='/accept'] button")
        await say(window, "report", "Сухо")


async def take_off(window: Window, tasks: Sequence[int]) -> None:
    for task in tasks:
        await window.open(f"/tasks/{task}")
        await say(window, "take-off", "Прийнято")


async def points_off_control(window: Window) -> tuple[int, int]:
    """Count them on the page of the order, and on the list of tasks."""
    await window.open("/tasks/orders/1")
    on_its_page = await window.page.locator(".mark", has_text="Знято з контролю").count()
    await window.open("/tasks?part=ended&kind=mayor")
    return on_its_page, await window.page.locator("tbody tr").count()


async def gas_seen_on_a_camera(window: Window, camera_id: int) -> None:
    """Keep the picture and hand the incident over, in two keys."""
    await window.open(f"/cameras/{camera_id}")
    await drawn(window.page, camera_id)
    await window.page.keyboard.press("Enter")
    gas = window.page.locator("[data-kind-key]", has_text="Запах газу")
    await window.page.keyboard.press(await gas.get_attribute("data-kind-key") or "")
    await expect(window.page.locator("#incident-title")).to_have_text("Передано")


async def read_by_the_mayor(window: Window, paper_id: int) -> str:
    """Give what the mayor reads of the paper, from their first page on."""
    await window.sign_in(Role.OBSERVER.value)
    await window.open("/city")
    await window.page.click(f"a[href='/reports/papers/{paper_id}']")
    return await window.page.inner_text("main")


@pytest.mark.nightly
async def test_a_month_of_the_centre_adds_up(  # noqa: PLR0917 - all that a month needs
    window: Window,
    storage: Storage,
    users: Mapping[Role, User],
    accounts: Accounts,
    clock: MovedClock,
    cameras: Watched,
) -> None:
    page = window.page
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    olena = await change(accounts, users[Role.DISPATCHER], name="Олена", dispatcher_id=desk.id)
    await window.sign_in("head")
    await window.open("/shifts")
    await page.fill(f"#s{olena.id}-0", "14-20")
    await press(window, "button[value=publish]")
    await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())

    await two_days(storage)
    await window.open("/tasks/new")
    await page.fill("#text", "Перевірити підвал на Київському, 7")
    await page.select_option("#responsible", user_party(olena.id))
    await page.fill("#due", "03.03.2026 18:00")
    await press(window, "main form button.btn-primary")
    await order_of_the_mayor(window, POINTS, user_party(olena.id))
    clock.pass_(hours=5, minutes=50)
    await window.sign_in(olena.login)
    await gas_seen_on_a_camera(window, cameras.square.id)
    await accept_and_report(window, TASKS)
    await window.open("/shifts/handovers")
    await page.click("text=Передати зміну")
    await expect(page.locator(".handover-items").first.locator("li")).to_have_count(2)  # both emergencies
    await page.fill("#remarks", "Підвал сухий, аварія за диспетчерською Тепломереж.")
    await press(window, "text=Підписати й передати")
    clock.pass_(minutes=10)
    await storage.dispatchers.set_presence(desk.id, Presence.AWAY, clock.now())

    clock.pass_(days=30)
    await window.sign_in("head")
    await take_off(window, TASKS)
    assert await points_off_control(window) == (len(POINTS), len(POINTS))
    days = [await paper(window, "day", day) for day in ("02.03.2026", "03.03.2026")]
    month = await paper(window, "month", "15.03.2026")
    told = {measure: [int(one[measure]) for one in (*days, month)] for measure in (CALLS, RECEIVED)}
    assert told == {CALLS: [3, 2, 5], RECEIVED: [3, 1, 4]}
    for measure, (first, second, whole) in told.items():
        assert await rows(window, measure, "2026-03-02", "2026-03-02") == first
        assert await rows(window, measure, "2026-03-03", "2026-03-03") == second
        assert await rows(window, measure, "2026-03-01", "2026-03-31") == whole
    (incident,) = await storage.incidents.between(NOON - timedelta(days=1), clock.now())
    assert incident.still.number == SEEN, "it is among what was received"
    (latest,) = await storage.papers.list(None, limit=1)
    content = (await storage.papers.get(latest.id)).content
    assert content.shifts == ShiftCounts(planned=1, on_time=1, late=0, absent=0, left_early=0)
    assert content.overdue_in_all == int(month["overdue"]) == len(content.overdue)

    await window.open(f"/reports/papers/{latest.id}")
    await press(window, "form[action$='/sign'] button")
    await change(accounts, users[Role.OBSERVER], body=Body.MAYOR, sees_people=False)
    text = await read_by_the_mayor(window, latest.id)
    assert "Зміни диспетчерів" in text
    for personal in ("Демченко", "123 45 67", "Олена"):
        assert personal not in text
