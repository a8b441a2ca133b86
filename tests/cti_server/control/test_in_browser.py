"""What waits for a person, and control, in a real Chromium: axe, both themes, every size."""

import pytest

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Escalate
from hotline.appeals.acts.routing import HandBack
from hotline.appeals.appeal import AppealState
from hotline.city.classifier import Urgency
from tests.cti_server.appeals.card.conftest import Road
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.conftest import Person
from tests.cti_server.outages.alerts.conftest import raised
from tests.cti_server.test_in_browser import Window

from .test_overview import city, closed_on_a_record, entered

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_control_on_every_screen(window: Window, head: Person, road: Road) -> None:
    await city(road)
    late = await road.to(AppealState.ASSIGNED, number=9)
    await road.do(late, Escalate(by=SERVICE, at=road.clock.now(), kind="overdue", key="overdue:1"))
    await entered(road)
    await raised(road.storage, road.clock)
    road.clock.pass_(minutes=31)
    await window.sign_in(Role.HEAD.value)
    await window.look("/control", "control")
    await closed_on_a_record(road, number=10)
    await window.look("/control/closings?month=2026-03", "closings")


async def test_what_waits_on_every_screen(window: Window, olena: Person, road: Road) -> None:
    await road.to(AppealState.ASSIGNED, number=2, urgency=Urgency.EMERGENCY)
    back = await road.to(AppealState.ASSIGNED, number=3)
    await road.do(back, HandBack(by=road.executor, at=road.clock.now(), reason="Це мережі водоканалу"))
    await road.to(AppealState.DONE, number=4)
    await raised(road.storage, road.clock)
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/todo", "todo")
    await window.look("/todo?wait=unrouted&q=теплотраса", "todo-none", nightly=True)
    page = window.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await window.open("/todo")
    first = await page.locator(".todo-one").first.bounding_box()
    assert first is not None
    assert first["y"] < 600, "what waits begins on the first screen of a telephone"
    await page.focus("#q")
    await page.keyboard.type("2600003")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/todo?q=2600003")
    await page.focus("#q")
    await page.keyboard.press("ArrowDown")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "/appeals/2600003"
    await window.open("/todo")
    await page.focus("#wait-unaccepted ~ ul a >> nth=0")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/appeals/2600002")
