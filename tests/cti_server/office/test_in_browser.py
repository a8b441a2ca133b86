"""The office in a real Chromium: its pages in all sizes and themes, with a file added by hand."""

from datetime import datetime

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.office.acts import ActKind
from hotline.office.files import FileContent, Keeping
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.quality.test_in_browser import wide, window

pytestmark = pytest.mark.system


async def test_the_heads_pages_of_the_office(
    server: TestServer, users: dict[Role, User], storage: Storage, clock: MovedClock
) -> None:
    clock.moment = datetime(2028, 1, 3, 9, tzinfo=KYIV)
    head, at, plans = users[Role.HEAD].id, clock.now(), storage.file_plans
    await plans.begin(2026, head, at)
    content = FileContent(index="05-12", title="Листування", keeping=Keeping.YEARS, years=1, article="ст. 22")
    one = await plans.add(2026, content, head, at)
    plan = await plans.plan(2026)
    await plans.approve(
        2026, plan.version, approver="Міський голова", number="1-р", dated=at.date(), user_id=head, at=at
    )
    await plans.close_year(2026, at.date())
    await plans.begin(2027, head, at)
    async with window(server, "head") as seen:
        page = seen.page
        await seen.open("/office/2027")
        await page.get_by_label("Індекс").fill("05-13")
        await page.get_by_label("Заголовок справи").fill("Журнал інструктажів диспетчерів з охорони праці")
        await page.get_by_label("Скільки років").fill("10")
        await page.get_by_role("button", name="Додати справу").click()
        await expect(page.get_by_text("Збережено.")).to_be_visible()
        await seen.look_here("/office/2027", "office-plan")
        await seen.look("/office/files/3", "office-file")
        await wide(seen)
        await seen.look("/office/acts/new?kind=destroy", "office-compose")
        act = await storage.office_acts.compose(
            ActKind.DESTROY, [one.id], "1", at.date(), user_id=head, at=at
        )
        await seen.look(f"/office/acts/{act.id}", "office-act")
        await seen.look("/office", "office")
        await seen.look("/office/journals/handovers", "office-journal")
