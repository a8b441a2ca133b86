"""From a bare state to a new city's answered call: `hotline up`, one code, and the set-up in a browser."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hotline.voice.speech import Language
from ivr_flows import prompts
from service.node import local_node
from service.node.welcome import ready
from service.settings.settings import Settings, read_settings
from storage.store import open_storage
from tests.system.browser import open_browser
from tests.system.forked import Forked
from tests.system.hotline import Hotline
from tests.system.invariants import hold
from tests.system.node import Node
from tests.system.spoken import PRIVATE_ROOT

MOST_SECONDS = 15 * 60
"""From nothing to the answered call: what is promised."""
pytestmark = [pytest.mark.system, pytest.mark.nightly, pytest.mark.timeout(MOST_SECONDS + 60)]

PATIENCE_MS = 120_000
"""A start brings Asterisk along, and a voice reads some hundred phrases on a machine that others use."""
STREETS = "Вулиця;Будинок\nСадова;1\nСадова;2\n;7\nНова;10\n"
NEW_NUMBER = "1551"


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "service", *words]


async def said(environ: Mapping[str, str], *words: str) -> str:
    """Run a command of `hotline` to its end; what it printed."""
    done = await asyncio.to_thread(
        subprocess.run, command(*words), env=dict(environ), capture_output=True, text=True, check=True
    )
    return str(done.stdout)


@asynccontextmanager
async def started(environ: Mapping[str, str], settings: Settings, log: Path) -> AsyncIterator[Node]:
    """`hotline up` until the block ends, writing no terminal but a file."""
    with log.open("ab") as written:
        printed = written.fileno()
        async with local_node.child(
            command("up"), environ=environ, stdout=printed, stderr=printed
        ) as process:
            await ready(f"http://{settings.http_host}:{settings.http_port}/health/ready")
            yield Node(settings=settings, environ=dict(environ), process=process)


async def name_the_city(page: Page) -> None:
    await page.click("#step-city a")
    await page.fill("[name=name]", "Вишневе")
    await page.fill("[name=whose]", "міста Вишневого")
    await page.fill("[name=en]", "Vyshneve")
    await page.fill("[name=organisation]", "Виконавчий комітет Вишневої міської ради")
    await page.click("main form button")
    await page.wait_for_url("**/setup")


async def bring_registers(page: Page, file: Path) -> None:
    await page.click("#step-streets a")
    await page.set_input_files("#file", file)
    await page.click("main form button")
    await expect(page.locator("main")).to_contain_text("Що зрозуміли")
    await expect(page.locator("td").filter(has_text=re.compile("^4$"))).to_be_visible()
    await page.click("main form button")
    await expect(page.locator("#progress")).to_contain_text("Виконано", timeout=PATIENCE_MS)
    await page.click("text=Усі кроки >> nth=0")
    await page.click("#step-enterprises a")
    await page.fill("#typed", "КП «Водоканал»; Диспетчерська; 067 123 45 67")
    await page.click("main form button")
    await expect(page.locator("main")).to_contain_text("Що зрозуміли")
    await page.click("main form button")
    await expect(page.locator("#progress")).to_contain_text("Виконано", timeout=PATIENCE_MS)
    await page.click("text=Усі кроки >> nth=0")


async def say_who_and_when(page: Page) -> None:
    await page.click("#step-holidays a")
    await page.click("main form button")
    await page.click("#step-rules a")
    await page.select_option("#executor", label="КП «Водоканал»")
    await page.click("main form button")
    await page.click("#step-people a")
    for login, role, extension in (("olha", "head", ""), ("taras", "dispatcher", "201")):
        await page.fill("[name=login]", login)
        await page.fill("[name=name]", login.capitalize())
        await page.select_option("#role", role)
        await page.fill("[name=extension]", extension)
        await page.click("form[action$='/people'] button")
        await expect(page.locator("[role=status]").first).to_contain_text(login)
        await expect(page.locator("#password-text")).to_be_visible()
    await page.click("text=Усі кроки >> nth=0")


async def speak_and_call(page: Page) -> None:
    await page.click("#step-voice a")
    await page.click("text=Озвучити фрази")
    await page.click("text=Зупинити")
    await page.click("text=Продовжити")
    await expect(page.locator("main")).to_contain_text("Усе озвучено", timeout=MOST_SECONDS * 1000)
    await page.click("text=Усі кроки >> nth=0")
    await page.click("#step-trial a")
    await page.click("main form button")
    await expect(page.locator("main")).to_contain_text("На дзвінок відповіли", timeout=PATIENCE_MS)
    heard = prompts.WELCOME.written(Language.UKRAINIAN).replace("міста Славутича", "міста Вишневого")
    await expect(page.locator("blockquote")).to_contain_text(heard)


async def test_a_bare_state_becomes_a_city_whose_number_answers(tmp_path: Path) -> None:
    environ = local_node.own_environ(tmp_path, PRIVATE_ROOT, HOTLINE_DEMO="0")
    environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    settings, log = read_settings(environ), tmp_path / "up.log"
    streets = tmp_path / "вулиці.csv"
    streets.write_text(STREETS, encoding="utf-8")
    settings.folders.var.mkdir(mode=0o700)
    await said(environ, "migrate")
    async with asyncio.timeout(MOST_SECONDS), AsyncExitStack() as running, open_browser() as browser:
        await running.enter_async_context(started(environ, settings, log))
        code = (await said(environ, "setup", "code")).strip()
        page = await (await browser.new_context(locale="uk-UA")).new_page()
        address = f"http://{settings.http_host}:{settings.http_port}"
        await page.goto(f"{address}/admin/users")
        assert page.url == f"{address}/setup"
        await page.fill("[name=code]", code)
        await page.click("main form button")
        await name_the_city(page)
        await page.click("#step-number a")
        await page.fill("[name=number]", NEW_NUMBER)
        await page.click("main form button")
        await page.wait_for_url("**/setup", timeout=PATIENCE_MS)
        await bring_registers(page, streets)
        await running.aclose()  # the power fails, and somebody goes on at another browser

        node = await running.enter_async_context(started(environ, settings, log))
        code = (await said(environ, "setup", "code")).strip()
        page = await (await browser.new_context(locale="uk-UA")).new_page()
        await page.goto(address)
        await page.fill("[name=code]", code)
        await page.click("main form button")
        await expect(page.locator("#step-streets")).to_contain_text("зроблено")
        await say_who_and_when(page)
        await speak_and_call(page)
        await page.click("main p a.btn")
        await page.click("form[action$='/finish'] button")
        await page.wait_for_url("**/sign-in")
        answer = await page.goto(f"{address}/setup")
        assert answer is not None
        assert answer.status == 404
        assert code not in log.read_text("utf-8"), "no code is in a log"
        async with open_storage(settings.database_url) as storage, AsyncExitStack() as phones:
            assert [one.name for one in await storage.streets.find("Садова")] == ["Садова"]
            [call] = await storage.calls.recent(1)
            assert call.answered_at is not None
            up = Forked(node.process.pid, asyncio.get_running_loop().create_future())
            hotline = Hotline(node=node, storage=storage, phones=phones, service=up)
            hotline.log = log
            await hold(hotline)
