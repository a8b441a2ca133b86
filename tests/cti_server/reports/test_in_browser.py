"""The pages of reports in a real Chromium."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from aiohttp.test_utils import TestServer

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.reports.papers import PaperKind
from service.wiring.reports import paper_maker
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.test_in_browser import Window, opened_window

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server) as one:
        yield one


@pytest.fixture(autouse=True)
def city(users: Mapping[Role, User], kept: Sequence[dict[str, object]]) -> None:
    assert users
    assert kept


async def test_reports_on_every_screen(window: Window, storage: Storage, clock: MovedClock) -> None:
    await paper_maker(storage, KYIV, clock).look()
    paper = await storage.papers.latest(PaperKind.MONTH)
    assert paper
    await window.sign_in(Role.HEAD.value)
    await window.look("/reports", "reports")
    await window.look(f"/reports/papers/{paper.id}", "reports-paper")
    await window.look("/reports/plans", "reports-plans")
    await window.look("/reports/rating?from=01.01.2026&to=02.03.2026", "reports-rating")
    await window.look("/reports/build?measure=received&by=topic&period=year", "reports-build")
    await window.look(
        "/reports/build?measure=closed&by=day&period=quarter&drawn=line", "reports-line", nightly=True
    )
    await window.look("/reports/build/rows?measure=received&by=topic&period=year", "reports-rows")
    await window.look("/reports/references", "reports-references")


@pytest.mark.nightly  # by day `test_reports.py`, and `storage/reports/test_papers.py`
async def test_the_head_signs_twice_at_once_and_builds_by_keys(
    window: Window, server: TestServer, storage: Storage, clock: MovedClock
) -> None:
    await paper_maker(storage, KYIV, clock).look()
    paper = await storage.papers.latest(PaperKind.DAY)
    assert paper
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/reports/papers/{paper.id}")
    async with opened_window(server) as other:
        await other.sign_in(Role.HEAD.value)
        await other.open(f"/reports/papers/{paper.id}")
        await window.page.get_by_role("button", name="Підписати звіт").click()
        await window.page.get_by_text("у звіті вже нічого не зміниться").wait_for()
        await other.page.get_by_role("button", name="Підписати звіт").click()
        await other.page.get_by_text("Вас випередили").wait_for()
    assert (await storage.papers.get(paper.id)).signed
    await window.open("/reports/build")
    await window.page.get_by_label("Що саме враховано").select_option("closed")
    await window.page.get_by_role("button", name="Показати").press("Enter")
    await window.page.get_by_role("heading", name="Звернень закрито").wait_for()
    assert window.complaints == []
