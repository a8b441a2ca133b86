"""A webhook in a real Chromium: made, tested, seen failing, resumed, sent again, ended."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.scopes import scopes_of
from hotline.access.users import AuditFilter, User
from hotline.contact.channel import Channel
from hotline.webhooks.states import WebhookState
from hotline.webhooks.webhook import given_up_notice
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, SetBoard
from tests.cti_server.test_in_browser import Window, opened_window
from tests.cti_server.whole import whole_application

pytestmark = pytest.mark.system
AT = "https://system.example/hotline"


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path)


@pytest.fixture
async def window(
    server: TestServer, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> AsyncIterator[Window]:
    await storage.tokens.add(
        "hash",
        name="Ситуаційний центр області",
        role=Role.OBSERVER,
        personal=False,
        user_id=users[Role.HEAD].id,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
        scopes=scopes_of(Role.OBSERVER),
    )
    async with opened_window(server, borne=("422",)) as one:
        yield one


async def test_a_webhook_from_its_making_to_its_end(
    window: Window, storage: Storage, clock: MovedClock, accounts: Accounts
) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/admin/webhooks")
    await page.select_option("#token", label="Ситуаційний центр області")
    await page.fill("#address", "http://system.example/hotline")
    await page.check("[name=event][value='appeal.changed']")
    await page.click("text=Створити вебхук")
    await page.wait_for_selector("#address-note:has-text('https://')")
    await page.fill("#address", AT)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#secret-text")
    (hook,) = await storage.webhooks.all()
    assert await page.inner_text("#secret-text") == hook.secret
    await page.click("text=До вебхука")
    await page.click("text=Надіслати пробну подію")
    await page.wait_for_selector("text=Пробну подію надсилаємо")
    (claimed,) = await storage.outbox.claim((Channel.WEBHOOK,), clock.now())
    await storage.outbox.sent(claimed.id, clock.now())
    await storage.webhooks.worked(hook.id, clock.now())
    clock.pass_(hours=1)
    await storage.webhooks.failed(hook.id, clock.now(), "answered 500")
    notice = given_up_notice(hook, "Ситуаційний центр області", "answered 500", clock.now())
    await storage.webhooks.give_up(hook.id, clock.now(), "answered 500", notice)
    await window.look("/admin/webhooks", "webhooks")
    await window.look(f"/admin/webhooks/{hook.id}", "webhook")
    await window.open("/todo?wait=webhooks")
    await page.click(f"#todo-webhook-{hook.id} a")
    await page.click("text=Увімкнути")
    await page.wait_for_selector("text=Вебхук увімкнено")
    assert (await storage.webhooks.get(hook.id)).state is WebhookState.ON
    await page.click("tbody >> text=Надіслати ще раз")
    await page.wait_for_selector("text=Надсилаємо ще раз")
    assert [one.about for one in await storage.webhooks.sent_lately(hook.id)] == ["ping", "ping"]
    await page.fill("#since", "завтра")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#since-note:has-text('12.03.2026')")
    await page.fill("#since", "02.03.2026 10:00")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=Надсилаємо все з того часу")
    assert (await storage.webhooks.get(hook.id)).replays == 1
    await storage.tokens.revoke(hook.token_id, clock.now())
    await window.open("/admin/webhooks")
    await page.wait_for_selector("text=його токен уже не діє")
    await page.click(f"a[href='/admin/webhooks/{hook.id}']")
    await page.click("text=Завершити вебхук")
    await page.wait_for_selector("text=Вебхук завершено")
    assert await storage.webhooks.all() == []
    written = await accounts.audit.find(AuditFilter(subject=f"webhook:{hook.id}"), limit=20)
    assert [one.detail.split(" 2026")[0] for one in written if one.action == "change"] == [
        "end",
        "replay",
        f"again {claimed.id}",
        "resume",
        "ping",
    ]
