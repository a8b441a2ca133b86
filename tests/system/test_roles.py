"""The hotline as processes by role: one has the telephone, others serve the pages, and one of these dies."""

import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from hotline.calls.call import Outcome, Step
from hotline.city.addresses import demo_streets
from service.node.local_node import free_ports
from telephony.phone.sound import tone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.desk_browser import PATIENT
from tests.system.forked import FORGE, Forked
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher
from tests.system.severable import Severable, severable
from tests.system.test_event_stream import HEADERS, token, told_until
from tests.system.test_registration import HOME, fill_in, registered
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

__all__ = ["cluster", "migrated_postgres", "token"]
pytestmark = pytest.mark.system

TELEPHONY = "telephony,scheduler,media"
CONNECTED = "asterisk connected"
REGISTERED = "endpoint=web-201 reachable=True"
MARIA, IVAN = "+380457900001", "+380457900003"
_WATCH = """
window.seen = [];
const note = (what) => window.seen.includes(what) || window.seen.push(what);
document.addEventListener("softphone:ringing", () => note("ring"));
new MutationObserver(() => {
  const call = document.getElementById("pop")?.dataset.call;
  if (call) note(call);
}).observe(document, {subtree: true, childList: true, attributes: true});
"""


@dataclass(kw_only=True)
class ByRole:
    """A hotline whose pages two processes serve; `front` leads browsers to one of them."""

    hotline: Hotline
    pages: dict[int, Forked]
    """By port."""
    front: Severable

    @property
    def others_port(self) -> int:
        return next(port for port in self.pages if port != self.front.target)

    async def start_telephony(self) -> None:
        hotline = self.hotline
        before = self._connections()
        hotline.service = await serve(hotline.node.environ, hotline.log, TELEPHONY)
        await hotline.until(lambda: self._connections() > before)
        await hotline.until(self._ready)

    async def _ready(self) -> bool:
        """Whether calls are served, as the pages in front say."""
        async with aiohttp.ClientSession() as session:
            try:
                answer = await session.get(f"http://127.0.0.1:{self.front.port}/health/ready")
            except aiohttp.ClientError:
                return False
            return answer.status == 200

    def _connections(self) -> int:
        """How often the telephone's processes were connected with Asterisk."""
        log = self.hotline.log
        return log.read_text("utf-8").count(CONNECTED) if log.exists() else 0

    async def end_pages_in_front(self, by: signal.Signals) -> int:
        """End the process whose pages the desks have, at this port; who comes again is led to the other."""
        port = self.front.target
        ended = self.pages.pop(port)
        (self.front.target,) = self.pages
        ended.send_signal(by)
        await ended.wait()
        return port

    async def start_pages(self, port: int) -> None:
        environ = {**self.hotline.node.environ, "HOTLINE_HTTP_PORT": str(port)}
        self.pages[port] = await serve(environ, self.hotline.log.with_name(f"web-{port}.log"), "web")


async def serve(environ: Mapping[str, str], log: Path, roles: str) -> Forked:
    return await FORGE.run("service", "serve", "--role", roles, environ=environ, printed=log, logged=log)


@asynccontextmanager
async def by_role(hotline: Hotline) -> AsyncIterator[ByRole]:
    with free_ports(2) as free:
        another = next(port for port in free if port != hotline.settings.http_port)
    async with severable(another) as front:
        one = ByRole(hotline=hotline, pages={}, front=front)
        try:
            for port in (hotline.settings.http_port, another):
                await one.start_pages(port)
            await one.start_telephony()
            yield one
        finally:
            for process in one.pages.values():
                process.kill()
                await process.wait()


@pytest.fixture
async def hotline(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Hotline]:
    cluster.sql("CREATE DATABASE by_role TEMPLATE hotline")
    url = cluster.url("by_role")
    try:
        async with running_hotline(tmp_path, service=False, HOTLINE_DATABASE_URL=url, **PATIENT) as one:
            yield one
    finally:
        cluster.sql("DROP DATABASE by_role WITH (FORCE)")


async def registered_again(hotline: Hotline, *, times: int) -> None:
    """Wait until the desk's phone has registered so often."""
    await hotline.until(lambda: hotline.log.read_text("utf-8").count(REGISTERED) >= times)


@asynccontextmanager
async def told_by(port: int) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """The stream of events of the process at this port, for another system."""
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.ws_connect(f"http://127.0.0.1:{port}/api/v1/events") as opened,
    ):
        await told_until(opened, "hello")
        yield opened


async def in_talk(desk: WebDesk, number: str) -> None:
    """Somebody calls, is shown before the phone rings, and is answered by its key."""
    await desk.page.evaluate("window.seen = []")
    citizen = await asks_for_a_dispatcher(desk.hotline, number, tone(CITIZEN))
    await desk.call_is("ringing")
    call, *_ = await desk.hotline.storage.calls.recent(1)
    assert await desk.page.evaluate("window.seen") == [call.id, "ring"]
    await desk.press("F2")
    await desk.call_is("talking")
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)


@pytest.mark.nightly  # by day in tests/service/processes, without a telephone and a browser
@pytest.mark.usefixtures("token")
async def test_a_desk_works_over_two_processes_and_outlives_the_one_that_serves_its_pages(
    hotline: Hotline,
) -> None:
    await hotline.storage.streets.add(demo_streets())
    await hotline.storage.citizens.add("Марія Демченко", HOME, [MARIA])
    await add_dispatcher(hotline, "201")
    async with (
        by_role(hotline) as roles,
        told_by(roles.others_port) as told,
        web_browser(hotline, "201", FIRST, path="/desk", port=roles.front.port, script=_WATCH) as desk,
    ):
        page = desk.page
        await desk.press("Shift+F9")
        await page.wait_for_selector("[data-presence=ready]")
        await in_talk(desk, MARIA)
        await page.wait_for_selector("article.desk-card >> text=Марія Демченко")
        await fill_in(page)
        appeal = await registered(hotline, page)
        heard = await told_until(told, "appeal.registered")
        assert {"call.arrived", "call.offered", "call.answered"} <= {one["type"] for one in heard}

        ended = await roles.end_pages_in_front(signal.SIGTERM)

        await registered_again(hotline, times=2)
        await page.wait_for_selector("#desk-offline", state="hidden")
        await desk.shows("ready")
        await desk.call_is("talking")
        await desk.hears(CITIZEN)
        await page.wait_for_selector("article.desk-card >> text=Марія Демченко")
        await desk.press("F4")
        first = await hotline.ended_call()
        assert (first.outcome, appeal.call_id) == (Outcome.TALKED, first.id)
        assert (await hotline.steps(first.id)).count(Step.TALK_STARTED) == 1

        await roles.start_pages(ended)
        await in_talk(desk, IVAN)
        await roles.end_pages_in_front(signal.SIGKILL)
        await registered_again(hotline, times=3)
        await desk.call_is("talking")
        await desk.hears(CITIZEN)
        await hotline.kill_service()
        await roles.start_telephony()
        await desk.hears(CITIZEN)
        await expect(page.locator("[data-softphone]")).to_have_attribute("data-call", "talking")
        await desk.press("F4")

        async def both_ended() -> bool:
            return all(call.ended_at is not None for call in await hotline.calls())

        await hotline.until(both_ended)
        assert [call.outcome for call in await hotline.calls()] == [Outcome.TALKED] * 2
