"""The pages that bring registers in, in a real Chromium: axe, both themes, three sizes; by the script."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from hotline.access.permissions import Role
from service.intake.imports import Imports
from tests.cti_server.admin.test_imports import PEOPLE, app, imports
from tests.cti_server.conftest import Person
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["app", "imports", "window"]


@pytest.mark.nightly  # by day without a browser: `test_imports.py`
async def test_a_file_is_brought_in_on_every_screen(
    window: Window, head: Person, imports: Imports, tmp_path: Path
) -> None:
    file = tmp_path / "люди.csv"
    file.write_text(PEOPLE * 3, encoding="cp1251")
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/admin/imports")
    await page.select_option("#kind", "citizens")
    await page.set_input_files("#file", file)
    await page.click("#imports form button")
    await page.wait_for_url("**/admin/imports/1")
    await window.look("/admin/imports/1", "import-checked")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.click("form[action$='/begin'] button")
    work = asyncio.create_task(imports.keep())
    await page.wait_for_selector("text=Виконано")
    await window.look("/admin/imports/1", "import-done", nightly=True)
    await window.look("/admin/imports", "imports")
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


@pytest.mark.nightly
async def test_a_file_that_cannot_be_taken_is_refused_on_the_page(
    window: Window, head: Person, tmp_path: Path
) -> None:
    file = tmp_path / "old.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0")
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/admin/imports")
    await page.select_option("#kind", "appeals")
    await page.set_input_files("#file", file)
    await page.click("#imports form button")
    await page.wait_for_selector("#imports [role=alert]")
    assert await page.input_value("#kind") == "appeals"
