"""The pages of surveys in a real Chromium: accessible in every size, a new version made by keyboard alone."""

import pytest

from cti_server.surveys.forms import PATH
from hotline.access.permissions import Role
from hotline.surveys.forms import COMPLETION
from storage.store import Storage
from tests.cti_server.surveys.conftest import City
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def signed_in(window: Window, city: City, numbers: list[str]) -> Window:
    assert city
    assert numbers
    await window.sign_in(Role.HEAD.value)
    return window


async def test_surveys_on_every_screen(signed_in: Window) -> None:
    for name, path in (
        ("surveys-results", "/surveys/results"),
        ("surveys-list", "/surveys/results/list?group=confirmed"),
        ("surveys-forms", PATH),
        ("surveys-edit", f"{PATH}/edit"),
    ):
        await signed_in.look(path, name)


async def test_a_new_version_is_made_by_keyboard_and_what_is_wrong_is_told(
    signed_in: Window, storage: Storage
) -> None:
    page = signed_in.page
    await signed_in.open(f"{PATH}/edit")
    await page.focus("[id='4-uk']")
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")
    await page.focus("button[value=save]:not(.visually-hidden)")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#question-5 .survey-flaws")
    await signed_in.look_here(f"{PATH}/edit", "surveys-flaws")
    await page.focus("[id='4-uk']")
    await page.keyboard.type("Щиро дякуємо!")
    await page.focus("button[value=save]:not(.visually-hidden)")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/surveys?saved=yes")
    assert (await storage.survey_forms.present(COMPLETION)).form.questions[4].uk == "Щиро дякуємо!"
    signed_in.complaints = [line for line in signed_in.complaints if "status of 422" not in line]
