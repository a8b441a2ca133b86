"""Memos in a real Chromium: every size, both themes, axe."""

import pytest

from tests.cti_server.conftest import Person
from tests.cti_server.memos.test_memos import DRAFT, PAGE, SENT
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_a_memo_is_written_sent_and_answered(window: Window, head: Person) -> None:
    page = window.page
    await head.post("/memos", DRAFT)
    await window.sign_in("head")
    await window.look(PAGE, "memo-draft")
    await head.post(f"{PAGE}/send", SENT)
    await window.look(PAGE, "memo-sent", nightly=True)
    await page.fill("#answer", "Немає коштів")
    await page.click("text=Відхилено")
    await page.wait_for_selector("#noted")
    await window.look("/memos", "memos")
